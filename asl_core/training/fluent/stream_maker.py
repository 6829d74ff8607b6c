"""Makes streams of hands that spell, or do something else, for training and measuring."""

from dataclasses import dataclass

import numpy as np

from asl_core.moving_hand.hand_track import HandTrack, ShownLetter
from asl_core.training.fluent.camera import SeenHand, seen_hand
from asl_core.training.fluent.parts import Parts
from asl_core.training.fluent.poses import PoseBook
from asl_core.training.fluent.signer import DIGITS, Signer
from asl_core.training.fluent.strokes import StrokeBank
from asl_core.training.fluent.surroundings import Surroundings
from asl_core.training.fluent.word_speller import WordSpeller
from asl_core.training.fluent.words import Texts

SLOWEST, FASTEST = 1.5, 6.5
"""Letters a second."""

_IDLE_SHARE, _HELD_SHARE = 0.12, 0.12
"""How many streams hold no letter at all, and how many a few slow ones."""

_NUMBER_SHARE, _LONGEST_NUMBER = 0.1, 4
"""How often a number stands before a word, as in an address, and its most digits."""


@dataclass(frozen=True)
class SpelledStream:
    """A hand as it is seen, and the letters that it shows, in order."""

    hand: SeenHand
    letters: tuple[ShownLetter, ...]

    @property
    def text(self) -> str:
        """The letters in a row."""
        return "".join(letter.letter for letter in self.letters)


class SpelledStreamMaker:
    """Draws streams at random; the same generator gives the same streams."""

    def __init__(
        self,
        book: PoseBook,
        strokes: StrokeBank,
        texts: Texts,
        random: np.random.Generator,
        parts: Parts | None = None,
    ) -> None:
        self._book, self._strokes, self._texts = book, strokes, texts
        self._random, self._parts = random, parts or Parts()

    def draw(self) -> SpelledStream:
        """Make a stream: mostly a word or two with what surrounds them."""
        kind = self._random.random()
        if kind < _IDLE_SHARE and self._parts.idle:
            return self.idle()
        if kind < _IDLE_SHARE + _HELD_SHARE:
            text = self._texts.draw()[: int(self._random.integers(1, 4))]
            return self.spelled(text, self._random.uniform(0.4, 1.3))
        rate = float(np.exp(self._random.uniform(np.log(SLOWEST), np.log(FASTEST))))
        return self.spelled(self._texts.draw(), rate)

    def idle(self, kind: str | None = None) -> SpelledStream:
        """Make a stream of a hand that spells nothing; `kind` is one of IDLE_KINDS."""
        track = HandTrack()
        around = Surroundings(Signer(self._book, self._random), self._random)
        for _ in range(int(self._random.integers(1, 3))):
            around.idle(track, self._random.uniform(1, 2.5), kind)
        return self._seen(track)

    def passing(self) -> SpelledStream:
        """Make a stream of a hand that comes, rests or moves a little, and leaves."""
        track = HandTrack()
        around = Surroundings(Signer(self._book, self._random), self._random)
        around.arrive(track, "S")
        around.idle(track, self._random.uniform(0.3, 1.5))
        around.leave(track)
        track.unseen.append((track.now_s, np.inf))
        track.now_s += 0.7
        return self._seen(track)

    def spelled(self, text: str, rate: float, is_alone: bool = False) -> SpelledStream:
        """Make a stream of a word at `rate` letters a second.

        Unless `is_alone`, a number may stand before it and another word come after it.
        """
        random = self._random
        signer = Signer(self._book, random)
        around = Surroundings(signer, random)
        speller = WordSpeller(signer, self._strokes, rate, self._parts, random)
        track = HandTrack()
        self._before(track, around, text[0])
        if not is_alone and self._parts.numbers and random.random() < _NUMBER_SHARE:
            speller.count(self._number(), track)
        speller.spell(text, track)
        if not is_alone and random.random() < 0.25:
            if self._parts.arrivals:
                around.pause(track)
            else:
                track.now_s += 0.3
            speller.spell(self._texts.draw(), track)
        self._after(track, around)
        return self._seen(track)

    def counting(self, rate: float) -> SpelledStream:
        """Make a stream of a number alone, at `rate` digits a second; it shows no letter."""
        track = HandTrack()
        signer = Signer(self._book, self._random)
        Surroundings(signer, self._random).arrive(track, "S")
        speller = WordSpeller(signer, self._strokes, rate, self._parts, self._random)
        speller.count(self._number(), track)
        track.unseen.append((track.now_s, np.inf))
        track.now_s += 0.7
        return self._seen(track)

    def _number(self) -> str:
        count = int(self._random.integers(1, _LONGEST_NUMBER + 1))
        return "".join(self._random.choice(list(DIGITS), count))

    def _before(self, track: HandTrack, around: Surroundings, letter: str) -> None:
        kind = self._random.random()
        if kind < 0.25 and self._parts.idle:
            around.idle(track, self._random.uniform(0.4, 1.5))
        elif kind < 0.7 and self._parts.arrivals:
            around.arrive(track, letter)

    def _after(self, track: HandTrack, around: Surroundings) -> None:
        kind = self._random.random()
        if kind < 0.15 and self._parts.idle:
            around.idle(track, self._random.uniform(0.4, 1.5))
        elif kind < 0.65 and self._parts.arrivals:
            around.leave(track)
        if self._random.random() < 0.6:
            track.unseen.append((track.now_s, np.inf))
            track.now_s += self._random.uniform(0.2, 0.8)

    def _seen(self, track: HandTrack) -> SpelledStream:
        return SpelledStream(seen_hand(track, self._parts, self._random), tuple(track.letters))
