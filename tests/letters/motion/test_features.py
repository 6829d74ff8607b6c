import numpy as np
import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.letters.motion.features import (
    FEATURE_COUNT,
    LEAST_LEAD_OF_J,
    MOMENT_COUNT,
    STEPS,
    finger_straightness,
    index_bend,
    little_finger_lead,
    moment_features,
    palm_lengths,
    reach,
    window_features,
)


@pytest.fixture(scope="module")
def hand():
    return letter_landmarks("I", 640, 480).pixels_3d(640, 480)


@pytest.fixture(scope="module")
def window(signed_in_air):
    _, points = signed_in_air("J", 0.6, 0.1)
    return points[:STEPS]


def test_palm_length_is_the_longest_of_three_lines():
    points = np.zeros((21, 3), np.float32)
    points[5], points[9], points[17] = (3, 4, 0), (0, 2, 50), (-6, 8, 0)
    assert palm_lengths(points) == pytest.approx(10)


def test_a_straight_finger_is_one_and_a_folded_one_is_less():
    points = np.zeros((21, 3), np.float32)
    points[5:9, 1] = 0, 1, 2, 3
    points[17:21, 1] = 0, 1, 0, 1
    straight = finger_straightness(points)
    assert straight[1] == pytest.approx(1)
    assert straight[4] == pytest.approx(1 / 3)


def test_a_hand_elsewhere_and_larger_gives_the_same_window(window):
    seconds = np.array([1.0], np.float32)
    near = window_features(moment_features(window[None]), seconds)
    far = window_features(moment_features(window[None] * 0.4 + 70), seconds)
    assert near.shape == (1, STEPS, FEATURE_COUNT)
    np.testing.assert_allclose(near, far, atol=2e-3)


def test_the_last_feature_is_the_logarithm_of_the_seconds(window):
    moments = np.repeat(moment_features(window[None]), 2, axis=0)
    features = window_features(moments, np.array([1.0, np.e], np.float32))
    assert features[0, :, -1] == pytest.approx(0)
    assert features[1, :, -1] == pytest.approx(1)


def test_one_moment_and_many_are_described_alike(window):
    many = moment_features(window)
    assert many.shape == (STEPS, MOMENT_COUNT)
    np.testing.assert_array_equal(many[3], moment_features(window[3]))


@pytest.mark.parametrize("letter, by_little", [("I", True), ("D", False), ("Z", False)])
def test_the_lead_tells_which_finger_draws(letter, by_little):
    points = letter_landmarks(letter, 640, 480).pixels_3d(640, 480)
    lead = little_finger_lead(moment_features(points)[None])
    assert (lead >= LEAST_LEAD_OF_J) == by_little


def test_reach_is_the_diagonal_of_a_fingertips_places(hand):
    moved = np.stack([hand, hand, hand])
    moved[1, 20, 0] += 3 * palm_lengths(hand)
    moved[2, 20, 1] += 4 * palm_lengths(hand)
    assert reach(moment_features(moved)) == pytest.approx(5, rel=1e-4)


def test_bend_is_one_on_a_line_and_more_around_a_corner(hand):
    moved = np.stack([hand] * 3)
    moved[1, 8, 0] += 30
    moved[2, 8, 0] += 90
    assert index_bend(moment_features(moved)) == pytest.approx(1, rel=1e-4)
    moved[2, 8] = moved[1, 8] + np.array([0, 40, 0], np.float32)
    assert index_bend(moment_features(moved)) == pytest.approx(70 / 50, rel=1e-4)
