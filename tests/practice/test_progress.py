import json
from datetime import UTC, date, datetime, timedelta

import pytest

from asl_core.alphabet import LETTERS
from asl_core.errors import ProgressError
from asl_core.practice.progress import MOST_CHARACTERS, Confusion, LetterRecord, Progress
from asl_core.practice.schedule import answered
from asl_core.practice.text_measures import sums_of

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TODAY = date(2026, 11, 26)


@pytest.fixture
def practised():
    progress = Progress()
    for letter, answer in (("A", "A"), ("A", "A"), ("K", "V"), ("B", "")):
        progress = answered(progress, "sign", letter, answer, 2.5, NOON)
    progress = answered(progress, "read", "A", "E", None, NOON)
    progress = progress.with_confusion("sign", "K", "V")
    return progress.with_round("sign", TODAY, sums_of("AAK", "AAK", 4, 6.0))


def test_answers_are_counted_by_letter_and_skill(practised):
    record = practised.record("sign", "A")
    assert (record.asked, record.right, record.streak, record.timed) == (2, 2, 2, 2)
    assert record.mean_seconds == 2.5
    assert practised.record("sign", "K").streak == 0
    assert practised.record("read", "A").right == 0
    assert practised.record("sign", "Z") == LetterRecord("sign", "Z")
    assert Confusion("sign", "K", "V", 2) in practised.confusions
    assert Confusion("sign", "B", "", 1) in practised.confusions


def test_a_letter_is_mastered_when_it_was_right_four_times_in_a_row():
    progress = Progress()
    for number, answer in enumerate("BSBBBB"):
        assert progress.mastered("sign") == (), number
        progress = answered(progress, "sign", "B", answer, None, NOON)
    assert progress.mastered("sign") == ("B",)
    assert answered(progress, "sign", "B", "D", None, NOON).mastered("sign") == ()


def test_rounds_of_a_day_are_added_up(practised):
    both = practised.with_round("sign", TODAY, sums_of("CAT", "CAT", 3))
    both = both.with_round("sign", TODAY + timedelta(days=1), sums_of("DOG", "DOG", 3))
    assert [(day.day, day.sums.rounds) for day in both.days] == [
        ("2026-11-26", 2),
        ("2026-11-27", 1),
    ]
    assert both.sums("sign").rounds == 3
    assert both.sums("read").rounds == 0


def test_it_comes_back_from_its_text(practised):
    assert Progress.from_text(practised.as_text()) == practised
    assert Progress.from_text(Progress().as_text()).is_empty


def test_the_fullest_progress_fits():
    progress = Progress()
    for letter in LETTERS:
        for skill in ("sign", "read"):
            for answer in (*LETTERS, ""):
                progress = progress.with_confusion(skill, letter, answer)
            progress = answered(progress, skill, letter, letter, 1.2345678901, NOON)
    sums = sums_of("ABCDEFGHIJ", "ABCDEFGHIJ", 12, 12.3456789012)
    for day in range(700):
        progress = progress.with_round("sign", TODAY + timedelta(days=day), sums)
    assert len(progress.as_text()) < MOST_CHARACTERS
    assert progress.days[-1].day == (TODAY + timedelta(days=699)).isoformat()


def changed(text, **values):
    return json.dumps({**json.loads(text), **values})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda text: text[:-5], "it is not JSON"),
        (lambda text: "[]", "schema_version is missing"),
        (lambda text: "{}", "schema_version is missing"),
        (lambda text: changed(text, schema_version=2), "has schema 2; 1 is known"),
        (lambda text: changed(text, schema_version=[1]), "has schema \\[1\\]; 1 is known"),
        (lambda text: changed(text, more=1), "more is not known"),
        (lambda text: changed(text, letters=5), "letters is 5, not a list"),
        (lambda text: text.replace('"asked":2', '"asked":1'), "the counts of A do not fit"),
        (lambda text: text.replace('"asked":2', '"asked":-2'), "the counts of A do not fit"),
        (lambda text: text.replace('"letter":"K"', '"letter":"?"'), "none from A to Z|no letters"),
        (lambda text: text.replace("2026-11-26T", "26 Nov "), "no time with UTC offset"),
        (lambda text: text.replace('"2026-11-26"', '"someday"'), "day is 'someday', no date"),
        (lambda text: text.replace('"skill":"read"', '"skill":"smell"'), "is broken"),
        (lambda text: text + " " * MOST_CHARACTERS, "200,000 are allowed"),
        (lambda text: text.replace('"seconds":6.0', '"seconds":NaN'), "is broken"),
        (lambda text: "[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_progress_is_refused_in_a_sentence(practised, change, complaint):
    with pytest.raises(ProgressError, match=complaint) as refusal:
        Progress.from_text(change(practised.as_text()))
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 200


def test_an_entry_that_comes_twice_is_refused(practised):
    values = json.loads(practised.as_text())
    values["letters"].append(values["letters"][0])
    with pytest.raises(ProgressError, match="letters has an entry twice"):
        Progress.from_text(json.dumps(values))
