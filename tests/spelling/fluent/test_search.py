"""The search finds the best path, settles what is certain, and counts letters right."""

import itertools

import numpy as np
import pytest

from asl_core.spelling.fluent.letter_order import NO_LETTER, ORDER_SHAPE
from asl_core.spelling.fluent.network import BLANK, CLASS_COUNT
from asl_core.spelling.fluent.search import LetterSearch

A, B, C = 1, 2, 3


def scores(*ticks: int, sure: float = 4.0):
    rows = np.full((len(ticks), CLASS_COUNT), -sure)
    rows[np.arange(len(ticks)), ticks] = 0.0
    return rows


def read(rows, cost=1.0, least=2, longest=90, order=None):
    search = LetterSearch(cost, least, longest, order)
    runs = []
    for row in rows:
        search.push(row)
        runs += search.settle()
    return [run.letter for run in runs + search.finish()]


def test_letters_come_out_once_each():
    assert read(scores(0, A, A, A, B, B, B, 0, C, C, C, 0)) == [A, B, C]


def test_a_letter_twice_needs_a_blank_between():
    assert read(scores(A, A, A, A, A, A)) == [A]
    assert read(scores(A, A, A, 0, A, A, A)) == [A, A]


def test_a_letter_too_short_to_be_one_is_passed_over():
    assert read(scores(A, A, A, B, A, A, A), least=3) == [A]


def test_a_cost_that_is_too_high_reads_nothing():
    assert read(scores(0, A, A, 0), cost=100.0) == []


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_best_of_all_paths(seed):
    rows = np.random.default_rng(seed).normal(0, 2, (6, CLASS_COUNT))
    rows[:, 3:] = -50
    best = max(itertools.product((BLANK, A, B), repeat=6), key=lambda p: total(p, rows, 1.0))
    assert read(rows, cost=1.0, least=1) == letters(best)


def total(path, rows, cost):
    entered = sum(p != BLANK and (i == 0 or p != path[i - 1]) for i, p in enumerate(path))
    return sum(rows[i, p] for i, p in enumerate(path)) - cost * entered


def letters(path):
    return [p for i, p in enumerate(path) if p != BLANK and (i == 0 or p != path[i - 1])]


@pytest.mark.parametrize("seed", range(5))
def test_with_an_order_it_is_the_best_of_all_paths(seed):
    random = np.random.default_rng(seed)
    rows = random.normal(0, 2, (6, CLASS_COUNT))
    rows[:, 3:] = -50
    order = random.normal(0, 2, ORDER_SHAPE)

    def with_order(path):
        spelled = [NO_LETTER] + [letter - 1 for letter in letters(path)]
        likely = sum(order[pair] for pair in itertools.pairwise(spelled))
        return total(path, rows, 1.0) + likely

    best = max(itertools.product((BLANK, A, B), repeat=6), key=with_order)
    assert read(rows, cost=1.0, least=1, order=order) == letters(best)


def test_the_order_decides_between_letters_that_look_alike():
    rows = scores(A, A, A, B, B, B)
    rows[3:, C] = 0.0
    order = np.zeros(ORDER_SHAPE)
    order[A - 1, C - 1] = 1.0
    assert read(rows, order=order) == [A, C]
    order[A - 1] = 0.0
    order[A - 1, B - 1] = 1.0
    assert read(rows, order=order) == [A, B]


def test_settled_letters_and_tail_together_are_the_best_path():
    rows = np.random.default_rng(1).normal(0, 2, (200, CLASS_COUNT))
    search = LetterSearch(2.0, 2, 90)
    settled = []
    for row in rows:
        search.push(row)
        settled += search.settle()
    without = LetterSearch(2.0, 2, 10_000)
    for row in rows:
        without.push(row)
    whole = [(run.letter, run.first, run.last) for run in without.tail()]
    found = [(run.letter, run.first, run.last) for run in settled + search.tail()]
    assert settled and found == whole


def test_nothing_stays_open_forever():
    rows = np.zeros((300, CLASS_COUNT))
    search = LetterSearch(1.0, 2, 30)
    for row in rows:
        search.push(row)
        search.settle()
        assert search.open_ticks <= 31


def test_after_the_end_a_word_begins_anew():
    search = LetterSearch(1.0, 2, 90)
    for row in scores(A, A, A):
        search.push(row)
    assert [run.letter for run in search.finish()] == [A]
    assert search.finish() == []
