from itertools import combinations

import pytest

from asl_core.alphabet import LETTERS
from asl_core.letter_tips import SHAPES, is_known_pair, look_alikes, no_hand_tip, pair_tip

LOOKALIKES = (
    "MNT",
    "AEST",
    "UVR",
    "KV",
    "UK",
    "GQ",
    "PQ",
    "KP",
    "GP",
    "DZ",
    "DL",
    "IJ",
    "CO",
    "XZ",
)


def test_every_letter_has_a_shape():
    assert tuple(SHAPES) == LETTERS


@pytest.mark.parametrize("group", LOOKALIKES)
def test_known_lookalikes_have_a_tip_of_their_own(group):
    for first, second in combinations(group, 2):
        assert is_known_pair(first, second)
        assert pair_tip(first, second) == pair_tip(second, first)


@pytest.mark.parametrize(("first", "second"), list(combinations(LETTERS, 2)))
def test_a_tip_speaks_of_both_letters(first, second):
    words = pair_tip(first, second).replace(";", " ").replace(",", " ").replace(":", " ").split()
    assert {first, second} <= set(words)
    assert pair_tip(first, second).endswith(".")


def test_an_unusual_pair_is_told_by_its_shapes():
    assert not is_known_pair("B", "Q")
    assert pair_tip("B", "Q") == f"B is {SHAPES['B']}; Q is {SHAPES['Q']}."


def test_a_command_has_no_tip():
    assert pair_tip("A", "space") == pair_tip("nothing", "A") == ""


@pytest.mark.parametrize(
    ("letter", "word"), [("S", "knuckles"), ("N", "knuckles"), ("Q", "Edge-on"), ("Y", "")]
)
def test_a_hand_that_is_not_found_is_turned(letter, word):
    tip = no_hand_tip(letter)
    assert word in tip
    assert bool(tip) == bool(word)


def test_look_alikes_are_the_known_pairs_from_either_side():
    assert dict(look_alikes("K"))["V"] == pair_tip("K", "V") == dict(look_alikes("V"))["K"]
    for letter in LETTERS:
        assert all(is_known_pair(letter, other) for other, _ in look_alikes(letter))
        assert letter not in dict(look_alikes(letter))
