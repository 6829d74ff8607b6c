import numpy as np
import pytest

from asl_core.drawing.spelled_word import upon_wrist
from asl_core.moving_hand.turns import eased, palm_turns, turns_between, turns_of


def test_a_gentle_start_and_stop_has_level_ends():
    share = np.array([0.0, 0.01, 0.5, 0.99, 1.0])
    assert eased(share) == pytest.approx([0, 0.000298, 0.5, 0.999702, 1])


def test_half_way_between_two_turns_is_half_the_turn():
    ends = turns_of(np.radians([[0.0, 0, 0], [80.0, 0, 0]])).astype(np.float32)
    between = turns_between(ends, np.array([0.0, 0.25, 1.0]))
    np.testing.assert_allclose(between, turns_of(np.radians([[0.0, 0, 0], [20, 0, 0], [80, 0, 0]])))


def test_a_turn_stays_a_turn_on_the_way():
    random = np.random.default_rng(3)
    ends = turns_of(random.uniform(-1, 1, (4, 3))).astype(np.float32)
    for turn in turns_between(ends, np.linspace(0, 3, 31)):
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-5)
        assert np.linalg.det(turn) == pytest.approx(1, abs=1e-5)


def test_one_turn_alone_is_kept():
    ends = turns_of(np.radians([[30.0, 10, 5]])).astype(np.float32)
    np.testing.assert_allclose(turns_between(ends, np.zeros(2)), np.repeat(ends, 2, 0), atol=1e-6)


def test_the_turn_of_a_palm_is_found():
    hand = upon_wrist("B")
    turn = turns_of(np.radians([[20.0, -30, 10]])).astype(np.float32)
    np.testing.assert_allclose(palm_turns(hand @ turn[0].T[None], hand), turn, atol=1e-4)
