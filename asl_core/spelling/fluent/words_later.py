"""A word choice that is there at once and suggests words as soon as they are loaded."""

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from asl_core.spelling.fluent.word_choice import WordChoice
from asl_core.spelling.word_list import WordList, known_words


class WordsLater(WordChoice):
    """Loads the word list in a thread, which takes seconds; until then no word is suggested.

    Safe to share.
    """

    def __init__(self, load: Callable[[], WordList] = known_words) -> None:
        """`load` is called once, in the thread."""
        self._load = load
        self._loaded: WordChoice | None = None
        self._loader = threading.Thread(target=self._work, name="natural-words", daemon=True)
        self._loader.start()

    @property
    def is_ready(self) -> bool:
        """Whether words are suggested by now."""
        return self._loaded is not None

    def wait(self, seconds: float) -> bool:
        """Wait for the words, so long at most, and return whether they are there."""
        self._loader.join(seconds)
        return self.is_ready

    def choose(self, read: str, scores: NDArray[np.float64]) -> str | None:
        """Return the likeliest known word, None where there is none, or none yet."""
        loaded = self._loaded
        return None if loaded is None else loaded.choose(read, scores)

    def _work(self) -> None:
        choice = WordChoice(self._load())
        # No frame should wait for its tables of 50,000 words.
        choice.prepare()
        self._loaded = choice
