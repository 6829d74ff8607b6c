import base64
import json

import numpy as np
import pytest

from asl_core.errors import HandFileError
from asl_core.letters.adaptation.hand_file import (
    MOST_BYTES,
    hand_text,
    load_hand,
    parse_hand,
    save_hand,
)


def test_a_hand_comes_back_as_it_was(made_hand, tmp_path):
    hand = made_hand(misread={"M": "N"})
    save_hand(hand, tmp_path / "hand.json")
    back = load_hand(tmp_path / "hand.json")
    assert (back.model, back.model_digest) == ("fake", "ab" * 32)
    assert [p.label for p in back.photos] == [p.label for p in hand.photos]
    for ours, theirs in zip(hand.photos, back.photos, strict=True):
        for name in ("picture", "landmarks"):
            one, two = getattr(ours.evidence, name), getattr(theirs.evidence, name)
            assert one @ two == pytest.approx(1, abs=1e-4)
            assert two.dtype == np.float32
        close = (ours.evidence.log_probabilities, theirs.evidence.log_probabilities)
        assert np.allclose(*close, atol=0.01)


def test_the_largest_hand_stays_within_the_limit(made_hand, made_evidence):
    from dataclasses import replace

    from asl_core.letters.adaptation.taught_hand import MOST_PHOTOS_A_LETTER

    wide = replace(
        made_evidence(),
        picture=np.full(512, 512**-0.5, np.float32),
        landmarks=np.full(384, 384**-0.5, np.float32),
    )
    hand = made_hand(photos=MOST_PHOTOS_A_LETTER)
    hand = replace(hand, photos=tuple(replace(p, evidence=wide) for p in hand.photos))
    assert 100_000 < len(hand_text(hand)) < MOST_BYTES


def test_a_hand_without_landmarks_comes_back(made_hand):
    from dataclasses import replace

    hand = made_hand(letters="AB")
    bare = tuple(replace(p, evidence=replace(p.evidence, landmarks=None)) for p in hand.photos)
    back = parse_hand(hand_text(replace(hand, photos=bare)).encode(), "hand.json")
    assert all(photo.evidence.landmarks is None for photo in back.photos)


def text64(values, kind):
    return base64.b64encode(np.array(values, kind).tobytes()).decode()


def first(**changes):
    def change(values):
        values["photos"][0].update(changes)

    return change


def top(**changes):
    return lambda values: values.update(changes)


BROKEN = {
    "another schema": (top(schema_version=2), "schema 2, expected 1"),
    "no schema": (lambda values: values.pop("schema_version"), "schema None"),
    "unknown field": (top(pickle="gASV"), "pickle is not known"),
    "no model": (top(model=""), "model has 0 characters"),
    "a digest of nothing": (top(model_digest="xyz"), "'xyz', not a SHA-256"),
    "no list": (top(photos="many"), "photos is 'many'"),
    "a number for text": (first(picture=3), r"photos\[0\].picture is 3"),
    "a motion": (first(label="J"), "'J' is no letter"),
    "no base64": (first(picture="äöü"), "picture of a photo is no base64"),
    "empty": (first(picture=""), "picture of a photo has 0 bytes"),
    "half a number": (first(log_probabilities="AAAA"), "log_probabilities of a photo has 3 bytes"),
    "not a number": (
        first(log_probabilities=text64([np.nan] * 26, "<f2")),
        "no logarithm of a share",
    ),
    "a share above 1": (
        first(log_probabilities=text64([1.0] * 26, "<f2")),
        "no logarithm of a share",
    ),
    "zeros": (first(picture=text64([0] * 64, np.int8)), "picture of a photo are all zero"),
    "other lengths": (first(picture=text64([1] * 63, np.int8)), "different lengths"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_in_a_sentence_that_names_the_value(made_hand, case):
    change, sentence = BROKEN[case]
    values = json.loads(hand_text(made_hand(letters="AB")))
    change(values)
    with pytest.raises(HandFileError, match=sentence):
        parse_hand(json.dumps(values).encode(), "hand.json")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "hand.json is not JSON"),
        (b"\x80\x04\x95", "hand.json is not JSON"),
        (b"[]", "no JSON object"),
        (b'{"schema_version": 1, "photos": NaN}', "hand.json is"),
        (b" " * (MOST_BYTES + 1), "200,001 bytes; a taught hand has 200,000 at most"),
    ],
)
def test_what_is_no_hand_file_is_refused(content, sentence):
    with pytest.raises(HandFileError, match=sentence):
        parse_hand(content, "hand.json")


def test_too_many_photos_are_refused(made_hand):
    values = json.loads(hand_text(made_hand(letters="A")))
    values["photos"] *= 49
    values["photos"] = [{**p, "picture": "AQE=", "landmarks": ""} for p in values["photos"]]
    with pytest.raises(HandFileError, match="98 entries, not 96 at most"):
        parse_hand(json.dumps(values).encode(), "hand.json")


def test_a_missing_file_and_one_of_gigabytes_are_told(tmp_path):
    with pytest.raises(HandFileError, match="No such file"):
        load_hand(tmp_path / "none.json")
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(5_000_000_000)
    with pytest.raises(HandFileError, match="5,000,000,000 bytes"):
        load_hand(large)
