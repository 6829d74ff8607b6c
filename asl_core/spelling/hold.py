"""One sign that is being held, and how long it has been."""

from dataclasses import dataclass

from asl_core.spelling.pace import Moment
from asl_core.spelling.settings import SpellingSettings
from asl_core.spelling.still_reading import SmoothedReading, StillReading

LEAST_OBSERVATIONS = 2
"""One picture alone never commits a letter."""

LEAST_SHOWN_SHARE = 0.75
"""A sign must be read for this share of the time since its hold began."""

_ROUNDING = 1e-6
_END_CREDIT = 0.05


@dataclass(frozen=True)
class Look:
    """One observation as the rules see it.

    `reading` is None without a hand and where nothing is left beside J and Z. `is_still` holds for
    a hand that is seen, slow enough and in no stroke.
    """

    moment: Moment
    reading: StillReading | None
    has_hand: bool
    is_still: bool
    speed: float

    @property
    def still_label(self) -> str | None:
        """The best label of a still hand, None where there is no such thing."""
        if self.reading is None or not self.is_still:
            return None
        return self.reading.best.label


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

    def follow(self, look: Look, threshold: float, settings: SpellingSettings) -> None:
        """Take an observation: afterwards `is_shown` and `is_over` say what it meant."""
        self.is_shown = False
        if look.reading is not None and look.still_label == self.label:
            self._smoothed.add(look.reading, look.moment.step_s, settings.smoothing_seconds)
            self.is_shown = self.confidence >= threshold
        if self.start_s is None:
            if self.is_shown:
                self.start_s = look.moment.time_s
                self._note_shown(look.moment)
            return
        self._passed_s += look.moment.step_s
        self._is_interrupted = self._is_interrupted or not self.is_shown
        # At a slow pace one picture lasts longer than a flicker.
        credit = look.moment.credit_s
        allowed = max(settings.flicker_seconds + credit, 2 * credit) + _ROUNDING
        if self._is_interrupted and look.moment.time_s - self._last_s > allowed:
            self.is_over, self.is_shown = True, False
        elif self.is_shown:
            self._counted_s += look.moment.step_s
            self._note_shown(look.moment)

    def _note_shown(self, moment: Moment) -> None:
        self._last_s = moment.time_s
        self._observations += 1
        self._is_interrupted = False

    def held_s(self, moment: Moment) -> float:
        """Give the seconds counted so far.

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
