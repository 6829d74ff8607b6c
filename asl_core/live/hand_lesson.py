"""A guided minute: a person shows each letter to the camera, and each is taught once it is held."""

from dataclasses import dataclass
from typing import Literal

from asl_core.alphabet import STATIC_LETTERS
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.spelling.settings import STANDARD
from asl_core.spelling.signs import HandObservation

ROUNDS = 2
"""Each letter is taught so often: with one photo nothing could be tested by leaving it out."""

HOLD_S = 0.7
"""A letter that the model reads as the one that is asked for is taught after so long."""

DOUBTFUL_HOLD_S = 2.5
"""One that it reads as another: long enough to see what it is taken for, and to change the hand."""

CHANGE_S = 0.5
"""After a letter was taught the next one has at least so long to be formed."""

Waits = Literal["hand", "stillness", "change", "doubt", "hold", "nothing"]
"""What a letter waits for: a hand; a hand that keeps still; that the last letter is given up; only
time, though the model reads another letter; only time; nothing, as all letters were taught."""


@dataclass(frozen=True)
class LessonState:
    """Where a lesson is: the letter that is asked for, and how far its hold has come.

    `letter` is None when all were taught. `taught` of `total` photos are done; `read_as` is what
    the model takes the hand for, None without a hand. `progress` is in 0-1.
    """

    letter: str | None
    taught: int
    total: int
    waits_for: Waits
    progress: float = 0.0
    read_as: str | None = None


class HandLesson:
    """Asks for each letter in turn and teaches the hand that is held still; not thread-safe.

    The letters come in the order of the alphabet, twice, so that two photos of a letter are not of
    one moment. What `hand` already knows is not asked again.
    """

    def __init__(self, hand: TaughtHand) -> None:
        self._hand = hand
        self._skipped: set[tuple[int, str]] = set()
        self._held_since_s: float | None = None
        self._taught_s = float("-inf")
        self._last: str | None = None
        self._state = LessonState(None, 0, 0, "hand")
        self._say("hand")

    @property
    def hand(self) -> TaughtHand:
        """What was taught so far."""
        return self._hand

    @property
    def state(self) -> LessonState:
        """Where the lesson is."""
        return self._state

    def skip(self) -> None:
        """Leave out the letter that is asked for, this time."""
        if (asked := self._asked()) is not None:
            self._skipped.add(asked)
        self._begin_next()

    def repeat(self) -> None:
        """Forget the last photo and ask for its letter again."""
        if self._hand.photos:
            last = self._hand.photos[-1].label
            kept = [photo for photo in self._hand.photos[:-1] if photo.label == last]
            hand = self._hand.without_letter(last)
            for photo in kept:
                hand = hand.with_photo(photo.label, photo.evidence)
            self._hand = hand
            self._last = None
        self._begin_next()

    def observe(self, seen: HandObservation) -> str | None:
        """Take one frame; return the letter that it taught, mostly None."""
        asked = self._asked()
        if asked is None:
            return None
        prediction = seen.prediction
        if prediction is None or prediction.evidence is None:
            self._held_since_s, self._last = None, None
            self._say("hand")
            return None
        read_as = prediction.best.label
        waits = self._obstacle(asked[1], read_as, seen)
        if waits is not None:
            self._held_since_s = None
            self._say(waits, read_as=read_as)
            return None
        return self._hold(asked[1], seen, read_as)

    def _obstacle(self, asked: str, read_as: str, seen: HandObservation) -> Waits | None:
        """Return what keeps this frame from counting as held."""
        if seen.speed > STANDARD.still_speed:
            self._last = None if seen.time_s - self._taught_s > CHANGE_S else self._last
            return "stillness"
        is_late = seen.time_s - self._taught_s > CHANGE_S
        # The last letter still stands; without this the next one would be taught with its hand.
        if not is_late or (self._last is not None and read_as == self._last != asked):
            return "change"
        return None

    def _hold(self, asked: str, seen: HandObservation, read_as: str) -> str | None:
        assert seen.prediction is not None and seen.prediction.evidence is not None
        if self._held_since_s is None:
            self._held_since_s = seen.time_s
        needed = HOLD_S if read_as == asked else DOUBTFUL_HOLD_S
        progress = (seen.time_s - self._held_since_s) / needed
        if progress < 1:
            self._say("hold" if read_as == asked else "doubt", progress, read_as)
            return None
        self._hand = self._hand.with_photo(asked, seen.prediction.evidence)
        self._taught_s, self._last = seen.time_s, read_as
        self._begin_next()
        return asked

    def _asked(self) -> tuple[int, str] | None:
        """Return round and letter of what is asked for."""
        for number in range(1, ROUNDS + 1):
            for letter in STATIC_LETTERS:
                if self._hand.count(letter) < number and (number, letter) not in self._skipped:
                    return number, letter
        return None

    def _begin_next(self) -> None:
        self._held_since_s = None
        self._say("change" if self._last is not None else "hand")

    def _say(self, waits: Waits, progress: float = 0.0, read_as: str | None = None) -> None:
        asked = self._asked()
        total = ROUNDS * len(STATIC_LETTERS)
        taught = sum(min(self._hand.count(letter), ROUNDS) for letter in STATIC_LETTERS)
        letter = asked[1] if asked is not None else None
        waits = waits if asked is not None else "nothing"
        self._state = LessonState(letter, taught, total, waits, min(progress, 1.0), read_as)
