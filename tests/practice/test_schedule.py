from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fsrs import Rating

from asl_core.practice.progress import Progress
from asl_core.practice.schedule import (
    USUAL_SECONDS,
    answered,
    next_letter,
    next_word,
    rating_of,
    recall,
    usual_seconds,
)

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def after(*answers, seconds=None, now=NOON, progress=None):
    """Return the progress after (letter, answer) pairs, signed."""
    progress = progress or Progress()
    for letter, answer in answers:
        progress = answered(progress, "sign", letter, answer, seconds, now)
    return progress


@pytest.mark.parametrize(
    ("is_right", "seconds", "rating"),
    [
        (False, 1.0, Rating.Again),
        (True, None, Rating.Good),
        (True, 1.0, Rating.Easy),
        (True, 4.0, Rating.Good),
        (True, 9.0, Rating.Hard),
    ],
)
def test_answers_are_rated_by_the_learners_usual_time(is_right, seconds, rating):
    assert rating_of(is_right, seconds, usual_s=4.0) == rating


def test_the_usual_time_is_the_learners_own_once_it_is_known():
    progress = after(*[("A", "A")] * 4, seconds=2.0)
    assert usual_seconds(progress, "sign") == USUAL_SECONDS
    progress = after(("B", "B"), ("B", "K"), seconds=2.0, progress=progress)
    assert usual_seconds(progress, "sign") == 2.0, "wrong answers do not count"
    assert usual_seconds(progress, "read") == USUAL_SECONDS


def test_a_wrong_answer_comes_again_before_a_right_one():
    progress = after(("A", "A"), ("B", "D"))
    cards = {letter: progress.record("sign", letter).card for letter in "AB"}
    assert cards["B"].due < cards["A"].due
    soon = NOON + timedelta(minutes=2)
    assert next_letter(progress, "sign", "AB", soon) == "B"
    assert recall(cards["A"], soon) > recall(None, soon) == 0


def test_right_answers_wait_longer_each_time():
    progress, now, waits = Progress(), NOON, []
    for _ in range(5):
        progress = after(("A", "A"), now=now, progress=progress)
        due = datetime.fromisoformat(progress.record("sign", "A").card.due)
        waits.append(due - now)
        now = due
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(days=5)


def test_new_letters_come_in_their_order_and_few_at_once():
    assert next_letter(Progress(), "sign", "KLMN", NOON) == "K"
    progress = after(("K", "K"), ("L", "L"))
    assert next_letter(progress, "sign", "KLMN", NOON) == "M"
    busy = after(*[(letter, letter) for letter in "ABCD"])
    assert next_letter(busy, "sign", "ABCDEFG", NOON) in "ABCD"


def test_a_letter_is_not_asked_twice_in_a_row_unless_it_is_alone():
    progress = after(("A", "S"))
    later = NOON + timedelta(hours=1)
    assert next_letter(progress, "sign", "AB", later, last="A") == "B"
    assert next_letter(progress, "sign", "A", later, last="A") == "A"


def test_words_with_weak_letters_are_drawn_more_often():
    known = [("A", "A"), ("B", "B"), ("T", "T")] * 3
    progress = after(*known, ("G", "Q"), ("G", "Q"))
    random = np.random.default_rng(0)
    drawn = Counter(next_word(progress, "sign", ("BAT", "GAG"), NOON, random) for _ in range(300))
    assert drawn["GAG"] > 2 * drawn["BAT"] > 0


def test_recent_words_are_left_out_while_there_are_others():
    random = np.random.default_rng(0)
    words = {next_word(Progress(), "read", ("AB", "CD"), NOON, random, ("AB",)) for _ in range(9)}
    assert words == {"CD"}
    assert next_word(Progress(), "read", ("AB",), NOON, random, ("AB",)) == "AB"


def test_a_file_from_a_clock_that_is_ahead_does_no_harm():
    progress = after(("A", "A"), now=NOON + timedelta(days=3))
    assert after(("A", "A"), progress=progress).record("sign", "A").right == 2
    assert 0 <= recall(progress.record("sign", "A").card, NOON) <= 1
