"""How likely a letter is after the one before it: what is known of spelling beside what is seen."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS

LETTER_COUNT = len(LETTERS)
NO_LETTER = LETTER_COUNT
"""Stands for what is before the first letter of a word."""

ORDER_SHAPE = (LETTER_COUNT + 1, LETTER_COUNT)

_ANY_SHARE = 0.1
"""So much of each letter's chance is that of any letter: names and codes follow no rule."""

_FEW = 1e-3
"""A letter before which so small a share of all letters stands says as much of what follows as all
letters together."""


def word_weights(words: Sequence[str]) -> dict[str, float]:
    """Return how much each word counts; `words` are in capitals, the most frequent first.

    Words are spelled less unevenly than they are written: the root of Zipf's 1 / rank.
    """
    return {word: (rank + 1) ** -0.5 for rank, word in enumerate(words)}


def letter_order(weights: Mapping[str, float]) -> NDArray[np.float32]:
    """Return how much likelier than by chance each letter is, float32 `ORDER_SHAPE` in nats.

    `weights` holds words in capitals and how much each counts. The first axis is the letter before,
    NO_LETTER before a word's beginning, the second the letter that follows. What is rarely seen
    leans on how frequent the letter is anywhere (Jelinek and Mercer 1980).
    """
    counts = np.zeros(ORDER_SHAPE)
    for word, weight in weights.items():
        before = NO_LETTER
        for letter in word:
            place = LETTERS.index(letter)
            counts[before, place] += weight
            before = place
    counts /= max(float(counts.sum()), 1e-9)
    alone = counts.sum(axis=0)
    alone = (alone + _FEW / LETTER_COUNT) / (alone.sum() + _FEW)
    shares = (counts + _FEW * alone) / (counts.sum(axis=1, keepdims=True) + _FEW)
    likely = (1 - _ANY_SHARE) * shares + _ANY_SHARE / LETTER_COUNT
    return np.asarray(np.log(likely * LETTER_COUNT), np.float32)
