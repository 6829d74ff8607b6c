import math

import numpy as np
import pytest

from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.hand_moment import Pace, SmoothedReading, StillReading, still_reading


def moments(times):
    pace = Pace()
    return [pace.advance(time) for time in times]


def test_the_usual_interval_is_not_moved_by_a_stall():
    times = [i / 30 for i in range(12)]
    last = moments([*times, times[-1] + 0.9])[-1]
    assert last.interval_s == pytest.approx(1 / 30)
    assert last.step_s == 0.25
    assert not last.is_gap


@pytest.mark.parametrize(
    ("interval", "pause", "is_gap"),
    [
        (1 / 30, 1.4, False),
        (1 / 30, 1.6, True),
        (1.0, 1.9, False),
        (1.0, 2.1, True),
        (3.0, 4.1, True),
    ],
)
def test_a_gap_depends_on_the_pace(interval, pause, is_gap):
    times = [i * interval for i in range(10)]
    assert moments([*times, times[-1] + pause])[-1].is_gap is is_gap


def test_the_first_observation_and_a_clock_set_back_are_gaps():
    first, _, again = moments([100.0, 100.1, 5.0])
    assert first.is_gap
    assert again.is_gap


def test_an_observation_that_is_not_newer_is_none():
    assert moments([1.0, 1.0, 0.5])[1:] == [None, None]


def test_a_slower_pace_is_learnt_after_some_gaps():
    slow = moments([i / 30 for i in range(20)] + [3.0 + 2 * i for i in range(9)])
    assert slow[20].is_gap
    assert not slow[-1].is_gap
    assert slow[-1].step_s == 2.0


def test_j_and_z_are_left_out_and_the_rest_sums_to_one():
    shares = np.array([0.3, 0.5, 0.1, 0.1], np.float32)
    reading = still_reading(LetterPrediction(("A", "J", "I", "Z"), shares))
    assert reading.labels == ("A", "I")
    assert reading.shares == pytest.approx([0.75, 0.25])
    assert reading.best.label == "A"
    assert reading.share_of("I") == pytest.approx(0.25)
    assert reading.share_of("J") == 0


@pytest.mark.parametrize("left", [0.0, 0.01, math.nan])
def test_next_to_nothing_beside_j_and_z_says_nothing(left):
    shares = np.array([left, 1 - left], np.float32)
    assert still_reading(LetterPrediction(("A", "J"), shares)) is None


def reading(share):
    return StillReading(("A", "B"), np.array([share, 1 - share]))


def test_the_average_follows_the_formula():
    smoothed = SmoothedReading()
    smoothed.add(reading(1.0), 0.1, 0.2)
    smoothed.add(reading(0.0), 0.1, 0.2)
    assert smoothed.current.share_of("A") == pytest.approx(math.exp(-0.5))


def test_two_half_steps_are_one_whole():
    halves, whole = SmoothedReading(), SmoothedReading()
    for smoothed, steps in ((halves, (0.05, 0.05)), (whole, (0.1,))):
        smoothed.add(reading(1.0), 0.0, 0.2)
        for step in steps:
            smoothed.add(reading(0.2), step, 0.2)
    assert halves.current.shares == pytest.approx(whole.current.shares)


def test_other_labels_start_anew():
    smoothed = SmoothedReading()
    smoothed.add(reading(1.0), 0.1, 0.2)
    smoothed.add(StillReading(("C",), np.array([1.0])), 0.1, 0.2)
    assert smoothed.current.best.label == "C"
