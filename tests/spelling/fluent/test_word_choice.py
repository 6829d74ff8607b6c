"""A known word is suggested where it explains what was seen better than the letters as read."""

import math

import numpy as np
import pytest

from asl_core.alphabet import LETTERS
from asl_core.spelling.fluent.word_choice import SpellingCosts, WordChoice
from asl_core.spelling.word_list import known_words


@pytest.fixture(scope="module")
def choice():
    return WordChoice(known_words())


def seen(read, doubt=(), sure=6.0):
    """Mean scores of each letter of `read`; `doubt` maps a place to a letter that is as likely."""
    scores = np.full((len(read), len(LETTERS)), -sure)
    for place, letter in enumerate(read):
        scores[place, LETTERS.index(letter)] = 0.0
        if place in dict(doubt):
            scores[place, LETTERS.index(dict(doubt)[place])] = -0.2
    return scores


@pytest.mark.parametrize(
    ("read", "doubt", "word"),
    [
        ("WHARE", {3: "L"}, "WHALE"),
        ("HOUS", {}, "HOUSE"),
        ("HELO", {}, "HELLO"),
        ("BEAUTFUL", {}, "BEAUTIFUL"),
    ],
    ids=["a letter in doubt", "one missed", "a twin missed", "one missed of many"],
)
def test_a_word_that_was_nearly_read_is_suggested(choice, read, doubt, word):
    assert choice.choose(read, seen(read, doubt.items())) == word


def test_a_letter_that_was_seen_clearly_is_not_explained_away(choice):
    assert choice.choose("WHARE", seen("WHARE", sure=12.0)) in (None, "WHARE")


@pytest.mark.parametrize("word", ["WHALE", "HELLO", "AT"])
def test_a_word_that_was_read_surely_stays(choice, word):
    assert choice.choose(word, seen(word)) == word


@pytest.mark.parametrize("name", ["KUHAYLAH", "ZOYA", "XIOMARA", "SIOBHAN", "LANIER"])
def test_a_name_that_was_read_surely_is_not_bent(choice, name):
    assert choice.choose(name, seen(name, sure=12.0)) in (None, name)


@pytest.mark.parametrize("read", ["", "A", "A" * 15], ids=["nothing", "a letter", "too long"])
def test_nothing_is_suggested_where_no_word_can_be(choice, read):
    assert choice.choose(read, seen(read)) is None


class FewWords:
    words = ("CAB", "ABBA", "B")


COSTS = SpellingCosts(
    sharpness=1, misread=8, added=5, missed=3, missed_twin=2, known=-100, rarity=0.5, order=0
)
"""So cheap are known words here that one is always chosen."""


@pytest.mark.parametrize(
    ("read", "word"),
    [("CAB", "CAB"), ("CAAB", "CAB"), ("ABA", "ABBA"), ("CB", "CAB"), ("BB", "ABBA")],
)
def test_the_cheapest_edits_win(read, word):
    assert WordChoice(FewWords(), COSTS).choose(read, seen(read)) == word


@pytest.mark.parametrize("misread", [3.0, 8.0])
def test_costs_are_those_of_the_edits(misread):
    """CAR for CAB: one letter misread, of which the scores say -6 and the floor more."""
    costs = SpellingCosts(**{**vars(COSTS), "misread": misread, "known": 0})
    scores = seen("CAR")
    own = -math.log(1 / (1 + 25 * math.exp(-6)) + math.exp(-misread))
    other = -math.log(math.exp(-6) / (1 + 25 * math.exp(-6)) + math.exp(-misread))
    missing = other - own + math.log(1) * costs.rarity
    for known, chosen in ((-missing - 0.01, "CAB"), (-missing + 0.01, None)):
        choice = WordChoice(FewWords(), SpellingCosts(**{**vars(costs), "known": known}))
        assert choice.choose("CAR", scores) == chosen


def test_a_frequent_word_stands_before_a_rare_one_that_is_as_near():
    class Ranked:
        words = ("CAN", "CAB")

    scores = seen("CAR")
    assert WordChoice(Ranked(), COSTS).choose("CAR", scores) == "CAN"
    Ranked.words = ("CAB", "CAN")
    assert WordChoice(Ranked(), COSTS).choose("CAR", scores) == "CAB"
