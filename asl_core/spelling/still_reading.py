"""A prediction without the letters that are motions, and its running average."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.letters.prediction import LetterPrediction, ScoredLabel

LEAST_STILL_SHARE = 0.02
"""With less than this left beside J and Z, what is left is noise and says nothing."""


@dataclass(frozen=True)
class StillReading:
    """The labels that a still hand can mean, with their shares, float64 `(L,)`, that sum to 1."""

    labels: tuple[str, ...]
    shares: NDArray[np.float64]

    @property
    def best(self) -> ScoredLabel:
        """The most probable label."""
        place = int(self.shares.argmax())
        return ScoredLabel(self.labels[place], float(self.shares[place]))

    def share_of(self, label: str) -> float:
        """Return the share of a label, 0 if the model does not know it."""
        return float(self.shares[self.labels.index(label)]) if label in self.labels else 0.0


def still_reading(prediction: LetterPrediction) -> StillReading | None:
    """Leave J and Z out and scale the rest to sum to 1; None where next to nothing is left.

    A still hand is never a J or Z: what a model gives to them belongs to the letters whose shape
    they share.
    """
    labels, places = _still_places(prediction.classes)
    shares = prediction.probabilities[places].astype(np.float64)
    total = float(shares.sum())
    if not total >= LEAST_STILL_SHARE:  # also where a probability is no number
        return None
    return StillReading(labels, shares / total)


@cache
def _still_places(classes: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    places = [i for i, label in enumerate(classes) if label not in MOTION_LETTERS]
    return tuple(classes[i] for i in places), np.array(places, np.intp)


class SmoothedReading:
    """Exponential average of readings over time, whatever the frame rate.

    Each reading pulls the average by 1 - exp(-step / time constant), where step is the time since
    the one before, in seconds.
    """

    def __init__(self) -> None:
        self.current: StillReading | None = None

    def add(self, reading: StillReading, step_s: float, time_constant_s: float) -> None:
        """Take a further reading; one of other labels starts anew."""
        before = self.current
        if before is None or before.labels != reading.labels:
            self.current = reading
            return
        pull = 1 - math.exp(-step_s / time_constant_s)
        shares = before.shares + pull * (reading.shares - before.shares)
        self.current = StillReading(reading.labels, shares)

    def clear(self) -> None:
        """Forget everything."""
        self.current = None
