"""Describes how a hand moved in a window of time, wherever and however large it is."""

import math

import numpy as np
from numpy.typing import NDArray

STEPS = 24
"""Moments of a window, evenly spaced; the last one is the window's end."""

_PALM_ENDS = np.array([5, 9, 17])
_DRAWN_BY = np.array([20, 8])
"""Fingertips that draw: the little finger's J, the index finger's Z."""

_TO = np.array([20, 8, 12, 4, 9, 5, 20, 8, 4, 16])
_FROM = np.array([0, 0, 0, 0, 0, 17, 17, 5, 8, 13])
"""Vectors inside the hand, from the second point to the first."""

_KNUCKLES = np.array([1, 5, 9, 13, 17])

_PLACES = 2 * (len(_DRAWN_BY) + 1)
_PLANAR = _PLACES + 2 * len(_TO)
_AREA = _PLANAR
_PALM = _PLANAR + 1
MOMENT_COUNT = _PLANAR + 2 + 5
FEATURE_COUNT = MOMENT_COUNT + 1

TIP_OF_LETTER: dict[str, int] = {"J": 20, "Z": 8}
"""The fingertip that draws each letter."""


LEAST_LEAD_OF_J = -0.5
"""J is drawn at least this `little_finger_lead`, Z at most: of the training signers' strokes of J
with the little finger the least is -0.32, of their strokes of Z the largest is -0.75."""


LEAST_BEND_OF_Z = 1.25
"""A hand carried straight is no Z; 98 of 100 training strokes of Z bend by 1.38 or more."""


def palm_lengths(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the longest of three wrist-to-knuckle distances in the picture, shape `(...)`.

    `points` is `(..., 21, 3)`. The longest, because a turned palm is seen from its side.
    """
    lines = points[..., _PALM_ENDS, :2] - points[..., :1, :2]
    return np.asarray(np.sqrt((lines**2).sum(-1)).max(-1))


def finger_straightness(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return base-to-tip distance over the bones' length, thumb to little finger, `(..., 5)`, 0-1.

    `points` is `(..., 21, 3)`.
    """
    fingers = points[..., 1:, :].reshape(*points.shape[:-2], 5, 4, 3)
    bones = fingers[..., 1:, :] - fingers[..., :-1, :]
    lengths = np.sqrt((bones * bones).sum(-1)).sum(-1)
    chords = fingers[..., 3, :] - fingers[..., 0, :]
    return np.asarray(np.sqrt((chords * chords).sum(-1)) / np.maximum(lengths, 1e-6))


def moment_features(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Describe hands at one moment, float32 `(..., MOMENT_COUNT)`, in pixels.

    `points` is float32 `(..., 21, 3)` in pixels (x right, y down, z in the scale of x). In order:
    places of both drawing fingertips and of the wrist; vectors inside the hand; the palm's signed
    area, whose sign tells which side is seen; the palm's length; how straight each finger is.
    """
    flat = points[..., :2]
    lead = points.shape[:-2]
    inside = flat[..., _TO, :] - flat[..., _FROM, :]
    index, little = flat[..., 5, :] - flat[..., 0, :], flat[..., 17, :] - flat[..., 0, :]
    area = index[..., 0] * little[..., 1] - index[..., 1] * little[..., 0]
    moments = np.empty((*lead, MOMENT_COUNT), np.float32)
    moments[..., 0:4] = flat[..., _DRAWN_BY, :].reshape(*lead, 4)
    moments[..., 4:6] = flat[..., 0, :]
    moments[..., _PLACES:_PLANAR] = inside.reshape(*lead, -1)
    moments[..., _AREA] = area
    moments[..., _PALM] = palm_lengths(points)
    moments[..., _PALM + 1 :] = finger_straightness(points)
    return moments


def window_features(
    moments: NDArray[np.float32], seconds: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Describe windows by float32 `(N, STEPS, FEATURE_COUNT)` that know no pixels any more.

    `moments` is float32 `(N, STEPS, MOMENT_COUNT)`, `seconds` float32 `(N,)` the windows' lengths.
    Lengths become palm lengths, by the mean palm of the window; places are seen from the wrist's
    mean place in it. The last feature is the logarithm of the window's seconds.
    """
    windows, steps = moments.shape[:2]
    features = np.empty((windows, steps, FEATURE_COUNT), np.float32)
    features[..., :MOMENT_COUNT] = moments
    # A live frame waits for this: NumPy's `mean` takes twice as long as its `sum`.
    mean = moments.sum(axis=1) / steps
    scale = np.maximum(mean[:, _PALM], 1e-6)[:, None, None]
    for place in range(0, _PLACES, 2):
        features[..., place : place + 2] -= mean[:, None, 4:6]
    features[..., : _PALM + 1] /= scale
    features[..., _AREA] /= scale[..., 0]
    features[..., MOMENT_COUNT] = np.log(seconds)[:, None]
    return features


def little_finger_lead(moments: NDArray[np.float32]) -> float:
    """Tell which finger draws: how much farther from the wrist the little fingertip is.

    `moments` is `(K, MOMENT_COUNT)`. The mean difference to the index fingertip's distance, in palm
    lengths: about 0 or more in an I hand, about -1 where the index finger alone is out.
    """
    little, index = moments[:, _PLACES : _PLACES + 2], moments[:, _PLACES + 2 : _PLACES + 4]
    ahead = np.sqrt((little * little).sum(1)) - np.sqrt((index * index).sum(1))
    return float(ahead.sum()) / max(float(moments[:, _PALM].sum()), 1e-6)


def index_bend(moments: NDArray[np.float32]) -> float:
    """Return the index fingertip's way over the diagonal of its box; 1 is a straight line.

    `moments` is `(K, MOMENT_COUNT)`.
    """
    tips = moments[:, 2:4]
    steps = tips[1:] - tips[:-1]
    sides = (tips.max(axis=0) - tips.min(axis=0)).tolist()
    way = float(np.sqrt((steps * steps).sum(axis=1)).sum())
    return way / max(math.hypot(*sides), 1e-6)


def reach(moments: NDArray[np.float32]) -> float:
    """Return how far apart the farthest places of a drawing fingertip are, in palm lengths.

    `moments` is `(K, MOMENT_COUNT)`; the larger of both fingertips counts, measured as the
    diagonal of the box around its places.
    """
    tips = moments[:, :4]
    sides = (tips.max(axis=0) - tips.min(axis=0)).tolist()
    diagonal = max(math.hypot(*sides[:2]), math.hypot(*sides[2:]))
    return diagonal / max(float(moments[:, _PALM].sum()) / len(moments), 1e-6)
