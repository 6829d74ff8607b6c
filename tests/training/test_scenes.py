from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from asl_core.errors import PhotoSetError
from asl_core.hands.crop import box_around
from asl_core.hands.landmarks import HandLandmarks
from asl_core.photos.hand_crops import CACHE_SCALE, CACHE_SIZE
from asl_core.training.scenes import PIECES_A_SCENE, SceneMixer, hand_mask


def scenes_of(shade: int) -> np.ndarray:
    return np.full((3, CACHE_SIZE, CACHE_SIZE, 3), shade, np.uint8)


def test_a_mask_covers_the_hand_and_leaves_the_corners():
    angles = np.linspace(0, 2 * np.pi, 21, dtype=np.float32)
    points = 84 + 30 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    mask = hand_mask(points.astype(np.float32), 168)
    assert mask.shape == (168, 168)
    rows, columns = np.round(points).astype(int).T[::-1]
    assert mask[rows, columns].min() > 0.4
    assert max(mask[0, 0], mask[0, -1], mask[-1, 0], mask[-1, -1]) == 0
    assert mask.min() == 0
    assert mask.max() <= 1


def test_the_hand_stays_and_what_is_around_it_changes(make_crops):
    crops = make_crops("AB")
    rows = np.array([0, 1])
    before = torch.from_numpy(crops.crops(rows))
    after = SceneMixer(crops, scenes_of(255), chance=1.0).mix(before, rows)
    for i in rows:
        width, height = (int(side) for side in crops.frame_sizes[i])
        box = box_around(HandLandmarks(crops.landmarks[i]), width, height, CACHE_SCALE)
        wrist = crops.landmarks[i, 0, :2] * (width, height) - (box.left, box.top)
        x, y = np.round(wrist * CACHE_SIZE / box.side).astype(int)
        assert int(after[i, y, x, 0]) == pytest.approx(int(before[i, y, x, 0]), abs=40)
    assert (after == 255).float().mean() > 0.1
    assert before.max() < 255, "the batch itself is left as it was"


@pytest.mark.parametrize(
    ("found", "chance"), [("0", 1.0), ("1", 0.0)], ids=["no hand found", "no chance"]
)
def test_other_crops_are_left_alone(make_crops, found, chance):
    crops = make_crops("A", found=found)
    before = torch.from_numpy(crops.crops(np.array([0])))
    after = SceneMixer(crops, scenes_of(255), chance).mix(before, np.array([0]))
    assert torch.equal(after, before)


def test_scenes_are_read_from_the_training_part_alone(make_crops, tmp_path: Path):
    for name, shade in (("day.png", 200), ("night.png", 10)):
        Image.new("RGB", (60, 40), (shade, shade, shade)).save(tmp_path / name)
    (tmp_path / "backgrounds.csv").write_text("path,split\nday.png,train\nnight.png,test\n")
    mixer = SceneMixer.read(make_crops("A"), tmp_path, 0.5, seed=1)
    assert mixer.scenes.shape == (PIECES_A_SCENE, CACHE_SIZE, CACHE_SIZE, 3)
    assert set(np.unique(mixer.scenes)) == {200}


@pytest.mark.parametrize(
    ("listed", "said"),
    [(None, "backgrounds.csv"), ("path,split\nx.png,train\n", "x.png"), ("path,split\n", "train")],
    ids=["no list", "missing picture", "empty list"],
)
def test_unusable_scenes_are_named(make_crops, tmp_path: Path, listed, said):
    if listed is not None:
        (tmp_path / "backgrounds.csv").write_text(listed)
    with pytest.raises(PhotoSetError, match=said):
        SceneMixer.read(make_crops("A"), tmp_path, 0.5, seed=1)
