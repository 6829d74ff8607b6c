"""What made-up signers spell: words, names, and letters in any order."""

from collections.abc import Sequence

import numpy as np

from asl_core.alphabet import LETTERS
from asl_core.spelling.fluent.letter_order import word_weights

_LONGEST = 12

WORD_SHARE, NAME_SHARE = 0.45, 0.35
"""How many are words and names; the others are letters in any order, so that each is common."""


class Texts:
    """Draws what to spell; `words` are in capitals, the most frequent first."""

    def __init__(
        self, words: Sequence[str], random: np.random.Generator, with_names: bool = True
    ) -> None:
        self._words = [word for word in words if 2 <= len(word) <= _LONGEST]
        weights = np.array(list(word_weights(self._words).values()))
        self._until = np.cumsum(weights) / weights.sum()
        self._random, self._with_names = random, with_names

    def draw(self) -> str:
        """Draw a word, a name or letters in any order."""
        kind = self._random.random()
        if kind < WORD_SHARE or not self._with_names:
            return self.word()
        if kind < WORD_SHARE + NAME_SHARE:
            return self.name()
        length = int(self._random.integers(2, 9))
        return "".join(self._random.choice(LETTERS, length))

    def word(self) -> str:
        """Draw a word, a frequent one more often."""
        place = np.searchsorted(self._until, self._random.random())
        return self._words[min(int(place), len(self._words) - 1)]

    def name(self) -> str:
        """Make up something that is no word: the beginning of one and the end of another."""
        first, second = self.word(), self.word()
        return first[: max(1, (len(first) + 1) // 2)] + second[len(second) // 2 :]
