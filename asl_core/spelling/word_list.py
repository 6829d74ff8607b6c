"""The English words that are known, with how often they are written."""

import heapq
import time
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from math import log
from threading import Lock

from symspellpy import SymSpell, Verbosity

WORDS_KEPT = 50_000
"""The most frequent ones; rarer words are more often misread common ones."""

MOST_EDITS = 2
_PREFIX_LENGTH = 6
_AFTER_Z = "["


def frequent_words(count: int) -> list[tuple[str, int]]:
    """Return the `count` most frequent words, in capitals, with how often they are written.

    Of symspellpy's frequency dictionary those of the letters A to Z alone; takes a fifth of a
    second, as no index is made.
    """
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = (line.split() for line in text.read_text("utf-8-sig").splitlines())
    known = ((word.upper(), int(uses)) for word, uses in lines if _is_plain(word))
    return heapq.nlargest(count, known, key=lambda entry: entry[1])


class WordList:
    """symspellpy's frequency dictionary (82,765 English words), upper case, letters only.

    Holds the index for words within an edit distance and a sorted list for beginnings of words.
    Making it takes some seconds; it is read-only afterwards and may be shared by threads.
    """

    def __init__(self) -> None:
        started = time.perf_counter()
        self._index = SymSpell(MOST_EDITS, _PREFIX_LENGTH)
        self._counts = dict(frequent_words(WORDS_KEPT))
        for word, count in self._counts.items():
            self._index.create_dictionary_entry(word, count)
        self._sorted = sorted(self._counts)
        self._total = sum(self._counts.values())
        self.loading_s = time.perf_counter() - started

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def __len__(self) -> int:
        return len(self._counts)

    @property
    def words(self) -> tuple[str, ...]:
        """All known words, the most frequent first."""
        return tuple(self._counts)

    def rarity(self, word: str) -> float:
        """Return -ln of the share that a known word has of all written words."""
        return log(self._total / self._counts[word])

    def near(self, word: str, edits: int) -> tuple[str, ...]:
        """Return the known words at an edit distance of at most `edits`, 0 to 2."""
        found = self._index.lookup(word, Verbosity.ALL, max_edit_distance=edits)
        return tuple(item.term for item in found)

    def beginning_with(self, prefix: str, count: int) -> tuple[str, ...]:
        """Return the `count` most frequent words that begin with `prefix` and are longer."""
        first = bisect_left(self._sorted, prefix)
        last = bisect_left(self._sorted, prefix + _AFTER_Z)
        longer = (word for word in self._sorted[first:last] if word != prefix)
        return tuple(heapq.nlargest(count, longer, key=self._counts.__getitem__))


_loading = Lock()


def known_words() -> WordList:
    """Return the process's word list; the first call loads it. Thread-safe."""
    # Without the lock, two visitors at once would load it twice.
    with _loading:
        return _word_list()


@cache
def _word_list() -> WordList:
    return WordList()


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()
