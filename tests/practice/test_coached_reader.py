import threading

import numpy as np

from asl_core.alphabet import LETTERS
from asl_core.letters.prediction import LetterPrediction
from asl_core.practice.coached_reader import CoachedReader, SignedLetter
from asl_core.spelling.letter_stabilizer import LetterStabilizer
from asl_core.spelling.settings import FAST, STANDARD
from asl_core.spelling.signs import HandObservation
from asl_core.spelling.speller import Speller


def observation(letter, time_s, is_left=False, share=0.9):
    if letter is None:
        return HandObservation(time_s, None, 0.0)
    shares = np.full(len(LETTERS), (1 - share) / 25, np.float32)
    shares[LETTERS.index(letter)] = share
    points = np.full((21, 3), time_s, np.float32)
    return HandObservation(
        time_s, LetterPrediction(LETTERS, shares), 0.0, points=points, is_left=is_left
    )


def hold(reader, letter, start_s=0.0, seconds=1.0, **others):
    for time_s in np.arange(start_s, start_s + seconds, 0.05):
        reader.update(observation(letter, float(time_s), **others))


def test_a_letter_that_was_held_comes_with_its_hand_and_only_once():
    reader = CoachedReader(LetterStabilizer(0.5))
    hold(reader, "B", is_left=True)
    (signed,) = reader.take()
    assert (signed.letter, signed.is_left) == ("B", True)
    np.testing.assert_array_equal(signed.points, np.full((21, 3), signed.end_s, np.float32))
    assert reader.take() == ()


def test_it_spells_as_the_reader_within_does():
    reader = CoachedReader(LetterStabilizer(0.5))
    speller = Speller(0.5, reader=reader)
    for time_s in np.arange(0, 1, 0.05):
        speller.observe(observation("B", float(time_s)))
    assert speller.transcript.text == "B"
    assert reader.state.letter == "B"
    assert reader.settings is STANDARD
    speller.settings = FAST
    assert reader.settings is FAST


def test_a_lowered_hand_is_a_space_and_no_letter():
    reader = CoachedReader(LetterStabilizer(0.5))
    hold(reader, "B")
    reader.take()
    hold(reader, None, 1.0, 2.5)
    assert reader.take() == ()


def test_a_picture_that_is_sure_enough_can_be_counted_at_once():
    reader = CoachedReader(LetterStabilizer(0.5))
    assert reader.count_now(0.5) is None, "nothing was seen yet"
    reader.update(observation("L", 0.0, share=0.6))
    assert reader.count_now(0.7) is None
    assert reader.count_now(0.5) == "L"
    reader.update(observation(None, 0.1))
    assert reader.count_now(0.5) is None
    assert [signed.letter for signed in reader.take()] == ["L"]


def test_letters_are_taken_by_one_thread_while_another_one_reads():
    reader = CoachedReader(LetterStabilizer(0.5, FAST))
    taken: list[SignedLetter] = []
    done = threading.Event()

    def sign():
        for number in range(20):
            hold(reader, "AB"[number % 2], number * 1.0, 0.6)
        done.set()

    thread = threading.Thread(target=sign)
    thread.start()
    while not done.is_set():
        taken += reader.take()
    thread.join()
    taken += reader.take()
    assert [signed.letter for signed in taken] == ["A", "B"] * 10
