"""How long a sign is held, when the hand lets go of it, and when it is lowered."""

from asl_core.spelling.hand_moment import HandMoment, Moment, SmoothedReading
from asl_core.spelling.settings import SpellingSettings
from asl_core.spelling.signs import StableSign

LEAST_OBSERVATIONS = 2
"""One picture alone never commits a letter."""

LEAST_SHOWN_SHARE = 0.75
"""A sign must be read for this share of the time since its hold began."""

_ROUNDING = 1e-6
"""Sums of frame times miss a round limit by less; a hold of 0.8 s at 30 frames a second counts."""

_END_CREDIT = 0.05


class Hold:
    """The time for which one sign was read.

    An observation counts that reads the sign in a still hand, where the average over such
    observations is at least the threshold. Others do not count; they end the hold when they last
    longer than a flicker, and keep it from completing when they are too many.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self.start_s: float | None = None
        self.is_shown = False
        self.is_over = False
        self._last_s = 0.0
        self._counted_s = 0.0
        self._passed_s = 0.0
        self._observations = 0
        self._is_interrupted = False
        self._smoothed = SmoothedReading()

    @property
    def confidence(self) -> float:
        """The smoothed share of the sign, in 0-1."""
        current = self._smoothed.current
        return 0.0 if current is None else current.share_of(self.label)

    def follow(self, hand: HandMoment, threshold: float, settings: SpellingSettings) -> None:
        """Take an observation: afterwards `is_shown` and `is_over` say what it meant."""
        self.is_shown = False
        if hand.reading is not None and hand.still_label == self.label:
            self._smoothed.add(hand.reading, hand.moment.step_s, settings.smoothing_seconds)
            self.is_shown = self.confidence >= threshold
        if self.start_s is None:
            if self.is_shown:
                self.start_s = hand.moment.time_s
                self._note_shown(hand.moment)
            return
        self._passed_s += hand.moment.step_s
        self._is_interrupted = self._is_interrupted or not self.is_shown
        # A single wrong reading is a flicker. At 5 frames a second it already lasts 0.2 s, longer
        # than flicker_seconds, so the limit grows with the interval between frames.
        credit = hand.moment.credit_s
        allowed = max(settings.flicker_seconds + credit, 2 * credit) + _ROUNDING
        if self._is_interrupted and hand.moment.time_s - self._last_s > allowed:
            self.is_over, self.is_shown = True, False
        elif self.is_shown:
            self._counted_s += hand.moment.step_s
            self._note_shown(hand.moment)

    def _note_shown(self, moment: Moment) -> None:
        self._last_s = moment.time_s
        self._observations += 1
        self._is_interrupted = False

    def held_s(self, moment: Moment) -> float:
        """Return the seconds counted so far.

        The first observation stands for one interval, and the end may lie up to an interval after
        the last one; of that, 0.05 s at most is granted, so that at 20 frames a second and more a
        sign that was held long enough always counts.
        """
        if self.start_s is None:
            return 0.0
        return self._counted_s + moment.credit_s + min(moment.interval_s, _END_CREDIT)

    def is_complete(self, moment: Moment, settings: SpellingSettings) -> bool:
        """Whether the sign was held long enough, steadily and in more than one observation."""
        is_long = self.held_s(moment) >= settings.hold_seconds - _ROUNDING
        is_steady = self._counted_s >= LEAST_SHOWN_SHARE * self._passed_s - _ROUNDING
        return is_long and is_steady and self._observations >= LEAST_OBSERVATIONS


_CLEARLY_LESS = 0.5


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

    def shows(self, hand: HandMoment, threshold: float) -> bool:
        """Whether the hand stands in one of the committed signs."""
        if hand.reading is None or not hand.is_still:
            return False
        shares = (hand.reading.share_of(label) for label in self.labels)
        return max(shares, default=0.0) >= threshold * _CLEARLY_LESS

    def follow(self, hand: HandMoment, threshold: float, settings: SpellingSettings) -> None:
        """Take an observation; `labels` is empty once the hand has let go.

        `left_s` then keeps the time at which it began to.
        """
        if not self.labels:
            return
        time_s, credit = hand.moment.time_s, hand.moment.credit_s
        # Half of the threshold, not the threshold: a reading that wavers about it is no release.
        is_away = not self.shows(hand, threshold)
        if is_away and self.left_s is None:
            self.left_s = time_s
        # For a double letter signers slide the hand aside without opening it: speed alone counts.
        is_fast = hand.is_seen and hand.speed > settings.slide_speed
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


class LoweredHand:
    """Types one space each time that no hand was seen for long enough."""

    def __init__(self) -> None:
        self._gone_since_s: float | None = None
        self._gave_space = False

    def follow(self, is_seen: bool, moment: Moment, space_seconds: float) -> StableSign | None:
        """Take an observation and return the space when it is due."""
        if is_seen:
            self._gone_since_s, self._gave_space = None, False
            return None
        if self._gone_since_s is None:
            self._gone_since_s = moment.time_s
        gone = moment.time_s - self._gone_since_s + moment.credit_s
        if self._gave_space or gone < space_seconds - _ROUNDING:
            return None
        self._gave_space = True
        return StableSign("space", self._gone_since_s, moment.time_s, 1.0)
