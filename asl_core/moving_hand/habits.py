"""Habits of people who spell without holds: how long letters last, and what fingers take after."""

import numpy as np
from numpy.typing import NDArray

from asl_core.moving_hand.spelled_hand import PART_BASES, PART_POINTS

LETTER_TIME: dict[str, float] = {**dict.fromkeys("QXM", 1.3), **dict.fromkeys("LET", 0.8)}
"""How much longer than others a letter lasts; J and Z take the time of their strokes."""

LARGEST_WAY_SHARE = 0.65
"""Of a letter's whole time, the way to it takes no more."""

SPREADING: dict[int, float] = {1: 0.5, 2: 0.18, 3: 0.18, 4: 0.18, 5: 0.5}
"""How far each finger, thumb to little finger, takes after a neighbouring letter at most."""

BEFORE, AFTER = 0.6, 1.0
"""The letter to come shows more than the one before."""

EXTENDED: dict[int, str] = {1: "LY", 5: "IY"}
"""Letters whose thumb or little finger is stretched out; it may stay so in the letter after."""

_TRANSITION_S, _USUAL_PERIOD_S = 0.09, 0.33
"""At three letters a second the hand takes so long from one to the next; measured on videos."""


def transition_s(rate: float) -> float:
    """Return how long the hand takes from one letter to the next at `rate` letters a second."""
    return float(_TRANSITION_S * (1 / (rate * _USUAL_PERIOD_S)) ** 0.6)


def haste(rate: float) -> float:
    """Return how strongly letters run into each other at `rate` letters a second, 0.15 to 1."""
    return float(np.clip((rate - 1) / 4, 0.15, 1))


def finger_difference(
    hand: NDArray[np.float32], other: NDArray[np.float32], part: int
) -> NDArray[np.float32]:
    """Return what bends a finger of `hand` as that of `other` is bent, float32 `(P, 3)`.

    `part` is 1 for the thumb to 5 for the little finger; both hands are `(21, 3)`.
    """
    points, base = PART_POINTS[part], PART_BASES[part]
    return np.asarray((other[points] - other[base]) - (hand[points] - hand[base]), np.float32)
