from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.frame_speller import INTERRUPTION_S, FrameSpeller, StreamReader
from asl_core.letters.motion.letter import MotionLetter
from asl_core.spelling.speller import Speller

STEP_S = 1 / 30


def colour(red: int) -> np.ndarray:
    frame = np.zeros((40, 80, 3), np.uint8)
    frame[..., 0] = red
    return frame


class FakeMotion:
    """Reads a Z at one time, and keeps what it was given."""

    def __init__(self, z_at_s: float = np.inf) -> None:
        self.given: list[tuple[object, ...]] = []
        self.resets, self.z_at_s, self.is_tracing = 0, z_at_s, False

    def update(self, time_s, points, is_left):
        self.given.append((time_s, None if points is None else points.shape, is_left))
        if time_s < self.z_at_s:
            return None
        self.z_at_s = np.inf
        return MotionLetter("Z", time_s - 0.5, time_s, 0.97)

    def reset(self):
        self.resets += 1


def speller_of(pipeline, motion=None):
    return FrameSpeller(pipeline, Speller(rejection_threshold=0.3), motion)


def read_for(frame_speller, red, start_s, seconds):
    times = np.arange(start_s, start_s + seconds, STEP_S)
    for time_s in times:
        frame_speller.read(colour(red), float(time_s))
    return float(times[-1]) + STEP_S


def test_a_letter_held_for_the_hold_time_is_committed(colour_pipeline):
    spelling = speller_of(colour_pipeline)
    read_for(spelling, 100, 7.0, 0.5)
    assert spelling.speller.transcript.text == ""
    assert 0.3 < spelling.speller.state.progress < 1
    read_for(spelling, 100, 7.5, 1.0)
    assert spelling.speller.transcript.text == "A"
    letter = spelling.speller.transcript.letters[0]
    assert 7.0 <= letter.start_s < 7.3
    assert letter.end_s - letter.start_s == pytest.approx(0.8, abs=0.1)


def test_read_gives_what_the_frame_showed(colour_pipeline):
    reading = speller_of(colour_pipeline).read(colour(150), 1.0)
    assert reading.prediction.best.label == "A"
    assert (reading.width, reading.height) == (80, 40)


def test_a_stream_alone_spells_nothing_and_tells_what_spelling_needs(colour_pipeline):
    stream, speller = StreamReader(colour_pipeline), Speller(0.3)
    sightings = [stream.read(colour(100), i * STEP_S) for i in range(60)]
    observation = sightings[0].observation
    assert observation.points.shape == (21, 3)
    assert observation.points[0, :2] == pytest.approx([20, 10])
    assert observation.is_left
    committed = [letter for s in sightings for letter in speller.observe(s.observation)]
    assert [letter.letter for letter in committed] == ["A"]


def test_only_the_first_frame_after_an_interruption_says_so(colour_pipeline):
    stream = StreamReader(colour_pipeline)
    times = (0.0, 1.0, 3.5, 3.6)
    resumed = [stream.read(colour(100), time_s).observation.is_resumed for time_s in times]
    assert resumed == [False, False, True, False]


def test_without_a_hand_there_are_no_points(colour_pipeline):
    observation = StreamReader(colour_pipeline).read(colour(0), 0.0).observation
    assert (observation.points, observation.is_left, observation.speed) == (None, False, 0.0)


def test_the_motion_reader_sees_every_frame(colour_pipeline):
    motion = FakeMotion()
    spelling = speller_of(colour_pipeline, motion)
    spelling.read(colour(100), 1.0)
    spelling.read(colour(0), 1.1)
    assert motion.given == [(1.0, (21, 3), True), (1.1, None, False)]


def test_a_motion_letter_is_committed(colour_pipeline):
    spelling = speller_of(colour_pipeline, FakeMotion(z_at_s=0.2))
    read_for(spelling, 200, 0.0, 0.4)
    assert spelling.speller.transcript.text == "Z"


def test_a_still_j_is_never_committed(colour_pipeline):
    spelling = speller_of(colour_pipeline, FakeMotion())
    read_for(spelling, 200, 0.0, 3.0)
    assert "J" not in spelling.speller.transcript.text


def test_the_detectors_clock_is_the_streams_in_milliseconds(colour_pipeline):
    stamps = []
    find = colour_pipeline.detector.detect

    def detect(frame, timestamp_ms):
        stamps.append(timestamp_ms)
        return find(frame, timestamp_ms)

    colour_pipeline.detector.detect = detect
    spelling = speller_of(colour_pipeline)
    for time_s in (12.0, 12.0334, 12.01, 12.1):
        spelling.read(colour(100), time_s)
    assert stamps == [12000, 12033, 12033, 12100]


def test_an_interruption_ends_what_is_held(colour_pipeline):
    motion = FakeMotion()
    spelling = speller_of(colour_pipeline, motion)
    end_s = read_for(spelling, 100, 0.0, 0.6)
    spelling.read(colour(100), end_s + INTERRUPTION_S + 0.1)
    assert motion.resets == 1
    assert spelling.speller.state.progress < 0.2
    read_for(spelling, 100, end_s + INTERRUPTION_S + 0.1, 0.4)
    assert spelling.speller.transcript.text == ""


def test_closing_frees_the_detector_once_and_keeps_the_words(colour_pipeline):
    closed = []
    colour_pipeline.detector = SimpleNamespace(
        detect=colour_pipeline.detector.detect, close=lambda: closed.append(1)
    )
    spelling = speller_of(colour_pipeline)
    read_for(spelling, 100, 0.0, 1.2)
    spelling.close()
    spelling.close()
    assert closed == [1]
    assert spelling.speller.transcript.text == "A"
    with pytest.raises(ValueError, match="after its stream was closed"):
        spelling.read(colour(100), 5.0)
