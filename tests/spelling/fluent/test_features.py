"""Features know neither place, size nor frame rate."""

import numpy as np

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.spelling.fluent.features import (
    FEATURE_COUNT,
    SPEED_FEATURE,
    SPEED_UNIT,
    mirrored,
    tick_features,
)
from asl_core.spelling.fluent.ticks import Ticks, ticks_of

ANSWERS = np.full((90, 26), -3.0, np.float32)


def moving(scale=1.0, shift=0.0, rate=30, pixels_a_second=200.0):
    hand = letter_landmarks("B", 640, 480).pixels_3d(640, 480)
    times = np.arange(0, 1.001, 1 / rate)
    points = np.repeat(hand[None], len(times), axis=0)
    points[..., 0] += pixels_a_second * times[:, None]
    points = (points * scale + shift).astype(np.float32)
    return ticks_of(times, points, np.ones(len(times), bool))


def features(ticks: Ticks):
    return tick_features(ticks, ANSWERS[: len(ticks)])


def test_place_and_size_make_no_difference():
    np.testing.assert_allclose(features(moving()), features(moving(scale=0.4, shift=77)), atol=2e-3)


def test_the_frame_rate_makes_no_difference():
    slow, fast = features(moving(rate=10)), features(moving(rate=30))
    np.testing.assert_allclose(slow, fast, atol=2e-3)


def test_speed_is_in_hand_sizes_a_second():
    ticks = moving(pixels_a_second=100.0)
    flat = ticks.points[0, :, :2]
    size = np.sqrt(((flat - flat.mean(0)) ** 2).sum(-1).mean())
    speed = features(ticks)[10, SPEED_FEATURE] * SPEED_UNIT
    np.testing.assert_allclose(speed, 100 / size, rtol=1e-3)


def test_in_pieces_is_the_same_as_at_once():
    ticks = moving()
    whole = features(ticks)
    first, before = [], None
    for number in range(len(ticks)):
        one = ticks.at(number)
        first.append(tick_features(one, ANSWERS[:1], before))
        before = one
    np.testing.assert_allclose(np.concatenate(first), whole, atol=1e-4)


def test_mirrored_features_are_those_of_the_mirror_image():
    ticks = moving()
    other = Ticks(ticks.times_s, ticks.points * np.array([-1, 1, 1], np.float32), ticks.age_s)
    np.testing.assert_allclose(mirrored(features(ticks)), features(other), atol=1e-4)


def test_an_unknown_depth_and_a_forgotten_hand_give_no_nan():
    ticks = moving()
    points = ticks.points.copy()
    points[..., 2] = np.nan
    gone = Ticks(ticks.times_s, points, np.full(len(ticks), 0.6, np.float32))
    for unsure in (Ticks(ticks.times_s, points, ticks.age_s), gone):
        found = features(unsure)
        assert found.shape == (len(ticks), FEATURE_COUNT) and np.isfinite(found).all()
