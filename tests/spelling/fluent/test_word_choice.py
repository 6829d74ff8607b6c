"""A known word is suggested where it explains what was seen better than the letters as read."""

import itertools

import numpy as np
import pytest

from asl_core.spelling.fluent.network import CLASS_COUNT
from asl_core.spelling.fluent.word_choice import WordChoice, aligned_scores
from asl_core.spelling.word_list import known_words


@pytest.fixture(scope="module")
def choice():
    return WordChoice(known_words())


def seen(text, doubt=(), sure=6.0):
    """Scores of four ticks a letter and two blank ones; `doubt` maps a place to a second letter."""
    rows = []
    for place, letter in enumerate(text):
        for shown in [letter] * 4 + [None] * 2:
            row = np.full(CLASS_COUNT, -sure)
            row[0 if shown is None else ord(shown) - 64] = 0.0
            if shown and place in dict(doubt):
                row[ord(dict(doubt)[place]) - 64] = -0.2
            rows.append(row)
    return np.array(rows)


def test_a_word_that_was_nearly_read_is_suggested(choice):
    assert choice.choose("WHARE", seen("WHARE", {3: "L"}.items())) == "WHALE"


def test_a_word_that_was_read_surely_stays(choice):
    assert choice.choose("WHALE", seen("WHALE")) == "WHALE"


@pytest.mark.parametrize("name", ["KUHAYLAH", "JANI", "ZOYA", "XIOMARA", "SIOBHAN"])
def test_a_name_that_was_read_surely_is_not_bent(choice, name):
    assert choice.choose(name, seen(name)) in (None, name)


def test_nothing_read_gives_no_word(choice):
    assert choice.choose("", seen("A")) is None


@pytest.mark.parametrize("word", ["AB", "AAB", "ABA"])
def test_alignment_is_the_best_of_all_paths(word):
    rows = np.random.default_rng(len(word)).normal(0, 2, (6, CLASS_COUNT))
    paths = itertools.product(range(3), repeat=6)
    best = max(score(path, rows) for path in paths if spelled(path) == word)
    assert aligned_scores([word, "C"], rows, 1.0)[0] == pytest.approx(best)


def spelled(path):
    entered = [p for i, p in enumerate(path) if p and (i == 0 or p != path[i - 1])]
    return "".join("-AB"[p] for p in entered)


def score(path, rows):
    return sum(rows[i, p] for i, p in enumerate(path)) - len(spelled(path))
