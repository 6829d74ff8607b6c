"""Chooses the known word that was probably spelled, if one is likelier than the letters as read."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.spelling.fluent.network import BLANK
from asl_core.spelling.word_list import WordList

UNKNOWN_LETTER_COST = math.log(len(LETTERS))
"""A letter of a word that is in no list: any is as likely."""

_LOOKED_AT = 400
"""Words whose letters are best seen; only these are aligned with the stream."""


@dataclass(frozen=True)
class WordPrior:
    """How much is known beforehand, in nats.

    - known_share: how often a spelled word is in the list; names mostly are not.
    - evidence_weight: of the scores of ticks, which are not independent of each other.
    - letter_cost: of each letter, as in the search.
    """

    known_share: float = 0.5
    evidence_weight: float = 0.5
    letter_cost: float = 1.0


class WordChoice:
    """Compares known words with what was read, by all that was seen; safe to share."""

    def __init__(self, words: WordList, prior: WordPrior | None = None) -> None:
        self._words = words
        self._prior = prior or WordPrior()

    @cached_property
    def _table(self) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.int64]]:
        """All words, how often each letter is in them `(W, 26)`, and their lengths."""
        words = self._words.words
        counts = np.zeros((len(words), len(LETTERS)), np.float32)
        for place, word in enumerate(words):
            for letter in word:
                counts[place, ord(letter) - ord("A")] += 1
        return words, counts, np.array([len(word) for word in words])

    def choose(self, read: str, scores: NDArray[np.float64]) -> str | None:
        """Return the likeliest known word, None where `read` as it stands is likelier.

        `scores` `(K, 27)` are the stream's scores of each tick, blank first.
        """
        if not read:
            return None
        candidates = self._candidates(read, scores)
        if read in self._words:
            candidates = list({*candidates, read})
        if not candidates:
            return None
        prior = self._prior
        aligned = aligned_scores([*candidates, read], scores, prior.letter_cost)
        total = prior.evidence_weight * aligned[:-1]
        total -= np.array([self._words.rarity(word) for word in candidates])
        total += math.log(prior.known_share)
        as_read = prior.evidence_weight * aligned[-1] - UNKNOWN_LETTER_COST * len(read)
        as_read += math.log(1 - prior.known_share)
        best = int(total.argmax())
        return candidates[best] if total[best] > as_read else None

    def _candidates(self, read: str, scores: NDArray[np.float64]) -> list[str]:
        words, counts, lengths = self._table
        seen = (scores[:, 1:] - scores[:, [BLANK]]).max(axis=0)
        near = np.abs(lengths - len(read)) <= max(1, len(read) // 3)
        evidence = counts @ np.clip(seen, -6, 6).astype(np.float32)
        evidence -= 2.0 * np.abs(lengths - len(read))
        evidence[~near] = -np.inf
        chosen = np.argpartition(-evidence, min(_LOOKED_AT, len(words) - 1))[:_LOOKED_AT]
        return [words[place] for place in chosen.tolist() if np.isfinite(evidence[place])]


def aligned_scores(
    words: list[str], scores: NDArray[np.float64], letter_cost: float
) -> NDArray[np.float64]:
    """Return each word's best score along the stream, `(len(words),)`.

    A Viterbi alignment of all words at once: blank, first letter, blank, second ... with blanks
    that may be left out, but for one between equal letters. `scores` is `(K, 27)`.
    """
    longest = max(len(word) for word in words)
    states = np.zeros((len(words), 2 * longest + 1), np.int64)
    for row, word in enumerate(words):
        for place, letter in enumerate(word):
            states[row, 2 * place + 1] = ord(letter) - ord("A") + 1
    may_skip = np.zeros(states.shape, bool)
    may_skip[:, 2:] = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    cost = np.where(states != BLANK, letter_cost, 0.0)
    best = np.full(states.shape, -np.inf)
    best[:, 0] = 0.0
    entering = np.full(states.shape, -np.inf)
    skipping = np.full(states.shape, -np.inf)
    for tick in scores:
        entering[:, 1:] = best[:, :-1]
        skipping[:, 2:] = np.where(may_skip[:, 2:], best[:, :-2], -np.inf)
        best = np.maximum(best, np.maximum(entering, skipping) - cost) + tick[states]
    ends = 2 * np.array([len(word) for word in words])
    rows = np.arange(len(words))
    return np.asarray(np.maximum(best[rows, ends], best[rows, ends - 1]))
