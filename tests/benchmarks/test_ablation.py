"""The table of what each step gives: its counting and its page, without a trained network."""

import csv
from pathlib import Path

import numpy as np
import pytest

from asl_core.alphabet import LETTERS
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.preprocessing import Preprocessing
from asl_core.photos.hand_crops import CACHE_SIZE
from benchmarks.ablation import Row, Step, measured, page
from benchmarks.kept_crops import is_right, is_static, letter_crops, targets_of

LABELS = ("A", "B", "J", "C", "A", "space")
FOUND = "111101"


@pytest.fixture
def kept(tmp_path: Path):
    """Six crops as `train` keeps them: one is no letter, one shows no hand."""
    rows = [
        {"photo_id": f"{i}.png", "label": label, "signer": f"s{i % 2}", "found": FOUND[i]}
        | {"handedness": "Right", "width": "100", "height": "100", "label_note": "ok"}
        for i, label in enumerate(LABELS)
    ]
    with (tmp_path / "photos.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    random = np.random.default_rng(1)
    np.save(tmp_path / "crops.npy", np.zeros((len(LABELS), CACHE_SIZE, CACHE_SIZE, 3), np.uint8))
    np.save(tmp_path / "landmarks.npy", random.random((len(LABELS), 21, 3)).astype(np.float32))
    return letter_crops(tmp_path)


def scores(letters: str) -> np.ndarray:
    """Log-probabilities that speak for one letter each."""
    named = np.eye(26, dtype=np.float32)[[LETTERS.index(letter) for letter in letters]]
    return np.log(0.9 * named + 0.1 / 26)


def test_kept_crops_of_letters_only(kept) -> None:
    assert list(kept.column("label")) == ["A", "B", "J", "C", "A"]
    assert targets_of(kept).tolist() == [0, 1, 9, 2, 0]
    assert is_static(kept).tolist() == [True, True, False, True, True]


def test_a_photo_without_a_hand_is_wrong_whatever_is_named(kept) -> None:
    assert is_right(scores("ABJXA"), kept).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("pictures", "landmarks", "expected"),
    [
        (("ABJC", "A"), "ABJCA", (0.75, 0.75)),
        (("XBJX", "A"), "XXXXX", (0.25, 0.25)),
        (("XBJC", "A"), "AXXXX", (0.5, 0.5)),
    ],
    ids=["all right but the photo without a hand", "landmarks no help", "views disagree"],
)
def test_a_step_counts_static_letters(kept, monkeypatch, pictures, landmarks, expected) -> None:
    answers = scores("".join(pictures))
    monkeypatch.setattr("benchmarks.ablation.image_looks", lambda c, crops: (answers, answers))
    monkeypatch.setattr(
        Checkpoint,
        "load",
        lambda folder: Checkpoint("x", tuple(LETTERS), Preprocessing(), network=None),
    )
    row = measured(Step("s", ("a",), "c"), [Path("a")], [scores(landmarks)], kept)
    assert (row.one_look[0], row.both_looks[0]) == pytest.approx(expected)
    assert row.fused[0] >= row.both_looks[0]


def test_several_seeds_take_one_landmark_view_each(kept, monkeypatch) -> None:
    monkeypatch.setattr(
        "benchmarks.ablation.image_looks", lambda c, crops: (scores("ABJCA"), scores("ABJCA"))
    )
    monkeypatch.setattr(Checkpoint, "load", lambda folder: folder)
    views = [scores("ABJCA")] * 3
    one = measured(Step("s", ("a",), "c"), [Path("a")], views, kept)
    three = measured(Step("s", ("a", "b", "c"), "c"), [Path("a")] * 3, views, kept)
    assert (len(one.one_look), len(one.fused)) == (1, 3)
    assert (len(three.one_look), len(three.fused)) == (3, 3)


def test_the_page_shows_mean_and_range() -> None:
    rows = [
        Row(Step("first", ("a",), "train a"), (0.9,), (0.92,), (0.94, 0.95, 0.96)),
        Row(Step("second", ("b",) * 3, "train b"), (0.9, 0.91, 0.92), (0.93,) * 3, (0.95,) * 3),
    ]
    text = page(rows, (0.91, 0.92), 2112)
    assert "2,112 validation photos" in text
    assert "| first | `train a` | 1 | 90.00% | 92.00% | 95.00% (94.00% to 96.00%) |" in text
    assert "| second | `train b` | 3 | 91.00% (90.00% to 92.00%) |" in text
    assert "91.50% (91.00% to 92.00%)" in text
