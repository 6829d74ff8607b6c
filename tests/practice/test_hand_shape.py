import numpy as np
import pytest

from asl_core.drawing.drawn_letters import letter_landmarks, typical_points
from asl_core.moving_hand.hand_track import turned
from asl_core.practice.hand_shape import hand_shape, laid_over, turn_between, typical_shape


def pixels(letter, scale=1.0):
    return letter_landmarks(letter, 640, 480).pixels_3d(640, 480) * np.float32(scale)


@pytest.mark.parametrize("letter", ["A", "B", "V", "Y"])
def test_size_place_side_and_a_little_turn_do_not_count(letter):
    wanted = typical_shape(letter)
    hand = pixels(letter, 0.4) + np.array([90, -20, 3], np.float32)
    for points, is_left in (
        (hand, False),
        (hand * np.array([-1, 1, 1], np.float32), True),
        (turned(hand, 20.0), False),
    ):
        shape = hand_shape(points, is_left, wanted.direction)
        np.testing.assert_allclose(shape.straight, wanted.straight, atol=1e-3)
        np.testing.assert_allclose(shape.gaps, wanted.gaps, atol=0.02)
        np.testing.assert_allclose(shape.heights, wanted.heights, atol=0.02)
        np.testing.assert_allclose(shape.thumb, wanted.thumb, atol=0.02)


def test_what_letters_are_told_by_is_in_the_numbers():
    straight = {letter: typical_shape(letter).straight for letter in "ABIV"}
    assert (straight["B"][1:] > 0.9).all()
    assert straight["A"][1:].max() < 0.75
    assert straight["I"][4] > 0.9 > straight["I"][1]
    assert typical_shape("V").gaps[0] > typical_shape("U").gaps[0] + 0.2
    assert typical_shape("R").gaps[0] < 0 < typical_shape("U").gaps[0]
    assert abs(typical_shape("D").direction) < 30 < abs(typical_shape("G").direction)
    assert typical_shape("B").facing > 0.2, "the palm is seen"


@pytest.mark.parametrize(("one", "other", "turn"), [(170, -170, -20), (10, 350, 20), (0, 90, -90)])
def test_a_turn_goes_the_short_way(one, other, turn):
    assert turn_between(one, other) == pytest.approx(turn)


def test_a_hand_is_laid_over_the_same_hand():
    wanted = typical_points("K") * np.float32(100) + np.float32(250)
    moved = turned(typical_points("K") * np.float32(37), 25.0) + np.array([5, 9, 0], np.float32)
    np.testing.assert_allclose(laid_over(moved, False, wanted), wanted[:, :2], atol=0.5)
    mirrored = moved * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(laid_over(mirrored, True, wanted), wanted[:, :2], atol=0.5)


def test_a_hand_that_is_turned_far_stays_turned():
    wanted = typical_points("K") * np.float32(100)
    far = laid_over(turned(wanted, 90.0), False, wanted)
    assert np.abs(far - wanted[:, :2]).max() > 100
