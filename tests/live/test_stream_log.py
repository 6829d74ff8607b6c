"""A camera run is told in the log: its start, its end, and what went wrong, under one id."""

import gc
import logging

import numpy as np
import pytest

from asl_core.frame_pipeline import FrameReading, StageTimes
from asl_core.frame_speller import StreamReader
from asl_core.live.stream_log import StreamLog
from asl_core.live.visit import LiveVisit


class Broken:
    """A pipeline that reads nothing."""

    def read(self, frame, timestamp_ms=0):
        raise ZeroDivisionError

    def close(self):
        """Nothing is open."""


class Empty(Broken):
    """A pipeline that sees no hand."""

    def read(self, frame, timestamp_ms=0):
        return FrameReading(64, 48, None, None, None, None, StageTimes(0.0, 0.0, 0.0))


@pytest.fixture
def events(caplog):
    """Return a function that gives what was logged: events and their fields."""
    caplog.set_level(logging.INFO, "asl_core")
    return lambda: [(record.getMessage(), record.event_fields) for record in caplog.records]


@pytest.fixture
def visit():
    return LiveVisit(lambda _: StreamReader(Broken()), 0.5)


FRAME = np.zeros((48, 64, 3), np.uint8)


def test_start_error_and_end_carry_the_id_of_the_visit(visit, events):
    for _ in range(3):
        visit.on_frame(FRAME, "video")
    visit.end_stream()
    visit.end_stream()
    told = events()
    assert [name for name, _ in told] == ["stream_started", "frame_error", "stream_stopped"]
    assert len({fields["visit"] for _, fields in told}) == 1
    assert {fields["source"] for _, fields in told} == {"video"}
    assert told[-1][1]["frames"] == 0
    assert told[-1][1]["seconds"] >= 0


def test_a_second_run_of_a_visit_has_the_same_id_and_another_visit_has_its_own(visit, events):
    other = LiveVisit(lambda _: StreamReader(Broken()), 0.5)
    for each in (visit, visit, other):
        each.on_frame(FRAME, "video")
        each.end_stream()
    ids = [fields["visit"] for name, fields in events() if name == "stream_started"]
    assert ids[0] == ids[1] != ids[2]


def test_a_visit_that_is_dropped_has_an_end_too(events):
    visit = LiveVisit(lambda _: StreamReader(Empty()), 0.5)
    visit.on_frame(FRAME, "video")
    del visit
    gc.collect()
    name, fields = events()[-1]
    assert (name, fields["frames"]) == ("stream_stopped", 1)


def test_frames_are_counted_and_the_end_is_told_once(events):
    log = StreamLog("ab", "pictures")
    log.frames += 2
    log.stopped()
    log.stopped()
    stopped = [fields for name, fields in events() if name == "stream_stopped"]
    assert [(fields["visit"], fields["frames"]) for fields in stopped] == [("ab", 2)]
