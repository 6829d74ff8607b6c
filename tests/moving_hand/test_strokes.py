import numpy as np

from asl_core.drawing.spelled_word import upon_wrist
from asl_core.moving_hand.strokes import JMotion, j_hands, z_hands, z_way

SHARE = np.linspace(0, 1, 61)


def test_a_j_falls_and_hooks_to_the_thumbs_side():
    tip = j_hands(upon_wrist("I"), JMotion(), SHARE)[:, 20, :2]
    lowest = int(tip[:, 1].argmax())
    assert tip[lowest, 1] - tip[0, 1] > 0.8
    assert tip[-1, 0] - tip[: lowest + 1, 0].min() > 0.6, "the thumb is on the right"
    assert tip[-1, 1] < tip[lowest, 1], "it rises at the end"


def test_a_hand_that_draws_keeps_its_size():
    hand = upon_wrist("I")
    hands = j_hands(hand, JMotion(), SHARE)
    lengths = np.linalg.norm(hands[:, 20] - hands[:, 0], axis=-1)
    np.testing.assert_allclose(lengths, np.linalg.norm(hand[20]), rtol=1e-4)


def test_a_z_goes_across_back_down_and_across():
    way = z_way(SHARE, wide=1.25, high=1.0)
    assert way[0].tolist() == [0, 0]
    np.testing.assert_allclose(way[-1], [-1.25, 1.0], atol=1e-9)
    upper, lower = way[SHARE <= 0.3], way[SHARE >= 0.75]
    assert np.ptp(upper[:, 1]) < 0.05, "the upper bar is level"
    assert np.ptp(lower[:, 1]) < 0.05, "the lower bar is level"
    assert (np.diff(way[(SHARE > 0.36) & (SHARE < 0.64), 0]) > 0).all(), "the diagonal goes back"


def test_what_the_arm_does_not_do_the_wrist_does():
    hand, way = upon_wrist("Z"), z_way(SHARE, 1.25, 1.0)
    still = np.zeros_like(SHARE)
    carried = z_hands(hand, way, 1.0, still)[:, 0, :2]
    np.testing.assert_allclose(carried, way, atol=1e-9)
    bent = z_hands(hand, way, 0.0, still)
    np.testing.assert_allclose(bent[:, 0], 0, atol=1e-9)
    assert np.ptp(bent[:, 8, 0]) > 0.5
