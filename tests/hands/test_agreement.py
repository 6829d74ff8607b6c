import numpy as np
import pytest

from asl_core.hands.agreement import LEAST_OVERLAP, overlap, same_hand
from asl_core.hands.landmarks import HandDetection, HandLandmarks


def hand(left, top=0.2, side=0.2):
    """A hand whose bounding box is a square of `side` from (left, top)."""
    points = np.zeros((21, 3), np.float32)
    points[:, 0] = np.linspace(left, left + side, 21)
    points[:, 1] = np.linspace(top, top + side, 21)
    return HandDetection(HandLandmarks(points), "Right", 0.8)


@pytest.mark.parametrize(
    ("left", "top", "side", "expected"),
    [
        (0.2, 0.2, 0.2, 1.0),
        (0.3, 0.2, 0.2, 1 / 3),
        (0.3, 0.3, 0.2, 1 / 7),
        (0.2, 0.2, 0.1, 1 / 4),
        (0.5, 0.2, 0.2, 0.0),
        (0.5, 0.6, 0.2, 0.0),
        (-0.1, -0.1, 0.4, 0.01 / 0.19),
    ],
    ids=["same", "half beside", "a corner", "inside", "beside", "apart", "past the edge"],
)
def test_overlap_is_intersection_over_union(left, top, side, expected):
    one, other = hand(0.2).landmarks, hand(left, top, side).landmarks
    assert overlap(one, other) == pytest.approx(expected, abs=1e-5)
    assert overlap(other, one) == pytest.approx(expected, abs=1e-5)


def test_hands_without_a_size_overlap_with_nothing():
    point = hand(0.3, side=0.0).landmarks
    assert overlap(point, point) == overlap(point, hand(0.2).landmarks) == 0


def test_the_place_that_most_show_wins():
    hands = [hand(0.7), hand(0.2), hand(0.21), hand(0.72), hand(0.19)]
    assert same_hand(hands) == [1, 2, 4]


def test_of_two_equally_good_places_the_first_wins():
    assert same_hand([hand(0.7), hand(0.2)]) == [0]
    assert same_hand([]) == []


def test_a_little_less_than_enough_is_another_hand():
    far = 0.2 * (1 - LEAST_OVERLAP) / (1 + LEAST_OVERLAP)
    assert same_hand([hand(0.2), hand(0.2 + far - 0.001)]) == [0, 1]
    assert same_hand([hand(0.2), hand(0.2 + far + 0.001)]) == [0]
