"""How likely letters follow one another, from words and how much each counts."""

import numpy as np
import pytest

from asl_core.alphabet import LETTERS
from asl_core.spelling.fluent.letter_order import NO_LETTER, ORDER_SHAPE, letter_order

WORDS = {"QUEEN": 2.0, "QUIT": 1.0, "ZEBRA": 0.5}


def after(order, before, letter):
    row = NO_LETTER if before is None else LETTERS.index(before)
    return float(order[row, LETTERS.index(letter)])


def test_what_words_show_is_likelier_than_chance_and_the_rest_is_not_ruled_out():
    order = letter_order(WORDS)
    assert order.shape == ORDER_SHAPE
    assert after(order, "Q", "U") > 2.0
    assert after(order, "Q", "X") < 0.0
    assert order.min() > -3.0


def test_every_row_is_a_distribution():
    shares = np.exp(letter_order(WORDS)).sum(axis=1) / len(LETTERS)
    np.testing.assert_allclose(shares, 1.0, rtol=1e-5)


def test_a_word_counts_by_its_weight():
    order = letter_order(WORDS)
    assert after(order, None, "Q") > after(order, None, "Z") > after(order, None, "X")


@pytest.mark.parametrize("words", [{}, {"A": 1.0}])
def test_few_words_say_little_and_break_nothing(words):
    assert np.isfinite(letter_order(words)).all()
