import math

import numpy as np
import pytest

from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.still_reading import SmoothedReading, StillReading, still_reading


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
