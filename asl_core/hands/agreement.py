"""Which of several ways to look at a picture show the same hand."""

from collections.abc import Sequence

import numpy as np

from asl_core.hands.landmarks import HandDetection, HandLandmarks

LEAST_OVERLAP = 0.3
"""Intersection over union of two hands' bounding boxes at and above which they are one hand.

Looks at a real hand find it in the same place, what they mistake for one in an empty scene lies
now here and now there (docs/experiments.md).
"""


def same_hand(hands: Sequence[HandDetection]) -> list[int]:
    """Give the places in `hands` of those that show one hand, in their order.

    Those are the hand that most others overlap with, of equals the first, and these others. Empty
    for no hands.
    """
    agreeing = [
        [i for i, b in enumerate(hands) if overlap(a.landmarks, b.landmarks) >= LEAST_OVERLAP]
        for a in hands
    ]
    return max(agreeing, key=len, default=[])


def overlap(one: HandLandmarks, other: HandLandmarks) -> float:
    """Give intersection over union, in 0-1, of the bounding boxes of two hands of one picture."""
    low = np.maximum(one.points[:, :2].min(axis=0), other.points[:, :2].min(axis=0))
    high = np.minimum(one.points[:, :2].max(axis=0), other.points[:, :2].max(axis=0))
    shared = float(np.prod(np.clip(high - low, 0, None)))
    union = _area(one) + _area(other) - shared
    return shared / union if union > 0 else 0.0


def _area(hand: HandLandmarks) -> float:
    return float(np.prod(np.ptp(hand.points[:, :2], axis=0)))
