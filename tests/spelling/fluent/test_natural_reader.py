"""Natural spelling as a SignReader around a source that reads what the test tells it."""

import time

import numpy as np
import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.letters.prediction import LetterPrediction, ScoredLabel
from asl_core.spelling.fluent.natural_reader import SHOWN_S, NaturalReader
from asl_core.spelling.fluent.reading import NOTHING_READ, FluentLetter, FluentReading, FluentWord
from asl_core.spelling.signs import HandObservation, SuggestedWord
from asl_core.spelling.speller import Speller

HAND = np.zeros((21, 3), np.float32)
LETTER_S = 0.3


def letters(text, begins=0):
    """Letters one after another, the first at `begins` times 0.3 s."""
    return tuple(
        FluentLetter(letter, (begins + i) * LETTER_S, (begins + i) * LETTER_S + 0.2, 0.9)
        for i, letter in enumerate(text)
    )


class ToldSource:
    """Reads a word of which the first letters are settled; the test moves it on."""

    def __init__(self):
        self.word, self.settled, self.given = "", 0, 0
        self.predictions = []
        self.begins, self.ends, self.suggestion, self.resets = 0, False, None, 0

    def tell(self, word, settled=0, ends=False, suggestion=None):
        self.word, self.settled, self.ends, self.suggestion = word, settled, ends, suggestion

    def update(self, time_s, points, is_left=False, prediction=None):
        self.predictions.append(prediction)
        whole = letters(self.word, self.begins)
        upto = len(whole) if self.ends else self.settled
        settled, self.given = whole[self.given : upto], max(self.given, upto)
        if not self.ends:
            return FluentReading(settled, whole[upto:])
        self.begins += len(whole)
        self.word, self.settled, self.given, self.ends = "", 0, 0, False
        return FluentReading(settled, (), FluentWord(whole, self.suggestion) if whole else None)

    def finish(self):
        self.ends = True
        return self.update(0.0, None)

    def reset(self):
        self.resets += 1
        self.word, self.settled, self.given, self.ends = "", 0, 0, False


class Spelling:
    """A Speller that reads naturally from a ToldSource, with a clock of its own."""

    def __init__(self):
        self.source, self.now_s = ToldSource(), 0.0
        self.speller = Speller(0.8, reader=NaturalReader(self.source))

    def see(self, word, settled=0, ends=False, suggestion=None):
        self.source.tell(word, settled, ends, suggestion)
        self.now_s = max(self.now_s + 1 / 30, (self.source.begins + len(word)) * LETTER_S)
        points = None if ends else HAND
        return self.speller.observe(HandObservation(self.now_s, None, 0.0, points=points))

    @property
    def shown(self):
        return f"{self.speller.transcript.text}|{self.speller.state.unsettled}"


@pytest.fixture
def spelling():
    return Spelling()


def test_settled_letters_count_and_the_others_are_shown(spelling):
    assert spelling.see("WH") == ()
    assert spelling.shown == "|WH"
    given = spelling.see("WHAL", settled=3)
    assert [letter.letter for letter in given] == list("WHA")
    assert spelling.shown == "WHA|L"
    assert given[1].start_s == pytest.approx(0.3)
    assert given[1].confidence == 0.9


def test_an_unsettled_letter_may_change_until_it_is_settled(spelling):
    spelling.see("WHAI")
    spelling.see("WHAL", settled=2)
    assert spelling.shown == "WH|AL"
    spelling.see("WHAL", settled=4)
    assert spelling.shown == "WHAL|"


def test_the_end_of_a_word_is_one_space(spelling):
    spelling.see("WHALE", settled=3)
    assert [letter.letter for letter in spelling.see("WHALE", ends=True)] == list("LE ")
    spelling.see("HORSE", settled=5)
    spelling.see("HORSE", ends=True)
    assert spelling.shown == "WHALE HORSE |"


def test_the_suggested_word_is_offered_and_what_was_read_stays(spelling):
    spelling.see("WHAIE", ends=True, suggestion="WHALE")
    assert spelling.shown == "WHAIE |"
    assert spelling.speller.state.suggested == SuggestedWord("WHAIE", "WHALE")
    spelling.speller.replace_word("WHALE")
    assert spelling.shown == "WHALE |"


def test_a_word_read_as_meant_needs_no_suggestion(spelling):
    spelling.see("WHALE", ends=True, suggestion="WHALE")
    assert spelling.speller.state.suggested is None


