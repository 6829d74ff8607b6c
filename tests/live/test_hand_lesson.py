"""The guided minute: which letter is asked, and when one counts."""

import numpy as np

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, LetterPrediction
from asl_core.live.hand_lesson import (
    CHANGE_S,
    DOUBTFUL_HOLD_S,
    HOLD_S,
    ROUNDS,
    HandLesson,
)
from asl_core.spelling.signs import HandObservation

FPS = 20
EMPTY = TaughtHand("fake", "ab" * 32)


def prediction(letter):
    shares = np.full(len(LETTERS), 0.1 / 25, np.float32)
    shares[LETTERS.index(letter)] = 0.9
    features = np.eye(26, dtype=np.float32)[LETTERS.index(letter)]
    return LetterPrediction(
        LETTERS, shares, evidence=HandEvidence(np.log(shares), features, features)
    )


class Signer:
    """Shows letters to a lesson, 20 frames a second."""

    def __init__(self, hand=EMPTY):
        self.lesson, self.time_s, self.taught = HandLesson(hand), 0.0, []

    def show(self, letter, seconds, speed=0.0):
        for _ in range(round(seconds * FPS)):
            self.time_s += 1 / FPS
            seen = prediction(letter) if letter else None
            taught = self.lesson.observe(HandObservation(self.time_s, seen, speed))
            if taught:
                self.taught.append(taught)
        return self.lesson.state


def test_a_letter_counts_once_it_was_held_and_the_next_is_asked():
    signer = Signer()
    state = signer.show("A", HOLD_S * 0.7)
    assert (state.letter, state.waits_for, signer.taught) == ("A", "hold", [])
    assert 0.5 < state.progress < 0.9
    state = signer.show("A", HOLD_S * 0.5)
    assert signer.taught == ["A"]
    assert (state.letter, state.taught, state.total) == ("B", 1, 48)


def test_the_last_letter_still_in_the_hand_is_not_taken_for_the_next():
    signer = Signer()
    assert signer.show("A", 30).waits_for == "change"
    assert signer.taught == ["A"]
    signer.show("B", CHANGE_S + HOLD_S + 0.2)
    assert signer.taught == ["A", "B"]


def test_a_moving_hand_and_no_hand_hold_nothing():
    signer = Signer()
    assert signer.show("A", 5, speed=2.0).waits_for == "stillness"
    assert signer.show(None, 1).waits_for == "hand"
    assert signer.taught == []


def test_a_hand_that_is_read_as_another_letter_has_to_wait_and_is_told():
    signer = Signer()
    state = signer.show("S", DOUBTFUL_HOLD_S * 0.8)
    assert (state.waits_for, state.read_as, signer.taught) == ("doubt", "S", [])
    signer.show("S", DOUBTFUL_HOLD_S * 0.4)
    assert signer.taught == ["A"]


def test_all_letters_come_twice_in_order_and_then_nothing_is_asked():
    signer = Signer()
    for letter in STATIC_LETTERS * ROUNDS:
        signer.show(letter, CHANGE_S + HOLD_S + 0.2)
    assert signer.taught == list(STATIC_LETTERS * ROUNDS)
    assert signer.lesson.state.letter is None
    assert signer.lesson.state.waits_for == "nothing"
    assert signer.show("A", 3).taught == 48


def test_a_lesson_goes_on_with_what_the_hand_knows():
    hand = EMPTY
    for letter in "ABD":
        hand = hand.with_photo(letter, prediction(letter).evidence)
    assert Signer(hand).lesson.state.letter == "C"


def test_skipping_leaves_a_letter_out_of_one_round():
    signer = Signer()
    signer.lesson.skip()
    assert signer.lesson.state.letter == "B"
    for letter in STATIC_LETTERS[1:]:
        signer.show(letter, CHANGE_S + HOLD_S + 0.2)
    assert signer.lesson.state.letter == "A"


def test_the_last_photo_can_be_taken_again():
    signer = Signer()
    signer.show("A", HOLD_S + 0.2)
    signer.show("B", CHANGE_S + HOLD_S + 0.2)
    signer.lesson.repeat()
    assert signer.lesson.hand.letters == ("A",)
    assert signer.lesson.state.letter == "B"
    signer.lesson.repeat()
    signer.lesson.repeat()
    assert not signer.lesson.hand.photos
