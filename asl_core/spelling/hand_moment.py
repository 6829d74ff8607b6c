"""One observation as the rules of holding see it: its place in time and what a still hand says.

Places in time are measured by a Pace, so that every rule can be in seconds at any frame rate.
"""

import math
from collections import deque
from dataclasses import dataclass
from functools import cache, cached_property
from statistics import median

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.letters.prediction import LetterPrediction, ScoredLabel

GAP_SECONDS = 1.5
"""Nothing is known of a hand after so long without an observation ..."""

LONGEST_GAP_SECONDS = 4.0
"""... unless observations are rare anyway; but never beyond this."""

_INTERVALS = 9
_LONGEST_CREDIT = 0.2
_LONGEST_STEP = 0.25


@dataclass(frozen=True)
class Moment:
    """An observation's place in time.

    `step_s` is the time since the observation before (0 for the first), for which this one stands;
    a stall counts as 0.25 s at most, or one and a half usual intervals. `interval_s` is the usual
    time between observations, the median of the last nine. After a gap nothing goes on.
    """

    time_s: float
    step_s: float
    interval_s: float
    is_gap: bool

    @property
    def credit_s(self) -> float:
        """How long the first observation of a run stands for: an interval, at most 0.2 s."""
        return min(self.interval_s, _LONGEST_CREDIT)


class Pace:
    """Measures the time between observations."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._intervals: deque[float] = deque(maxlen=_INTERVALS)

    def advance(self, time_s: float) -> Moment | None:
        """Place an observation in time; None for one that is not newer than the last.

        A clock that jumped far back has started anew, which is a gap.
        """
        last, self._last_s = self._last_s, time_s
        if last is None:
            return Moment(time_s, 0.0, 0.0, is_gap=True)
        passed = time_s - last
        if -GAP_SECONDS < passed <= 0:
            self._last_s = last
            return None
        usual = median(self._intervals) if self._intervals else passed
        longest = max(GAP_SECONDS, min(2 * usual, LONGEST_GAP_SECONDS))
        is_gap = not 0 < passed <= longest
        if passed > 0:
            # A gap counts too: after a few, it is the new pace.
            self._intervals.append(passed)
            usual = median(self._intervals)
        if is_gap:
            return Moment(time_s, 0.0, usual, is_gap=True)
        step = min(passed, max(_LONGEST_STEP, 1.5 * usual))
        return Moment(time_s, step, usual, is_gap=False)


LEAST_STILL_SHARE = 0.02
"""With less than this left beside J and Z, what is left is noise and says nothing."""


@dataclass(frozen=True)
class StillReading:
    """The labels that a still hand can mean, with their shares, float64 `(L,)`, that sum to 1."""

    labels: tuple[str, ...]
    shares: NDArray[np.float64]

    @cached_property
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


@dataclass(frozen=True)
class HandMoment:
    """The hand in one observation, as the rules see it.

    `reading` is None without a hand and where nothing is left beside J and Z. `is_still` holds for
    a hand that is seen, slow enough and not drawing a J or Z. `speed` is in palm lengths per
    second.
    """

    moment: Moment
    reading: StillReading | None
    is_seen: bool
    is_still: bool
    speed: float

    @property
    def still_label(self) -> str | None:
        """The best label of a still hand, None where there is no such thing."""
        if self.reading is None or not self.is_still:
            return None
        return self.reading.best.label
