from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from asl_core.training.hand_changes import (
    AgainstLight,
    Gloves,
    against_light,
    crop_changes,
    gloved,
)
from asl_core.training.hand_masks import HandMasks
from asl_core.training.scenes import SceneMixer
from asl_core.training.settings import Augmentation

CHANGES = pytest.mark.parametrize("kind", [Gloves, AgainstLight])


def _half_mask(side: int) -> np.ndarray:
    mask = np.zeros((side, side), np.float32)
    mask[:, : side // 2] = 1
    return mask


def test_a_glove_has_its_colour_and_keeps_light_and_shade():
    crop = np.full((8, 8, 3), 100, np.uint8)
    crop[4:] = 200
    worn = gloved(crop, _half_mask(8), hue=120, saturation=0.5, gain=1.0)
    assert worn[0, 0].tolist() == [50, 100, 50]
    assert worn[7, 0].tolist() == [100, 200, 100]
    assert (worn[:, 4:] == crop[:, 4:]).all(), "nothing else is coloured"


def test_a_glove_is_no_brighter_than_white():
    crop = np.full((8, 8, 3), 240, np.uint8)
    worn = gloved(crop, _half_mask(8), hue=0, saturation=0, gain=1.4)
    assert (worn[:, :4] == 255).all()


def test_against_the_light_the_hand_is_dark_and_the_rest_is_bright():
    crop = np.full((8, 8, 3), 128, np.uint8)
    seen = against_light(crop, _half_mask(8), behind=2.0, before=0.25, flare=0.0)
    light = (seen / 255) ** 2.2
    assert light[:, :4].mean() == pytest.approx(0.25 * (128 / 255) ** 2.2, rel=0.02)
    assert light[:, 4:].mean() == pytest.approx(2.0 * (128 / 255) ** 2.2, rel=0.02)


def test_flare_lifts_what_is_black():
    black = np.zeros((8, 8, 3), np.uint8)
    assert (against_light(black, _half_mask(8), 1.0, 1.0, flare=0.1) > 80).all()


@CHANGES
def test_the_batch_itself_is_left_as_it_was_and_the_copy_is_changed(make_crops, kind):
    crops = make_crops("AB")
    rows = np.array([0, 1])
    before = torch.from_numpy(crops.crops(rows))
    kept = before.clone()
    after = kind(HandMasks(crops), 1.0)(before, rows, torch.Generator().manual_seed(0))
    assert torch.equal(before, kept)
    assert after.dtype == torch.uint8
    assert all(not torch.equal(after[i], before[i]) for i in rows)


@CHANGES
def test_the_same_lot_gives_the_same_pictures(make_crops, kind):
    crops = make_crops("AB")
    rows = np.array([0, 1])
    batch = torch.from_numpy(crops.crops(rows))
    change = kind(HandMasks(crops), 0.5)
    once, again = (change(batch, rows, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(once, again)


@CHANGES
@pytest.mark.parametrize(
    ("found", "chance"), [("0", 1.0), ("1", 0.0)], ids=["no hand found", "no chance"]
)
def test_other_crops_are_left_alone(make_crops, kind, found, chance):
    crops = make_crops("A", found=found)
    before = torch.from_numpy(crops.crops(np.array([0])))
    assert torch.equal(kind(HandMasks(crops), chance)(before, np.array([0])), before)


def test_a_window_stands_before_the_scene_and_a_glove_is_lit_by_both(make_crops, tmp_path: Path):
    Image.new("RGB", (60, 40)).save(tmp_path / "scene.png")
    (tmp_path / "backgrounds.csv").write_text("path,split\nscene.png,train\n")
    chances = Augmentation(background=0.1, gloves=0.2, against_light=0.3)
    changes = crop_changes(make_crops("A"), chances, tmp_path, seed=1)
    assert [type(change) for change in changes] == [SceneMixer, Gloves, AgainstLight]
    assert [change.chance for change in changes] == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("chances", "kinds"),
    [(Augmentation(flip=0.5), []), (Augmentation(gloves=0.2), [Gloves])],
    ids=["none", "gloves alone"],
)
def test_only_what_is_asked_for_happens(make_crops, chances, kinds):
    changes = crop_changes(make_crops("A"), chances, None, seed=1)
    assert [type(change) for change in changes] == kinds
