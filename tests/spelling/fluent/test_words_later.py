import threading

import numpy as np

from asl_core.spelling.fluent.words_later import WordsLater
from asl_core.spelling.word_list import known_words

SCORES = np.full((3, 26), -5.0)
SCORES[[0, 1, 2], [2, 0, 19]] = 0.0
"""C, A, T, each seen clearly."""


def test_nothing_is_suggested_before_the_words_are_loaded():
    go_on = threading.Event()

    def load():
        assert go_on.wait(10)
        return known_words()

    words = WordsLater(load)
    assert (words.is_ready, words.choose("CAT", SCORES)) == (False, None)
    go_on.set()
    assert words.wait(60)
    assert words.choose("CAT", SCORES) == "CAT"


def test_one_that_waits_does_not_wait_for_ever():
    go_on = threading.Event()
    words = WordsLater(lambda: go_on.wait(10) and known_words())
    assert not words.wait(0.01)
    go_on.set()
    assert words.wait(60)
