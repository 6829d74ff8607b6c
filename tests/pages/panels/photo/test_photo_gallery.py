import dataclasses

import numpy as np
import pytest
from PIL import Image

from pages.panels.photo.photo_gallery import photo_folder, thumbnail


@pytest.fixture
def on_disk(tmp_path, make_photo):
    photo = make_photo()
    path = tmp_path / photo.photo_id
    path.parent.mkdir(parents=True)
    pixels = np.zeros((120, 160, 3), np.uint8)
    pixels[20:, 10:110] = (0, 200, 0)
    Image.fromarray(pixels).save(path, lossless=True)
    return photo


def test_cuts_the_hand_from_the_photo(tmp_path, on_disk):
    picture = thumbnail(on_disk, tmp_path.resolve())
    assert picture.shape == (100, 100, 3)
    assert (picture == (0, 200, 0)).all()


def test_beyond_the_photo_is_grey(tmp_path, on_disk):
    outside = dataclasses.replace(on_disk, box=(-40, 20, 60, 120))
    picture = thumbnail(outside, tmp_path.resolve())
    assert picture.shape == (100, 100, 3)
    assert (picture[:, :40] == 139).all()
    assert (picture[:, 50:] == (0, 200, 0)).all()


def test_without_a_hand_the_middle_is_shown(tmp_path, on_disk):
    picture = thumbnail(dataclasses.replace(on_disk, box=None), tmp_path.resolve())
    assert picture.shape == (120, 120, 3)


def test_a_photo_that_is_not_there(tmp_path, make_photo):
    assert thumbnail(make_photo(), tmp_path.resolve()) is None


def test_a_broken_photo_is_not_shown(tmp_path, on_disk):
    (tmp_path / on_disk.photo_id).write_bytes(b"no picture")
    assert thumbnail(on_disk, tmp_path.resolve()) is None


def test_a_name_cannot_lead_out_of_the_folder(tmp_path, on_disk):
    inner = tmp_path / "inner"
    inner.mkdir()
    outside = dataclasses.replace(on_disk, photo_id=f"../{on_disk.photo_id}")
    assert thumbnail(outside, inner.resolve()) is None


def test_the_folder_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ASL_PHOTOS", str(tmp_path))
    assert photo_folder() == tmp_path.resolve()
    monkeypatch.setenv("ASL_PHOTOS", str(tmp_path / "missing"))
    assert photo_folder() is None
