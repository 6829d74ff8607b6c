import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from asl_core import images
from asl_core.errors import ModelFileError, PhotoSetError
from asl_core.hands.crop import box_around, cut, whole_frame_box
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.photos import hand_crops
from asl_core.photos.hand_crops import CACHE_SCALE, CACHE_SIZE, load_or_cut
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet, read_photo_set

FOUR = (
    "train/anna/A/000.png",
    "train/anna/B/000.png",
    "train/ben/A/000.png",
    "train/ben/nothing/000.png",
)
EMPTY = 3
"""Place in FOUR of the picture without a hand; it is black."""


def hand_points(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.3, 0.7, (21, 3)).astype(np.float32)


class FakeDetector:
    """Finds a hand in all but black pictures; a left hand where the corner is rather red."""

    calls = 0

    def __init__(self, mode: str) -> None:
        assert mode == "photo"

    def detect(self, frame):
        FakeDetector.calls += 1
        if frame.max() == 0:
            return None
        points = hand_points(int(frame[0, 0, 1]))
        return HandDetection(HandLandmarks(points), "Left" if frame[0, 0, 0] > 99 else "Right", 0.9)


@pytest.fixture
def photos(make_listed, monkeypatch) -> PhotoSet:
    monkeypatch.setattr(hand_crops, "MediaPipeHandDetector", FakeDetector)
    FakeDetector.calls = 0
    root = make_listed(FOUR)
    Image.new("RGB", (50, 30)).save(root / FOUR[EMPTY])
    return read_photo_set(root)


def test_crops_are_those_of_hands_crop(photos, tmp_path):
    crops = load_or_cut(photos, tmp_path / "crops", workers=1)
    assert len(crops) == 4
    assert crops.found.tolist() == [True, True, True, False]
    cut_squares = crops.crops(np.arange(4))
    for place, photo in enumerate(photos.photos[:EMPTY]):
        frame = images.read(photo.path)
        points = hand_points(int(frame[0, 0, 1]))
        box = box_around(HandLandmarks(points), 96, 80, CACHE_SCALE)
        assert np.array_equal(cut_squares[place], cut(frame, box, CACHE_SIZE))
        assert np.array_equal(crops.landmarks[place], points)


def test_a_photo_without_a_hand_keeps_the_whole_frame_and_no_landmarks(photos, tmp_path):
    crops = load_or_cut(photos, tmp_path / "crops", workers=1)
    frame = images.read(photos.photos[EMPTY].path)
    expected = cut(frame, whole_frame_box(50, 30), CACHE_SIZE)
    assert np.array_equal(crops.crops(np.array([EMPTY]))[0], expected)
    assert np.isnan(crops.landmarks[EMPTY]).all()
    assert not crops.left_hand[EMPTY]


def test_columns_tell_what_is_known_of_each_photo(photos, tmp_path):
    crops = load_or_cut(photos, tmp_path / "crops", workers=1)
    assert crops.photo_ids.tolist() == list(FOUR)
    assert crops.labels.tolist() == ["A", "B", "A", "nothing"]
    assert crops.signers.tolist() == ["anna", "anna", "ben", "ben"]
    assert crops.frame_sizes.tolist() == [[96, 80]] * 3 + [[50, 30]]
    reds = [images.read(photo.path)[0, 0, 0] for photo in photos.photos]
    assert crops.left_hand.tolist() == [red > 99 for red in reds]
    assert len(set(crops.left_hand.tolist())) == 2


def test_selected_photos_bring_their_own_crops(photos, tmp_path):
    crops = load_or_cut(photos, tmp_path / "crops", workers=1)
    chosen = crops.select(np.array([False, True, False, True]))
    assert chosen.photo_ids.tolist() == [FOUR[1], FOUR[3]]
    assert np.array_equal(chosen.crops(np.arange(2)), crops.crops(np.array([1, 3])))
    assert np.array_equal(chosen.landmarks[0], crops.landmarks[1])


def test_crops_are_cut_once(photos, tmp_path):
    told = []
    first = load_or_cut(photos, tmp_path / "crops", 1, lambda done, total: told.append(done))
    assert (FakeDetector.calls, told) == (4, [1, 2, 3, 4])
    again = load_or_cut(photos, tmp_path / "crops", 1, lambda done, total: told.append(done))
    assert (FakeDetector.calls, told) == (4, [1, 2, 3, 4])
    assert np.array_equal(again.crops(np.arange(4)), first.crops(np.arange(4)))
    assert again.photo_ids.tolist() == first.photo_ids.tolist()
    assert again.left_hand.tolist() == first.left_hand.tolist()


def test_other_photos_are_cut_anew(photos, tmp_path):
    load_or_cut(photos, tmp_path / "crops", workers=1)
    fewer = PhotoSet(photos.root, photos.photos[:2])
    assert len(load_or_cut(fewer, tmp_path / "crops", workers=1)) == 2
    assert FakeDetector.calls == 6
    assert not (tmp_path / "crops.partial").exists()


