"""Who never saw a signer doubts a label where little speaks for it, and much for another."""

import numpy as np
import pytest
from PIL import Image

from asl_core.photos.hand_crops import HandCrops, KeptPhoto
from benchmarks.label_noise import FOLDS, Doubt, doubts, draw_sheets, folds


def test_each_signer_is_in_one_fold_and_folds_are_alike():
    signers = np.repeat([f"signer {n}" for n in range(20)], np.arange(10, 30))
    fold = folds(signers)
    for name in np.unique(signers):
        assert len(set(fold[signers == name].tolist())) == 1
    sizes = np.bincount(fold, minlength=FOLDS)
    assert sizes.min() > 0.8 * sizes.max()


def test_a_label_is_doubted_where_little_speaks_for_it_and_much_for_another():
    shares = np.array(
        [[0.01, 0.95, 0.04], [0.01, 0.5, 0.49], [0.3, 0.7, 0.0], [0.001, 0.019, 0.98]], np.float32
    )
    targets = np.array([0, 0, 0, 1])
    found = doubts(shares, targets, ["a", "b", "c", "d"], "ABC")
    assert found == [Doubt("a", "A", "B", 0.01, 0.95), Doubt("d", "B", "C", 0.019, 0.98)]


@pytest.mark.parametrize("count", [1, 49])
def test_sheets_show_each_doubt(tmp_path, count):
    photos = [KeptPhoto(f"{n}", "A", "s", "s", "ok", True, "Right", 100, 100) for n in range(count)]
    pictures = np.full((count, 168, 168, 3), 90, np.uint8)
    crops = HandCrops.of(pictures, np.zeros((count, 21, 3), np.float32), photos)
    draw_sheets([Doubt(f"{n}", "A", "B", 0.0, 0.9) for n in range(count)], crops, tmp_path)
    sheets = sorted(tmp_path.iterdir())
    assert len(sheets) == -(-count // 48)
    assert Image.open(sheets[-1]).getpixel((20, 20)) == (90, 90, 90)
