import dataclasses

import numpy as np
import pytest
from PIL import Image

from asl_core.errors import PhotoSetError
from asl_core.photos.photo_set import read_photo_set
from asl_core.photos.whole_pictures import load_or_stretch


@pytest.fixture
def photos(tmp_path):
    """A Kaggle tree whose pictures are left half dark, right half as bright as their number."""
    for number, label in enumerate(("B", "A", "nothing")):
        folder = tmp_path / "asl_alphabet_train" / label
        folder.mkdir(parents=True)
        pixels = np.zeros((40, 80, 3), np.uint8)
        pixels[:, 40:] = 100 + number * 50
        Image.fromarray(pixels).save(folder / "0.png")
    return read_photo_set(tmp_path)


def test_whole_pictures_are_stretched_and_all_readable(photos, tmp_path):
    told = []
    kept = load_or_stretch(photos, tmp_path / "kept", 16, lambda done, total: told.append(done))
    assert told == [1, 2, 3]
    assert kept.labels.tolist() == ["A", "B", "nothing"]
    assert kept.readable.all()
    assert not kept.found.any()
    assert kept.seen_share(1.4) == 1.0
    pictures = kept.crops(np.array([0, 2]))
    assert pictures.shape == (2, 16, 16, 3)
    assert pictures[0, 0, :, 0].tolist() == [0] * 8 + [150] * 8
    assert pictures[1, 15, :, 2].tolist() == [0] * 8 + [200] * 8


def test_a_part_of_them_stays_whole(photos, tmp_path):
    part = load_or_stretch(photos, tmp_path / "kept", 16).select(np.array([False, True, False]))
    assert part.labels.tolist() == ["B"]
    assert part.readable.tolist() == [True]
    assert part.crops(np.array([0]))[0, 0, -1, 0] == 100


def test_they_are_made_once_and_anew_for_another_size(photos, tmp_path):
    folder = tmp_path / "kept"
    load_or_stretch(photos, folder, 16)
    told = []
    load_or_stretch(photos, folder, 16, lambda done, total: told.append(done))
    assert told == []
    assert load_or_stretch(photos, folder, 8).crops(np.array([0])).shape == (1, 8, 8, 3)


def test_a_folder_of_something_else_is_left_alone(photos, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("precious")
    with pytest.raises(PhotoSetError, match="something other than whole pictures"):
        load_or_stretch(photos, tmp_path / "kept", 16)
    assert (tmp_path / "kept" / "mine.txt").read_text() == "precious"


def test_a_picture_that_cannot_be_read_is_named(photos, tmp_path):
    broken = photos.photos[0].path
    broken.write_bytes(b"no picture")
    with pytest.raises(PhotoSetError, match=r"A/0\.png"):
        load_or_stretch(photos, tmp_path / "kept", 16)


def test_no_photo_gives_a_sentence(photos, tmp_path):
    with pytest.raises(PhotoSetError, match="There is no photo"):
        load_or_stretch(dataclasses.replace(photos, photos=()), tmp_path / "kept", 16)