def test_a_corrected_signer_or_note_needs_no_new_cutting(photos, tmp_path):
    load_or_cut(photos, tmp_path / "crops", workers=1)
    first = photos.photos[0]
    corrected = LabelledPhoto(
        first.photo_id, first.path, first.split, "school", "zoe", "A", "suspect"
    )
    crops = load_or_cut(
        PhotoSet(photos.root, (corrected, *photos.photos[1:])), tmp_path / "crops", workers=1
    )
    assert FakeDetector.calls == 4
    corrected_columns = (crops.sources[0], crops.signers[0], crops.label_notes[0])
    assert corrected_columns == ("school", "zoe", "suspect")
    assert crops.signers[1] == "anna"


def test_the_folder_holds_what_the_module_says(photos, tmp_path):
    folder = tmp_path / "crops"
    load_or_cut(photos, folder, workers=1)
    assert {path.name for path in folder.iterdir()} == {
        "crops.npy",
        "landmarks.npy",
        "photos.csv",
        "crops.json",
    }
    settings = json.loads((folder / "crops.json").read_text())
    assert (settings["size"], settings["scale"]) == (CACHE_SIZE, CACHE_SCALE)
    with (folder / "photos.csv").open() as file:
        assert next(csv.reader(file)) == [
            *("photo_id", "label", "source", "signer", "label_note"),
            *("found", "handedness", "width", "height"),
        ]


def test_an_unreadable_photo_stops_the_cutting_and_leaves_no_crops(photos, tmp_path):
    photos.photos[1].path.write_bytes(b"no picture")
    with pytest.raises(PhotoSetError, match=f"^{FOUR[1]}: 000.png is not a picture"):
        load_or_cut(photos, tmp_path / "crops", workers=1)
    assert not (tmp_path / "crops").exists()


def test_a_photo_that_is_gone_is_named(photos, tmp_path):
    photos.photos[2].path.unlink()
    with pytest.raises(PhotoSetError, match=f"{FOUR[2]} cannot be read"):
        load_or_cut(photos, tmp_path / "crops", workers=1)


def test_a_set_without_photos_is_refused(photos, tmp_path):
    with pytest.raises(PhotoSetError, match="There is no photo of"):
        load_or_cut(photos.with_labels(()), tmp_path / "crops", workers=1)


def test_a_folder_with_other_things_is_never_deleted(photos, tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "diary.txt").write_text("dear diary")
    with pytest.raises(PhotoSetError, match="holds something other than crops"):
        load_or_cut(photos, folder, workers=1)
    assert (folder / "diary.txt").read_text() == "dear diary"


def test_an_empty_folder_may_be_used(photos, tmp_path):
    (tmp_path / "crops").mkdir()
    assert len(load_or_cut(photos, tmp_path / "crops", workers=1)) == 4


DAMAGES = {
    "crops cut short": lambda folder: cut_short(folder / "crops.npy"),
    "landmarks gone": lambda folder: (folder / "landmarks.npy").unlink(),
    "list cut short": lambda folder: (folder / "photos.csv").write_text("photo_id\n"),
    "other crops": lambda folder: np.save(folder / "crops.npy", np.zeros((1, 2, 2, 3), np.uint8)),
}


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_crops_are_named(photos, tmp_path, name):
    load_or_cut(photos, tmp_path / "crops", workers=1)
    DAMAGES[name](tmp_path / "crops")
    with pytest.raises(PhotoSetError, match=r"crops are damaged|crops in .* are damaged"):
        load_or_cut(photos, tmp_path / "crops", workers=1)


def test_a_missing_model_is_an_error_and_not_an_endless_pool(photos, tmp_path, monkeypatch):
    def missing():
        raise ModelFileError("hand_landmarker.task is missing")

    monkeypatch.setattr(hand_crops, "landmarker_path", missing)
    with pytest.raises(ModelFileError, match="is missing"):
        load_or_cut(photos, tmp_path / "crops", workers=2)


@pytest.mark.shared
def test_real_hands_are_cut_from_real_photos(shared_photos, tmp_path):
    photos = tuple(
        LabelledPhoto(name, shared_photos / name, "test", signer, signer, label)
        for signer, label in (("yuvraj", "A"), ("seeeeeeel", "L"), ("cankaya", "Y"))
        for name in (f"test/{signer}/{label}/000.webp",)
    )
    crops = load_or_cut(PhotoSet(shared_photos, photos), tmp_path / "crops", workers=1)
    assert crops.found.tolist() == [True, True, True]
    assert crops.left_hand.tolist() == [False, True, False]
    assert np.ptp(crops.landmarks[:, :, :2], axis=1).min() > 0.05
    assert (np.abs(crops.landmarks[:, :, :2] - 0.5) < 0.6).all()
    assert crops.crops(np.arange(3)).std(axis=(1, 2, 3)).min() > 10
