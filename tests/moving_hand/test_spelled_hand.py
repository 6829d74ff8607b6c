import numpy as np
import pytest

from asl_core.drawing.spelled_word import upon_wrist
from asl_core.moving_hand.hand_track import turned
from asl_core.moving_hand.spelled_hand import KeyHand, moved_hands, turned_hands

TIMES = np.linspace(0, 1.2, 49)
PALM = [5, 9, 13, 17]


def keys(*hands):
    return [KeyHand(hand, 0.8 * i, 0.8 * i + 0.2) for i, hand in enumerate(hands)]


def lags(count):
    return np.zeros((count, 6))


@pytest.mark.parametrize("move", [moved_hands, turned_hands])
def test_hands_are_as_given_when_they_are_to_be_kept(move):
    hands = upon_wrist("B"), upon_wrist("G")
    moved = move(keys(*hands), np.array([0.1, 0.9]), lags(2))
    np.testing.assert_allclose(moved, np.stack(hands), atol=1e-5)


def test_a_palm_that_turns_does_not_shrink():
    hand = upon_wrist("B")
    aside = turned(hand, 100.0)
    lengths = [
        np.linalg.norm(move(keys(hand, aside), TIMES, lags(2))[:, PALM], axis=-1).min()
        for move in (moved_hands, turned_hands)
    ]
    own = np.linalg.norm(hand[PALM], axis=-1).min()
    assert lengths[0] < 0.8 * own, "a straight way cuts the corner"
    assert lengths[1] == pytest.approx(own, rel=1e-3)


def test_a_finger_that_is_late_arrives_later_than_the_others():
    both = keys(upon_wrist("A"), upon_wrist("B"))
    late = lags(2)
    late[1, 5] = 0.25
    at = np.array([0.7])
    on_time, delayed = (turned_hands(both, at, each)[0] for each in (lags(2), late))
    np.testing.assert_allclose(on_time[8], delayed[8], atol=1e-6)
    assert delayed[20, 1] > on_time[20, 1] + 0.02, "the little finger is less far up"
