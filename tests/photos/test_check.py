import json
import shutil
from types import SimpleNamespace

import pytest
from PIL import Image

from asl_core.photos.check import PhotoCount, SignerCount, check_photo_set
from asl_core.photos.duplicates import DuplicateGroup
from asl_core.photos.hand_rates import HandRate
from asl_core.photos.photo_set import read_photo_set

SIX = (
    "train/anna/A/000.png",
    "train/anna/A/001.png",
    "train/anna/B/000.png",
    "train/carl/A/000.png",
    "test/ben_1/A/000.png",
    "test/ben_2/space/000.png",
)


@pytest.fixture
def root(make_listed):
    return make_listed(SIX, sources={"ben_1": "ben", "ben_2": "ben"})


def check(root, **options):
    return check_photo_set(read_photo_set(root), workers=2, **options)


def test_a_sound_set_is_counted_by_class_source_and_signer(root):
    found = check(root)
    assert found.is_sound
    assert found.problems == ()
    assert (found.root, found.photos) == (str(root), 6)
    assert found.classes == (
        PhotoCount("test", "A", 1),
        PhotoCount("test", "space", 1),
        PhotoCount("train", "A", 3),
        PhotoCount("train", "B", 1),
    )
    assert found.sources == (
        PhotoCount("test", "ben", 2),
        PhotoCount("train", "anna", 3),
        PhotoCount("train", "carl", 1),
    )
    assert found.signers == (
        SignerCount("test", "ben", "ben_1", 1),
        SignerCount("test", "ben", "ben_2", 1),
        SignerCount("train", "anna", "anna", 3),
        SignerCount("train", "carl", "carl", 1),
    )
    assert found.absent_classes[:2] == ("C", "D")
    assert found.absent_classes[-2:] == ("del", "nothing")


def test_hands_are_looked_for_only_when_asked(root):
    asked = []

    def new_detector():
        return SimpleNamespace(detect=lambda frame: asked.append(1), close=lambda: None)

    assert check(root).hands == ()
    assert check(root, new_detector=new_detector).hands == (
        HandRate("test", "ben_1", 1, 0),
        HandRate("test", "ben_2", 1, 0),
        HandRate("train", "anna", 3, 0),
        HandRate("train", "carl", 1, 0),
    )
    asked.clear()
    sampled = check(root, new_detector=new_detector, sample=4)
    assert [(rate.signer, rate.photos) for rate in sampled.hands] == [
        ("ben_1", 1),
        ("ben_2", 1),
        ("anna", 1),
        ("carl", 1),
    ]
    assert len(asked) == 4
    assert sampled.is_sound


def test_unreadable_photos_are_named_and_the_others_go_on(root):
    (root / SIX[0]).write_bytes(b"")
    content = (root / SIX[2]).read_bytes()
    (root / SIX[2]).write_bytes(content[: len(content) // 2])
    detector = SimpleNamespace(detect=lambda frame: object(), close=lambda: None)
    found = check(root, new_detector=lambda: detector)
    assert found.problems[0] == f"{SIX[0]} is unreadable: 000.png is empty (0 bytes)."
    assert found.problems[1].startswith(f"{SIX[2]} is unreadable: 000.png is damaged")
    assert len(found.problems) == 2
    assert found.hands[-2] == HandRate("train", "anna", 1, 1)
    assert found.photos == 6


def test_the_same_file_in_two_splits_is_a_problem(root):
    shutil.copy(root / SIX[0], root / SIX[4])
    found = check(root)
    assert found.duplicates == (DuplicateGroup((SIX[4], SIX[0]), ("test", "train"), ("A",)),)
    assert found.problems == (
        f"The same file is in more than one split (test, train): {SIX[4]} and {SIX[0]} (1 in all).",
    )


def test_the_same_file_in_two_classes_is_a_problem(root):
    shutil.copy(root / SIX[0], root / SIX[2])
    assert check(root).problems == (
        f"The same file is in more than one class (A, B): {SIX[0]} and {SIX[2]} (1 in all).",
    )


def test_the_same_file_twice_in_one_class_is_listed_but_no_problem(root):
    shutil.copy(root / SIX[0], root / SIX[1])
    found = check(root)
    assert found.duplicates == (DuplicateGroup((SIX[0], SIX[1]), ("train",), ("A",)),)
    assert found.is_sound


def test_a_nearly_repeated_photo_is_a_problem(root):
    Image.open(root / SIX[3]).resize((60, 50)).save(root / SIX[4])
    (sentence,) = check(root).problems
    assert sentence.startswith(
        f"Photos of test nearly repeat some of train (1 in all); the closest are {SIX[4]} and "
        f"{SIX[3]} ("
    )


def test_a_signer_in_two_splits_is_a_problem(make_listed):
    root = make_listed(("train/anna/A/0.png", "test/anna/A/0.png"))
    assert check(root).problems == ("The signer 'anna' is in more than one split: test, train.",)


def test_problems_of_the_folders_are_part_of_the_report(root):
    (root / "train" / "anna" / "Q").mkdir()
    found = check(root)
    assert found.problems == ("The class folder train/anna/Q is empty.",)
    assert not found.is_sound


def test_the_report_is_plain_json(root):
    shutil.copy(root / SIX[0], root / SIX[4])
    found = check(root)
    values = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert values["ok"] is False
    assert values["problems"] == list(found.problems)
    assert values["classes"][0] == {"split": "test", "name": "A", "photos": 1}
    assert values["duplicates"][0]["photo_ids"] == [SIX[4], SIX[0]]


def test_progress_is_told_for_each_photo(root):
    told = []
    detector = SimpleNamespace(detect=lambda frame: None, close=lambda: None)
    check(
        root,
        new_detector=lambda: detector,
        sample=2,
        progress=lambda what, done, total: told.append((what, done, total)),
    )
    assert told == [*(("photos", n, 6) for n in range(1, 7)), ("hands", 1, 2), ("hands", 2, 2)]