COMMANDS = {
    "delete": (lambda s: s.delete(), "WHAL|"),
    "clear": (lambda s: s.clear(), "|"),
    "undo": (lambda s: s.undo(), "WHAL|"),
    "letter": (lambda s: s.type_letter("X"), "WHALEX|"),
    "space": (lambda s: s.type_space(), "WHALE |"),
    "word": (lambda s: s.replace_word("WHEEL"), "WHEEL|"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_acts_on_what_is_shown_and_nothing_comes_back(spelling, name):
    command, after = COMMANDS[name]
    spelling.see("WHALE", settled=3)
    assert spelling.shown == "WHA|LE"
    command(spelling.speller)
    assert spelling.shown == after
    spelling.see("WHALE", settled=4)
    spelling.see("WHALE", settled=4)
    assert spelling.shown == after, "the hand still shows the last letter"
    spelling.see("WHALES", settled=5)
    assert spelling.shown == f"{after}S"
    spelling.see("WHALES", ends=True)
    assert spelling.shown == f"{after[:-1]}S |"


def test_everything_is_undone_letter_by_letter(spelling):
    spelling.see("HI")
    assert spelling.speller.can_undo
    spelling.speller.clear()
    for before in ("HI|", "H|", "|"):
        spelling.speller.undo()
        assert spelling.shown == before
    assert not spelling.speller.can_undo


def test_a_cleared_word_leaves_no_space_behind(spelling):
    spelling.see("HI")
    spelling.speller.clear()
    spelling.see("HI", ends=True)
    assert spelling.shown == "|"


def test_the_end_of_the_stream_completes_the_word(spelling):
    spelling.see("WHALE", settled=2)
    assert [letter.letter for letter in spelling.speller.finish()] == list("ALE ")
    assert spelling.shown == "WHALE |"
    assert spelling.speller.finish() == ()


def test_an_interruption_completes_the_word_before_it(spelling):
    spelling.see("HI")
    resumed = HandObservation(9.0, None, 0.0, points=HAND, is_resumed=True)
    given = spelling.speller.observe(resumed)
    assert [letter.letter for letter in given] == list("HI ")


def test_a_frame_may_end_a_word_and_begin_the_next():
    class Both:
        def update(self, time_s, points, is_left=False, prediction=None):
            return FluentReading(letters("HIYO"), letters("U", 4), FluentWord(letters("HI")))

        def finish(self):
            return NOTHING_READ

        def reset(self):
            pass

    speller = Speller(0.8, reader=NaturalReader(Both()))
    speller.observe(HandObservation(2.0, None, 0.0, points=HAND))
    assert (speller.transcript.text, speller.state.unsettled) == ("HI YO", "U")


def test_another_way_of_spelling_completes_the_word(spelling):
    spelling.see("WHALE", settled=2)
    spelling.speller.reader = NaturalReader(ToldSource())
    assert spelling.shown == "WHALE |"


def test_the_state_tells_the_current_letter_and_that_nothing_is_held(spelling):
    spelling.see("HI")
    state = spelling.speller.state
    assert (state.letter, state.confidence, state.waits_for) == ("I", 0.9, "letters")
    assert (state.candidate, state.progress, state.is_natural) == (None, 0.0, True)
    spelling.now_s += SHOWN_S
    spelling.see("HI")
    assert spelling.speller.state.letter is None
    spelling.see("HI", ends=True)
    assert spelling.speller.state.waits_for == "hand"


BUDGET_S, SHARED_CORE = 2e-3, 2.0
"""A frame may cost so much of an idle core; of one that other programs share, twice as much."""


@pytest.mark.alone
@pytest.mark.slow
def test_a_frame_keeps_within_its_time():
    """Of the processor's time, each frame's least of five readings."""
    from asl_core.spelling.fluent.model import FluentModel
    from asl_core.spelling.fluent.reader import FluentReader

    model = FluentModel.load()
    hands = [letter_landmarks(letter, 640, 480).pixels_3d(640, 480) for letter in "WHALE"]
    costs = np.empty((5, 100))
    for run in costs:
        reader = NaturalReader(FluentReader(model))
        for number in range(len(run)):
            hand = hands[number // 10 % len(hands)] + np.float32(number % 3)
            began = time.thread_time()
            reader.update(HandObservation(number / 30, None, 0.0, points=hand))
            run[number] = time.thread_time() - began
    assert np.median(costs.min(axis=0)) < BUDGET_S * SHARED_CORE


def test_what_landmarks_alone_say_does_not_count_as_a_picture():
    shares = np.array([0.9, 0.1], np.float32)
    both = LetterPrediction(("A", "B"), shares, ScoredLabel("A", 0.9), ScoredLabel("A", 0.8))
    alone = LetterPrediction(("A", "B"), shares, landmark_best=ScoredLabel("A", 0.8))
    source = ToldSource()
    reader = NaturalReader(source)
    for number, prediction in enumerate((both, alone, None)):
        reader.update(HandObservation(number * 0.1, prediction, 0.0, points=HAND))
    assert source.predictions == [both, None, None]
