"""A hand that is lowered says: the word ends here."""

from asl_core.spelling.pace import Moment
from asl_core.spelling.stable_sign import StableSign

_ROUNDING = 1e-6


class LoweredHand:
    """Gives one space each time that no hand was seen for long enough."""

    def __init__(self) -> None:
        self._gone_since_s: float | None = None
        self._gave_space = False

    def see(self, has_hand: bool, moment: Moment, space_seconds: float) -> StableSign | None:
        """Take an observation; give the space when it is due."""
        if has_hand:
            self._gone_since_s, self._gave_space = None, False
            return None
        if self._gone_since_s is None:
            self._gone_since_s = moment.time_s
        gone = moment.time_s - self._gone_since_s + moment.credit_s
        if self._gave_space or gone < space_seconds - _ROUNDING:
            return None
        self._gave_space = True
        return StableSign("space", self._gone_since_s, moment.time_s, 1.0)
