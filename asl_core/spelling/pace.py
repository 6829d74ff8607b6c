"""How often observations come, so that every rule can be in seconds at any frame rate."""

from collections import deque
from dataclasses import dataclass
from statistics import median

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
