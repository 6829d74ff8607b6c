"""The crops that `train` keeps, as trials on validation crops use them."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.photos.hand_crops import HandCrops


def letter_crops(folder: Path) -> HandCrops:
    """Read the kept crops of the 26 letters in `folder`, such as `runs/crops/validation`."""
    with (folder / "photos.csv").open(newline="", encoding="utf-8") as file:
        rows = tuple(csv.DictReader(file))
    crops = np.load(folder / "crops.npy", mmap_mode="r", allow_pickle=False)
    landmarks = np.load(folder / "landmarks.npy", allow_pickle=False)
    kept = HandCrops(crops, landmarks, rows, np.arange(len(rows)))
    return kept.select(np.array([row["label"] in LETTERS for row in rows]))


def targets_of(crops: HandCrops) -> NDArray[np.int64]:
    """Give each crop's letter as its place in the alphabet."""
    return np.array([LETTERS.index(label) for label in crops.column("label")])


def is_static(crops: HandCrops) -> NDArray[np.bool_]:
    """Tell which crops show one of the 24 static letters."""
    return np.isin(np.array(crops.column("label")), STATIC_LETTERS)


def is_right(answer: NDArray[np.float32], crops: HandCrops) -> NDArray[np.bool_]:
    """Tell which crops `answer`, scores `(N, 26)`, names; one without a found hand is wrong."""
    return np.asarray((answer.argmax(axis=1) == targets_of(crops)) & crops.found)
