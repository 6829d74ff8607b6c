"""Chooses the known word that was probably spelled, if one is likelier than the letters as read."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.letters.prediction import log_softmax
from asl_core.spelling.fluent.letter_order import NO_LETTER, letter_order, word_weights
from asl_core.spelling.word_list import WordList

_SHORTEST, _LONGEST = 2, 14
"""Letters of the words that are suggested, and in whose place."""


@dataclass(frozen=True)
class SpellingCosts:
    """What each difference between a word and what was read costs, in nats.

    - sharpness: of a letter's scores. Ticks are not independent of each other, so their mean
      counts, not their sum.
    - misread: another letter than the word's costs as little as its scores say, this at most.
    - added: a letter was read that is none.
    - missed, missed_twin: a letter of the word was not read; it is like the one before it.
    - known: any known word, beside letters that are no word.
    - rarity: of the logarithm of a word's rank. Words are spelled less unevenly than written.
    - order: of how unlikely letters that are no word follow each other.
    """

    sharpness: float = 1.5
    misread: float = 12.0
    added: float = 10.0
    missed: float = 4.0
    missed_twin: float = 2.5
    known: float = 3.0
    rarity: float = 0.25
    order: float = 0.85


@dataclass(frozen=True)
class _Words:
    """Words by their length, shortest first.

    `codes` int64 `(longest, W)` are the letters from 0 on, one column for each word, filled up
    with 0; `missed` float32 of that shape is the cost of not reading each. `lengths` int64 `(W,)`
    rises; `rarity` float32 `(W,)` is each word's own cost.
    """

    words: tuple[str, ...]
    codes: NDArray[np.int64]
    missed: NDArray[np.float32]
    lengths: NDArray[np.int64]
    rarity: NDArray[np.float32]


class WordChoice:
    """Compares known words with what was read; safe to share.

    A noisy channel (Kernighan, Church and Gale 1990) of edits (Wagner and Fischer 1974): a word's
    cost is its rarity and the cheapest way from it to the letters that were read. It stands against
    those letters as they are, with how unlikely they follow each other in any word. The costs were
    chosen on made-up words and names of validation signers (docs/fluent.md).
    """

    def __init__(self, words: WordList, costs: SpellingCosts | None = None) -> None:
        self._words = words
        self._costs = costs or SpellingCosts()

    @cached_property
    def _table(self) -> _Words:
        costs = self._costs
        ranked = [(word, rank) for rank, word in enumerate(self._words.words, 1)]
        ranked = [entry for entry in ranked if _SHORTEST <= len(entry[0]) <= _LONGEST]
        ranked.sort(key=lambda entry: len(entry[0]))
        words = tuple(word for word, _ in ranked)
        codes = np.zeros((_LONGEST, len(words)), np.int64)
        missed = np.full(codes.shape, costs.missed, np.float32)
        for column, word in enumerate(words):
            codes[: len(word), column] = _places(word)
        missed[1:][codes[1:] == codes[:-1]] = costs.missed_twin
        ranks = np.array([rank for _, rank in ranked], np.float32)
        lengths = np.array([len(word) for word in words])
        rarity = (costs.rarity * np.log(ranks)).astype(np.float32)
        return _Words(words, codes, missed, lengths, rarity)

    @cached_property
    def _order(self) -> NDArray[np.float32]:
        """Log-probabilities of each letter after the one before it, `(27, 26)`."""
        order = letter_order(word_weights(self._words.words))
        return np.asarray(order - math.log(len(LETTERS)), np.float32)

    def prepare(self) -> None:
        """Make the tables now, which takes half a second, not with the first word."""
        _ = self._table, self._order

    def choose(self, read: str, scores: NDArray[np.float64]) -> str | None:
        """Return the likeliest known word, None where `read` as it stands is likelier.

        `read` is in capitals; `scores` `(len(read), 26)` are the mean scores in nats of all letters
        while each letter was seen. Nothing is suggested for a single letter, nor for more than 14.
        """
        if not _SHORTEST <= len(read) <= _LONGEST:
            return None
        shares = log_softmax((self._costs.sharpness * scores).astype(np.float32))
        # -ln(share + e^-misread)
        misread = -np.logaddexp(shares, np.float32(-self._costs.misread))
        table = self._table
        reach = max(2, len(read) // 3 + 1)
        first = int(np.searchsorted(table.lengths, len(read) - reach))
        last = int(np.searchsorted(table.lengths, len(read) + reach, side="right"))
        if first == last:
            return None
        costs = self._edit_costs(misread, table.codes[:, first:last], table.missed[:, first:last])
        lengths = table.lengths[first:last]
        total = costs[lengths, np.arange(last - first)] + table.rarity[first:last]
        best = int(total.argmin())
        likelier = float(total[best]) + self._costs.known < self._cost_as_read(read, misread)
        return table.words[first + best] if likelier else None

    def _edit_costs(
        self, misread: NDArray[np.float32], codes: NDArray[np.int64], missed: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the cost of reading this for the beginning of each word, `(longest + 1, W)`.

        `misread` `(n, 26)` is the cost of each letter in the place of each that was read.
        """
        cheapest = np.zeros((len(codes) + 1, codes.shape[1]), np.float32)
        cheapest[1:] = np.cumsum(missed, axis=0)
        for letter in misread:
            before = cheapest
            cheapest = before + np.float32(self._costs.added)
            np.minimum(cheapest[1:], before[:-1] + letter[codes], out=cheapest[1:])
            for place, cost in enumerate(missed, 1):
                np.minimum(cheapest[place], cheapest[place - 1] + cost, out=cheapest[place])
        return cheapest

    def _cost_as_read(self, read: str, misread: NDArray[np.float32]) -> float:
        places = _places(read)
        order = self._order[[NO_LETTER, *places[:-1]], places].sum()
        seen = misread[np.arange(len(places)), places].sum()
        return float(seen - self._costs.order * order)


def _places(word: str) -> list[int]:
    return [LETTERS.index(letter) for letter in word]
