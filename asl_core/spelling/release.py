"""Whether the hand has let go of the sign that was just committed."""

from asl_core.spelling.hold import Look
from asl_core.spelling.settings import SpellingSettings

_CLEARLY_LESS = 0.5
_ROUNDING = 1e-6


class Release:
    """Keeps a committed sign from being committed again while the hand still stands there.

    It ends when for `release_seconds` there was no hand, a moving hand or another shape, or when
    the hand moved faster than `slide_speed` for `slide_seconds`. A shape counts as another one when
    the sign's share fell below half of the threshold, so that a wavering reading is no release.
    """

    def __init__(self) -> None:
        self.labels: frozenset[str] = frozenset()
        self.left_s: float | None = None
        self._fast_since_s: float | None = None

    def spend(self, labels: frozenset[str]) -> None:
        """Begin to wait until the hand lets go of these labels."""
        self.labels = labels
        self.left_s = self._fast_since_s = None

    def shows(self, look: Look, threshold: float) -> bool:
        """Whether the hand stands in one of the committed signs."""
        if look.reading is None or not look.is_still:
            return False
        shares = (look.reading.share_of(label) for label in self.labels)
        return max(shares, default=0.0) >= threshold * _CLEARLY_LESS

    def see(self, look: Look, threshold: float, settings: SpellingSettings) -> None:
        """Take an observation; `labels` is empty once the hand has let go.

        `left_s` then keeps the time at which it began to.
        """
        if not self.labels:
            return
        time_s, credit = look.moment.time_s, look.moment.credit_s
        is_away = not self.shows(look, threshold)
        if is_away and self.left_s is None:
            self.left_s = time_s
        is_fast = look.has_hand and look.speed > settings.slide_speed
        if is_fast and self._fast_since_s is None:
            self._fast_since_s = time_s
        # On its return the hand was away until now; while away, this picture's interval counts.
        away = _lasted(self.left_s, time_s, credit if is_away else 0.0)
        fast = _lasted(self._fast_since_s, time_s, credit if is_fast else 0.0)
        if away >= settings.release_seconds or fast >= settings.slide_seconds:
            self.labels = frozenset()
            return
        self.left_s = self.left_s if is_away else None
        self._fast_since_s = self._fast_since_s if is_fast else None


def _lasted(since_s: float | None, time_s: float, credit_s: float) -> float:
    return 0.0 if since_s is None else time_s - since_s + credit_s + _ROUNDING
