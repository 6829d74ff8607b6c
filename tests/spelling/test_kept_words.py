import json
import random

import pytest

from asl_core.errors import TranscriptError
from asl_core.spelling.kept_words import packed, unpacked
from asl_core.spelling.transcript import CommittedLetter, Transcript


def spelled(count: int) -> Transcript:
    lot = random.Random(count)
    letters, end_s = [], 0.0
    for number in range(count):
        end_s += lot.uniform(0.2, 3)
        letter = " " if number % 6 == 5 else lot.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        letters.append(CommittedLetter(letter, end_s - lot.uniform(0, 0.2), end_s, lot.random()))
    return Transcript(tuple(letters))


@pytest.mark.parametrize("count", [0, 1, 7, 500])
def test_letters_come_back_with_their_times_to_a_hundredth(count):
    before = spelled(count)
    after = unpacked(packed(before))
    assert after.text == before.text
    for was, now in zip(before.letters, after.letters, strict=True):
        assert now.end_s == pytest.approx(was.end_s, abs=0.006)
        assert now.start_s == pytest.approx(was.start_s, abs=0.011)
        assert now.confidence == pytest.approx(was.confidence, abs=0.006)


def test_what_is_kept_again_and_again_stays_the_same():
    once = packed(spelled(300))
    assert packed(unpacked(once)) == once


def test_an_hour_of_letters_is_a_short_text():
    assert len(packed(spelled(2400))) < 2400 * 14


def test_the_form_that_browsers_kept_before_is_read():
    before = spelled(12)
    assert unpacked(json.dumps(before.as_json())) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"text": "A"}',
        '{"text": "A", "ends": [], "lasts": [], "sure": []}',
        '{"text": "AB", "ends": [1, 2], "lasts": [1, 1], "sure": [50]}',
        '{"text": "?", "ends": [9], "lasts": [1], "sure": [50]}',
        '{"text": "A", "ends": [9], "lasts": [-1], "sure": [50]}',
        '{"text": "A", "ends": [9], "lasts": [1], "sure": [101]}',
        '{"text": "A", "ends": [9.5], "lasts": [1], "sure": [50]}',
        '{"text": "A", "ends": ["9"], "lasts": [1], "sure": [50]}',
        '{"text": "A", "ends": [true], "lasts": [1], "sure": [50]}',
        '{"text": "A", "ends": null, "lasts": [1], "sure": [50]}',
        '{"text": "A", "ends": [NaN], "lasts": [1], "sure": [50]}',
        "[" * 100_000,
        '{"text": "A", "ends": [1%s], "lasts": [1], "sure": [50]}' % ("0" * 400),
    ],
)
def test_what_is_broken_is_one_sentence(text):
    with pytest.raises(TranscriptError):
        unpacked(text)
