import gc
from types import SimpleNamespace

import psutil
import pytest

from asl_core.live.snapshot import LiveTimes
from pages.panels.frame.server_figures import STAGES, LiveVisits, memory_mb, summed_up


def camera(fps, dropped=0, error=None, **ms):
    return SimpleNamespace(fps=fps, ms=LiveTimes(**ms), dropped=dropped, error=error)


class Visit:
    def __init__(self, snapshot):
        self._snapshot = snapshot

    def snapshot(self):
        return self._snapshot


def test_stages_are_weighted_by_frames():
    figures = summed_up([camera(30, 2, detect=10), camera(10, 3, detect=20), camera(0, detect=99)])
    assert (figures.visitors, figures.frames_per_second, figures.dropped) == (3, 40, 5)
    assert figures.stage_ms["detect"] == pytest.approx(12.5)
    assert tuple(figures.stage_ms) == STAGES
    assert figures.troubled == 0


def test_visitors_who_are_shown_a_trouble_are_counted():
    assert summed_up([camera(30), camera(0, error="A frame could not be read.")]).troubled == 1


def test_without_cameras_all_is_zero():
    figures = summed_up([])
    assert (figures.visitors, figures.frames_per_second, figures.stage_ms) == (0, 0, {})


def test_a_visit_counts_while_its_camera_is_open_and_somebody_holds_it():
    visits = LiveVisits()
    held, closed = Visit(camera(25)), Visit(None)
    visits.add(held)
    visits.add(held)
    visits.add(closed)
    assert visits.figures().visitors == 1
    del held
    gc.collect()
    assert visits.figures().visitors == 0


def test_memory_is_that_of_this_process():
    held = bytearray(80 * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    expected = psutil.Process().memory_info().rss / 2**20
    assert memory_mb() == pytest.approx(expected, rel=0.05)
