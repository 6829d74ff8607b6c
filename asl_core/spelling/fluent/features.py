"""Describes the hand at each tick by numbers that know neither place, size nor frame rate."""

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.letters.landmark_features import FEATURE_COUNT as SHAPE_COUNT
from asl_core.letters.landmark_features import landmark_features
from asl_core.spelling.fluent.ticks import FORGOTTEN_S, Ticks

FEATURE_COUNT = SHAPE_COUNT + 7 + len(LETTERS)
"""Shape; velocity x and y; speed; growth; whether the hand is seen; age; whether z is known; what
the landmark network says of each letter."""

LEAST_ANSWER = -9.0
"""Letters that the landmark network finds less likely (ln) are told apart no further."""

SPEED_FEATURE = SHAPE_COUNT + 2
AGE_FEATURE = SHAPE_COUNT + 5
SPEED_UNIT = 10.0
"""Velocities are told in tens of hand sizes a second, which brings them near 1."""

_FASTEST = 3.0
_POINT_COUNT = 63


def tick_features(
    ticks: Ticks, answers: NDArray[np.float32], before: Ticks | None = None
) -> NDArray[np.float32]:
    """Describe K ticks by float32 `(K, FEATURE_COUNT)`.

    `answers` are the landmark network's log-probabilities of the ticks' hands, `(K, 26)`.

    `before` is the last seen tick before these, None where there was none. The shape is that of
    `landmark_features`, with z 0 where it is not known (NaN). Speeds are in hand sizes (the root
    mean square of the points' planar distances from their center) a second.
    """
    known = np.isfinite(ticks.points[..., 2]).all(axis=1)
    points = ticks.points if known.all() else np.nan_to_num(ticks.points)
    features = np.zeros((len(ticks), FEATURE_COUNT), np.float32)
    features[:, :SHAPE_COUNT] = landmark_features(points, np.zeros(len(ticks), bool))
    features[:, SHAPE_COUNT : SHAPE_COUNT + 4] = _motion(ticks, before)
    features[:, SHAPE_COUNT + 4] = ticks.is_seen
    features[:, AGE_FEATURE] = ticks.age_s / FORGOTTEN_S
    features[:, SHAPE_COUNT + 6] = known
    features[:, SHAPE_COUNT + 7 :] = np.maximum(answers, LEAST_ANSWER)
    forgotten = ticks.age_s >= FORGOTTEN_S - 1e-6
    features[forgotten, :SHAPE_COUNT] = 0
    features[forgotten, SHAPE_COUNT + 6 :] = 0
    return features


def mirrored(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the features `(K, FEATURE_COUNT)` of the mirror images of their hands."""
    other = features.copy()
    other[:, :_POINT_COUNT:3] *= -1
    other[:, SHAPE_COUNT] *= -1
    return other


def _motion(ticks: Ticks, before: Ticks | None) -> NDArray[np.float32]:
    """Velocity x and y, mean speed of the points, and growth, `(K, 4)`; 0 where nothing is seen."""
    lead = 0 if before is None else len(before)
    times, flat, seen = ticks.times_s, ticks.points[..., :2], ticks.is_seen
    if before is not None:
        times = np.concatenate([before.times_s, times])
        flat = np.concatenate([before.points[..., :2], flat])
        seen = np.concatenate([before.is_seen, seen])
    places = np.where(seen, np.arange(len(times)), -1)
    last = np.concatenate([[-1], np.maximum.accumulate(places)[:-1]])
    elapsed = np.maximum(times - times[last], 1e-3)
    center = flat.mean(axis=1)
    size = np.sqrt(((flat - center[:, None]) ** 2).sum(-1).mean(-1))
    scale = np.maximum((size + size[last]) / 2, 1e-6)
    rate = (1 / (SPEED_UNIT * elapsed * scale))[:, None]
    step = flat - flat[last]
    moving = np.empty((len(times), 4))
    moving[:, :2] = (center - center[last]) * rate
    moving[:, 2] = np.sqrt((step**2).sum(-1)).mean(1) * rate[:, 0]
    moving[:, 3] = (size - size[last]) * rate[:, 0]
    moving[~seen | (last < 0) | (elapsed > FORGOTTEN_S)] = 0
    return np.clip(moving, -_FASTEST, _FASTEST)[lead:].astype(np.float32)
