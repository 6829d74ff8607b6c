import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.practice.coached_reader import SignedLetter
from asl_core.practice.rounds import SigningRound, judged_answer


def signed(letter):
    points = letter_landmarks(letter, 640, 480).pixels_3d(640, 480)
    return SignedLetter(letter, 0.0, 1.0, 0.9, points)


def test_a_word_is_signed_letter_by_letter_and_a_wrong_one_again():
    current = SigningRound("UP", 0.0)
    wrong = current.take(signed("V"), 1.0)
    assert not wrong.is_right
    assert wrong.is_first
    assert wrong.advice.part == "index finger"
    assert current.target == "U"
    right = current.take(signed("U"), 2.0)
    assert (right.is_right, right.is_first, right.advice) == (True, False, None)
    assert current.take(signed("P"), 5.0).is_first
    assert current.is_over
    assert current.target is None
    assert current.take(signed("P"), 6.0) is None
    sums = current.sums(is_timed=True)
    assert (sums.transcribed, sums.inputs, sums.distance) == (2, 3, 0)
    assert sums.letters_per_minute == pytest.approx(60 / 3)
    assert current.sums(is_timed=False).letters_per_minute is None


def test_a_letter_that_was_given_up_is_missing():
    current = SigningRound("CAT", 0.0)
    current.take(signed("C"), 1.0)
    current.skip(2.0)
    assert current.target == "T"
    current.take(signed("T"), 3.0)
    sums = current.sums(is_timed=False)
    assert sums.error_rate == pytest.approx(1 / 3)
    assert current.skipped == {1}


@pytest.mark.parametrize(("target", "pose"), [("J", "I"), ("J", "Y"), ("Z", "D"), ("Z", "L")])
def test_the_start_of_a_drawn_letter_is_no_mistake(target, pose):
    current = SigningRound(target + "A", 0.0)
    assert current.take(signed(pose), 1.0) is None
    assert current.is_pose_seen
    assert current.take(signed(target), 2.0).is_right
    assert not current.is_pose_seen


def test_another_letter_in_the_place_of_a_drawn_one_is_a_mistake():
    assert not SigningRound("J", 0.0).take(signed("S"), 1.0).is_right


def test_what_is_typed_is_scored_by_letter():
    answer = judged_answer("HELLO", " he-lo ")
    assert answer.typed == "HELO"
    assert answer.right == 4
    assert not answer.is_right
    assert ("L", "") in answer.pairs
    assert judged_answer("CAT", "cat", 2.0).is_right
    assert judged_answer("CAT", "cat", 2.0).sums.letters_per_minute == pytest.approx(60)


def test_an_answer_that_is_no_letter_is_no_answer():
    answer = judged_answer("CAT", "123 é")
    assert answer.typed == ""
    assert answer.right == 0
    assert answer.sums.error_rate == 1
