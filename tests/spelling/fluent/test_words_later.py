import threading

import numpy as np

from asl_core.spelling.fluent.words_later import WordsLater

SCORES = np.full((12, 27), -5.0)
SCORES[:4, 3] = SCORES[4:8, 1] = SCORES[8:, 20] = 0.0
"""C, A, T, four ticks each."""


class FewWords:
    words = ("CAT", "DOG")

    def __contains__(self, word):
        return word in self.words

    def rarity(self, word):
        return 5.0


def test_nothing_is_suggested_before_the_words_are_loaded():
    go_on = threading.Event()

    def load():
        assert go_on.wait(10)
        return FewWords()

    words = WordsLater(load)
    assert (words.is_ready, words.choose("CAT", SCORES)) == (False, None)
    go_on.set()
    assert words.wait(10)
    assert words.choose("CAT", SCORES) == "CAT"


def test_one_that_waits_does_not_wait_for_ever():
    go_on = threading.Event()
    words = WordsLater(lambda: go_on.wait(10) and FewWords())
    assert not words.wait(0.01)
    go_on.set()
    assert words.wait(10)
