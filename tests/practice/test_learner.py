from datetime import UTC, datetime
from itertools import pairwise

import pytest

from asl_core.practice.coached_reader import SignedLetter
from asl_core.practice.learner import LETTERS_A_ROUND, SHOWN_LETTERS, Learner
from asl_core.practice.lessons import Lesson

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
LETTERS = Lesson("Look-alikes", "letters", ("U", "R", "V"))
WORDS = Lesson("Words", "words", words=("CAT", "DOG"))


def sign(learner, letter, clock_s=0.0):
    return learner.judge(SignedLetter(letter, 0.0, 1.0, 0.9), NOON, clock_s)


def test_a_round_of_letters_ends_after_ten_and_the_next_begins():
    learner = Learner(seed=0)
    learner.sign(LETTERS, True, NOON, 0.0)
    asked = []
    for number in range(LETTERS_A_ROUND):
        asked.append(learner.signing.target)
        sign(learner, asked[-1], 2.0 * (number + 1))
    assert set(asked) == set("URV")
    assert all(one != two for one, two in pairwise(asked))
    assert learner.last_round.text == "".join(asked)
    assert learner.last_round.sums.letters_per_minute == pytest.approx(30)
    assert learner.signing.place == 0
    assert learner.signing.target != asked[-1]
    assert learner.progress.days[0].sums.rounds == 1


def test_only_the_first_try_moves_a_letters_card():
    learner = Learner(seed=0)
    learner.sign(LETTERS, False, NOON, 0.0)
    for letter in ("V", "V", "U"):
        sign(learner, letter)
    record = learner.progress.record("sign", "U")
    assert (record.asked, record.right) == (1, 0)
    (confusion,) = learner.progress.confusions
    assert (confusion.answer, confusion.count) == ("V", 2)
    assert learner.last_judgement.is_right


def test_another_lesson_keeps_what_was_done_in_the_one_before():
    learner = Learner(seed=0)
    first = learner.sign(LETTERS, False, NOON, 0.0)
    assert learner.sign(LETTERS, False, NOON, 1.0) is first
    sign(learner, "U")
    learner.sign(WORDS, False, NOON, 2.0)
    assert learner.signing.text in WORDS.words
    assert learner.progress.sums("sign").transcribed == 1
    assert learner.last_judgement is None


def test_nothing_is_kept_of_a_lesson_that_was_only_looked_at():
    learner = Learner(seed=0)
    learner.sign(LETTERS, False, NOON, 0.0)
    learner.sign(WORDS, False, NOON, 1.0)
    assert learner.progress.is_empty


def test_a_skipped_letter_comes_again():
    learner = Learner(seed=0)
    learner.sign(LETTERS, False, NOON, 0.0)
    learner.skip(NOON, 1.0)
    assert learner.progress.record("sign", "U").asked == 1
    assert learner.progress.confusions[0].answer == ""
    assert learner.signing.target != "U"


def test_without_a_lesson_nothing_is_judged():
    learner = Learner()
    assert sign(learner, "A") is None
    learner.skip(NOON, 0.0)
    learner.show_next(NOON, 0.0)
    assert learner.progress.is_empty
    assert learner.word is None


def test_a_word_is_read_once():
    learner = Learner(seed=0)
    word = learner.read(WORDS, True, NOON, 0.0)
    assert learner.read(WORDS, True, NOON, 1.0) == word
    answer = learner.type(word.lower(), NOON, 4.0)
    assert answer.is_right
    assert learner.type("DOG", NOON, 5.0) is answer, "the answer stands"
    assert learner.progress.record("read", word[0]).right >= 1
    assert learner.progress.sums("read").letters_per_minute == pytest.approx(2 / 4 * 60)
    learner.show_next(NOON, 6.0)
    assert learner.word != word
    assert learner.answer is None


def test_letters_are_read_in_a_row_that_is_no_word():
    learner = Learner(seed=0)
    row = learner.read(LETTERS, False, NOON, 0.0)
    assert len(row) == SHOWN_LETTERS
    assert set(row) <= set("URV")
