"""Turns 21 landmarks into numbers that do not depend on where and how large the hand is."""

import numpy as np
from numpy.typing import NDArray

_TIPS = (4, 8, 12, 16, 20)
_REFERENCES = (0, 2, 5, 6, 9, 10, 13, 14, 17, 18)
_TIP_PAIRS = tuple((_TIPS[i], _TIPS[j]) for i in range(5) for j in range(i + 1, 5))
_TIP_TO_REFERENCE = tuple((tip, reference) for tip in _TIPS for reference in _REFERENCES)
_PAIRS = np.array(_TIP_PAIRS + _TIP_TO_REFERENCE)
_JOINT_CHAINS = np.array(
    [(0, base, base + 1) for base in (1, 5, 9, 13, 17)]
    + [(base, base + 1, base + 2) for base in (1, 5, 9, 13, 17)]
    + [(base + 1, base + 2, base + 3) for base in (1, 5, 9, 13, 17)]
)

_PLACE_COUNT = 63
FEATURE_COUNT = _PLACE_COUNT + len(_PAIRS) + len(_JOINT_CHAINS)


def landmark_features(
    points: NDArray[np.float32], mirror: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Describe hands by float32 `(N, FEATURE_COUNT)`.

    `points` is float32 `(N, 21, 3)` in pixels (x right, y down, z in the scale of x); where
    `mirror` (bool `(N,)`) holds, x is negated first. The features are: the points relative to
    their centre, divided by the root mean square of their planar distances from it, with the
    hand's orientation kept (it tells G from Q and K from P); distances of fingertips to each other
    and to knuckles in the same unit; and the cosine of each finger joint's angle.
    """
    placed = points.astype(np.float32).copy()
    placed[mirror, :, 0] *= -1
    placed -= placed.mean(axis=1, keepdims=True)
    scale = np.sqrt((placed[..., :2] ** 2).sum(axis=-1).mean(axis=-1))
    placed /= np.maximum(scale, 1e-6)[:, None, None]
    distances = np.linalg.norm(placed[:, _PAIRS[:, 0]] - placed[:, _PAIRS[:, 1]], axis=-1)
    before = placed[:, _JOINT_CHAINS[:, 1]] - placed[:, _JOINT_CHAINS[:, 0]]
    after = placed[:, _JOINT_CHAINS[:, 2]] - placed[:, _JOINT_CHAINS[:, 1]]
    lengths = np.linalg.norm(before, axis=-1) * np.linalg.norm(after, axis=-1)
    cosines = (before * after).sum(axis=-1) / np.maximum(lengths, 1e-6)
    places = placed.reshape(len(placed), _PLACE_COUNT)
    return np.concatenate([places, distances, cosines], axis=1)


def mirrored_features(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what `landmark_features` says of the same hands in a mirror, `(N, FEATURE_COUNT)`.

    Distances and angles stay, and x of each place changes its sign.
    """
    mirrored = features.copy()
    mirrored[:, :_PLACE_COUNT:3] *= -1
    return mirrored
