"""Turns flickering predictions into signs that were held: all rules are in seconds."""

from asl_core.alphabet import NOTHING
from asl_core.letters.motion.letter import MotionLetter
from asl_core.spelling.hand_moment import (
    HandMoment,
    Moment,
    Pace,
    SmoothedReading,
    still_reading,
)
from asl_core.spelling.hold import Hold, LoweredHand, Release
from asl_core.spelling.settings import STANDARD, SpellingSettings
from asl_core.spelling.signs import (
    START_POSES,
    HandObservation,
    SpellingState,
    StableSign,
    WaitsFor,
    is_part_of_stroke,
)


class LetterStabilizer:
    """Decides when the hand has said something. Feed it every observation, in order.

    - A sign counts when it was the best reading, smoothed and at least at the rejection threshold,
      in a still hand for `hold_seconds`; shorter other readings pause the hold without ending it.
    - The same sign counts again after a Release.
    - A J or Z that a motion reader has read counts at once. It replaces a still letter that was
      its start pose: one committed at most 0.5 s before the stroke, and not let go of until then;
      or any letter whose hold began within the stroke. The start poses, and what the hand shows
      at its end, count again only after a Release.
    - No hand for `space_seconds` is a space, one for each time the hand is gone.
    - After 1.5 s without observations, or two intervals at a slow pace, all holds are forgotten.
    """

    def __init__(self, rejection_threshold: float, settings: SpellingSettings = STANDARD) -> None:
        """`rejection_threshold` in 0-1: a smaller smoothed share is not believed."""
        self.settings = settings
        self._threshold = rejection_threshold
        self.reset()

    @property
    def state(self) -> SpellingState:
        """What the last observation made of the hand."""
        return self._state

    def reset(self) -> None:
        """Forget the hand: what it holds, what it has to let go of, and how long it is gone."""
        self._pace = Pace()
        self._state = SpellingState()
        self._forget_hand()

    def settle(self) -> tuple[StableSign, ...]:
        """Return nothing: a letter counts or it does not."""
        return ()

    def finish(self) -> tuple[StableSign, ...]:
        """Forget the hand; a hold that is not complete is no letter."""
        self.reset()
        return ()

    def update(self, observation: HandObservation) -> tuple[StableSign, ...]:
        """Take one observation and return the signs that it completed, mostly none."""
        moment = self._pace.advance(observation.time_s)
        if moment is None:
            return ()
        if moment.is_gap:
            self._forget_hand()
        hand = self._hand_moment(observation, moment)
        # First, so that the frame in which the hand lets go can begin the next hold.
        self._release.follow(hand, self._threshold, self.settings)
        stroke = observation.motion_letter
        sign = self._held(hand) if stroke is None else self._drawn(stroke, hand)
        space = self._lowered.follow(hand.is_seen, moment, self.settings.space_seconds)
        self._state = self._new_state(hand, sign, observation.is_tracing)
        return tuple(given for given in (sign, space) if given is not None)

    def _forget_hand(self) -> None:
        self._hold: Hold | None = None
        self._challenger: Hold | None = None
        self._release = Release()
        self._smoothed = SmoothedReading()
        self._last_sign: StableSign | None = None
        self._lowered = LoweredHand()

    def _hand_moment(self, observation: HandObservation, moment: Moment) -> HandMoment:
        prediction = observation.prediction
        reading = None if prediction is None else still_reading(prediction)
        if reading is None:
            self._smoothed.clear()
        else:
            self._smoothed.add(reading, moment.step_s, self.settings.smoothing_seconds)
        is_seen = prediction is not None
        is_slow = observation.speed <= self.settings.still_speed
        is_still = is_seen and is_slow and not observation.is_tracing
        return HandMoment(moment, reading, is_seen, is_still, observation.speed)

    def _held(self, hand: HandMoment) -> StableSign | None:
        """Return the sign whose hold this observation completes."""
        self._follow_holds(hand)
        hold = self._hold
        if hold is None or hold.start_s is None or not hold.is_shown:
            return None
        if not hold.is_complete(hand.moment, self.settings):
            return None
        sign = StableSign(hold.label, hold.start_s, hand.moment.time_s, hold.confidence)
        self._last_sign = sign
        self._hold = self._challenger = None
        self._release.spend(frozenset({sign.label}))
        return sign

    def _follow_holds(self, hand: HandMoment) -> None:
        """Follow the hold, and beside it the sign that may take its place.

        The challenger counts from its own first frame, so that a change of sign costs no time.
        """
        label = self._countable(hand)
        hold = self._hold
        if hold is not None:
            hold.follow(hand, self._threshold, self.settings)
            has_no_claim = hold.start_s is None and hold.label != label
            hold = None if hold.is_over or has_no_claim else hold
        rival = None
        if label is not None and (hold is None or hold.label != label):
            rival = self._challenger
            if rival is None or rival.label != label:
                rival = Hold(label)
            rival.follow(hand, self._threshold, self.settings)
        self._hold, self._challenger = (hold, rival) if hold is not None else (rival, None)

    def _countable(self, hand: HandMoment) -> str | None:
        label = hand.still_label
        return None if label == NOTHING or label in self._release.labels else label

    def _drawn(self, stroke: MotionLetter, hand: HandMoment) -> StableSign:
        """Return the J or Z that was drawn, and what it replaces."""
        last, left_s = self._last_sign, self._release.left_s
        pose = last if last is not None and is_part_of_stroke(last, left_s, stroke) else None
        self._last_sign = self._hold = self._challenger = None
        # The hand rests for a moment where its stroke ends: that shape is no letter of its own.
        end_pose = hand.still_label
        self._release.spend(START_POSES[stroke.letter] | ({end_pose} if end_pose else set()))
        return StableSign(stroke.letter, stroke.start_s, stroke.end_s, stroke.confidence, pose)

    def _new_state(
        self, hand: HandMoment, sign: StableSign | None, is_tracing: bool
    ) -> SpellingState:
        waits_for = self._waits_for(hand, is_tracing)
        candidate, progress = None, 0.0
        if sign is not None:
            candidate, progress = sign.label, 1.0
        elif self._hold is not None and self._hold.start_s is not None:
            candidate = self._hold.label
            progress = min(1.0, self._hold.held_s(hand.moment) / self.settings.hold_seconds)
        current = self._smoothed.current
        if current is None or current.best.label == NOTHING:
            return SpellingState(candidate, progress, None, 0.0, waits_for)
        best = current.best
        return SpellingState(candidate, progress, best.label, best.confidence, waits_for)

    def _waits_for(self, hand: HandMoment, is_tracing: bool) -> WaitsFor:
        if not hand.is_seen:
            return "hand"
        if is_tracing:
            return "stroke"
        if not hand.is_still:
            return "stillness"
        if self._release.shows(hand, self._threshold):
            return "release"
        return "hold" if self._hold is not None and self._hold.is_shown else "certainty"
