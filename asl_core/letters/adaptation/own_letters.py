"""Mixes what the networks read with how near the hand is to a person's own photos of each letter.

No network is trained. Each photo that was taught is a prototype of its letter; the likeness of two
hands is the cosine of their features. The constants were chosen on the validation signers, as
docs/my-hand.md tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, log_softmax

PICTURE_SHARE = 0.5
"""Share of the picture's features in the likeness of two hands; the rest is the landmarks'."""

SCALE = 25.0
"""Log-odds between two letters for a likeness that differs by 1."""

WEIGHT = 0.7
"""Weight of the person's own photos beside the networks, for a hand that is surely theirs."""

OWN_LIKENESS = 0.82
"""A hand this like the nearest taught one gets half of WEIGHT; another's hand gets less."""

LIKENESS_WIDTH = 0.04
"""Over so much likeness the weight rises from a quarter to three quarters, roughly."""

TAUGHT_LIKENESS = 0.8
"""A hand that is more like a taught one than this speaks against the letters that were not taught:
J and Z, which are motions, look in a photo as the letters that they begin with."""


@dataclass(frozen=True)
class OwnReading:
    """The log-probabilities `(C,)` of every class after adaptation, and the nearest likeness."""

    log_shares: NDArray[np.float32]
    nearness: float


class HandAdaptation:
    """Reads hands with a person's own letters in mind; as thread-safe as a function."""

    def __init__(self, hand: TaughtHand, classes: Sequence[str]) -> None:
        """`classes` are the model's, in the order of its outputs.

        Raises:
            ValueError: nothing was taught.
        """
        if not hand.photos:
            raise ValueError("no photo was taught")
        self._pictures = np.stack([photo.evidence.picture for photo in hand.photos])
        self._landmarks = _landmarks_of(hand)
        taught = [name for name in classes if name in hand.letters]
        self._columns = np.array([list(classes).index(name) for name in taught])
        self._others = np.setdiff1d(np.arange(len(classes)), self._columns)
        self._letter_of = np.array([taught.index(photo.label) for photo in hand.photos])

    def read(self, evidence: HandEvidence, left_out: int | None = None) -> OwnReading:
        """Adapt what the networks made of a hand; as if photo number `left_out` were not there."""
        likeness = self.likeness(evidence)
        if left_out is not None:
            likeness[left_out] = -1.0
        nearest = np.full(len(self._columns), -1.0, np.float32)
        np.maximum.at(nearest, self._letter_of, likeness)
        nearness = float(nearest.max())
        return OwnReading(self._mixed(evidence.log_probabilities, nearest, nearness), nearness)

    def likeness(self, evidence: HandEvidence) -> NDArray[np.float32]:
        """Return how like a hand is to each taught photo, float32 `(K,)`, 1 for the same."""
        pictures = self._pictures @ evidence.picture
        if self._landmarks is None or evidence.landmarks is None:
            return np.asarray(pictures, np.float32)
        landmarks = self._landmarks @ evidence.landmarks
        mixed = PICTURE_SHARE * pictures + (1 - PICTURE_SHARE) * landmarks
        return np.asarray(mixed, np.float32)

    def _mixed(
        self, known: NDArray[np.float32], nearest: NDArray[np.float32], nearness: float
    ) -> NDArray[np.float32]:
        """Weigh the taught letters among each other, then as a group against all others."""
        weight = WEIGHT / (1 + np.exp((OWN_LIKENESS - nearness) / LIKENESS_WIDTH))
        mixed = np.empty_like(known)
        mixed[self._columns] = log_softmax(
            (1 - weight) * log_softmax(known[self._columns]) + weight * log_softmax(SCALE * nearest)
        )
        if not len(self._others):
            return mixed
        mixed[self._others] = log_softmax(known[self._others])
        odds = _log_sum(known[self._columns]) - _log_sum(known[self._others])
        odds += weight * SCALE * max(nearness - TAUGHT_LIKENESS, 0.0)
        mixed[self._columns] -= np.logaddexp(0.0, -odds)
        mixed[self._others] -= np.logaddexp(0.0, odds)
        return mixed


def _landmarks_of(hand: TaughtHand) -> NDArray[np.float32] | None:
    rows = [p.evidence.landmarks for p in hand.photos if p.evidence.landmarks is not None]
    return np.stack(rows) if len(rows) == len(hand.photos) else None


def _log_sum(values: NDArray[np.float32]) -> float:
    return float(np.logaddexp.reduce(values))
