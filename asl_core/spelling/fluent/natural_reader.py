"""Natural spelling as a SignReader: settled letters count, the unsettled ones are shown."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.fluent.reading import FluentLetter, FluentReading, FluentWord
from asl_core.spelling.settings import STANDARD, SpellingSettings
from asl_core.spelling.signs import HandObservation, SpellingState, StableSign, SuggestedWord

SHOWN_S = 0.6
"""The letter read last is shown as the current one for so long after its last sight."""


class LetterSource(Protocol):
    """What NaturalReader needs of a FluentReader."""

    def update(
        self,
        time_s: float,
        points: NDArray[np.float32] | None,
        is_left: bool = False,
        prediction: LetterPrediction | None = None,
    ) -> FluentReading:
        """Take a frame and return what it changed."""

    def finish(self) -> FluentReading:
        """End the stream and the word under way."""

    def reset(self) -> None:
        """Forget the stream and the word under way."""


class NaturalReader:
    """The way of spelling without holds: a SignReader around one visitor's FluentReader.

    A settled letter counts. What is unsettled is in the state, and is read anew with each frame
    until it is settled. The end of a word is a space. Letters that `settle` returned are not
    returned again, whatever becomes of them in the search. `settings` are kept for whoever asks:
    nothing is held here. Not thread-safe.
    """

    def __init__(self, source: LetterSource) -> None:
        """`source` must be this reader's own."""
        self.settings: SpellingSettings = STANDARD
        self._source = source
        self._suggested: SuggestedWord | None = None
        self._unsettled: tuple[FluentLetter, ...]
        self._state: SpellingState
        self._forget_letters()

    @property
    def state(self) -> SpellingState:
        """What was read up to the last observation."""
        return self._state

    def update(self, observation: HandObservation) -> tuple[StableSign, ...]:
        """Take one observation and return the letters that it settled, and the spaces."""
        now_s, prediction = observation.time_s, observation.prediction
        # The search asks a landmark network of its own; another one's word is no picture's.
        if prediction is not None and prediction.is_by_landmarks:
            prediction = None
        reading = self._source.update(now_s, observation.points, observation.is_left, prediction)
        signs = self._signs(reading, now_s)
        self._unsettled = self._new(reading.unsettled)
        self._show(now_s, observation.points is not None)
        return signs

    def settle(self) -> tuple[StableSign, ...]:
        """Return the unsettled letters as they stand; none of them comes again."""
        signs = tuple(_sign(letter) for letter in self._unsettled)
        if self._unsettled:
            # The letter that is being shown goes on in the search; it begins before this.
            self._taken_s = self._unsettled[-1].end_s
            self._unsettled = ()
            self._state = replace(self._state, unsettled="")
        return signs

    def finish(self) -> tuple[StableSign, ...]:
        """End the stream: the word under way is complete."""
        reading = self._source.finish()
        signs = self._signs(reading, -math.inf)
        self._forget_letters()
        return signs

    def reset(self) -> None:
        """Forget the hand and the word under way; the last word's suggestion stays."""
        self._source.reset()
        self._forget_letters()

    def _forget_letters(self) -> None:
        self._unsettled = ()
        self._taken_s = -math.inf
        self._show(-math.inf, is_seen=False)

    def _signs(self, reading: FluentReading, now_s: float) -> tuple[StableSign, ...]:
        letters = self._new(reading.settled)
        word = reading.ended
        if word is None:
            return tuple(_sign(letter) for letter in letters)
        self._suggested = _suggested(word)
        ends_s = word.letters[-1].end_s
        space = StableSign("space", ends_s, max(ends_s, now_s), 1.0)
        # After a pause the frame that ends a word may already begin the next one.
        own = (_sign(letter) for letter in letters if letter.end_s <= ends_s)
        following = (_sign(letter) for letter in letters if letter.end_s > ends_s)
        return (*own, space, *following)

    def _new(self, letters: Iterable[FluentLetter]) -> tuple[FluentLetter, ...]:
        return tuple(letter for letter in letters if letter.start_s > self._taken_s)

    def _show(self, now_s: float, is_seen: bool) -> None:
        last = self._unsettled[-1] if self._unsettled else None
        is_current = last is not None and is_seen and now_s - last.end_s <= SHOWN_S
        self._state = SpellingState(
            letter=last.letter if last is not None and is_current else None,
            confidence=last.confidence if last is not None and is_current else 0.0,
            waits_for="letters" if is_seen else "hand",
            unsettled="".join(letter.letter for letter in self._unsettled),
            suggested=self._suggested,
            is_natural=True,
        )


def _sign(letter: FluentLetter) -> StableSign:
    return StableSign(letter.letter, letter.start_s, letter.end_s, letter.confidence)


def _suggested(word: FluentWord) -> SuggestedWord | None:
    if word.suggestion is None or word.suggestion == word.text:
        return None
    return SuggestedWord(word.text, word.suggestion)
