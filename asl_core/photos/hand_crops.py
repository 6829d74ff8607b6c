"""Cuts the hand out of every photo once and keeps the squares on disk for training.

A folder of hand crops holds, for N photos in the order of `photos.csv`:

    crops.npy       uint8 (N, CACHE_SIZE, CACHE_SIZE, 3), RGB, cut by `hands/crop.py`
    landmarks.npy   float32 (N, 21, 3) in 0-1 of the photo's width and height; NaN where no hand is
    photos.csv      photo_id, label, source, signer, label_note, found, handedness, width, height
    crops.json      the settings and a digest of the photo list; other settings mean a new folder
"""

import csv
import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from asl_core import images
from asl_core.errors import ImageError, PhotoSetError
from asl_core.hands.crop import box_around, cut, whole_frame_box
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.hands.landmarker_model import landmarker_path
from asl_core.hands.landmarks import LANDMARK_COUNT
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet, digest_of

CACHE_SIZE = 168
CACHE_SCALE = 1.8
"""Side of a kept crop in pixels, and in longer sides of the hand's bounding box.

Wider than what a network sees, so that augmentation can move, turn and zoom without empty edges;
the network's own 1.4 at 128 pixels is 168 / 1.8 * 1.4 = 131 pixels here, nearly one to one.
"""

_SCHEMA = 1
_COLUMNS = (
    *("photo_id", "label", "source", "signer", "label_note"),
    *("found", "handedness", "width", "height"),
)


@dataclass(frozen=True)
class HandCrops:
    """Crops and landmarks of N photos, as the module's docstring describes them.

    `file` holds the crops on disk; `places`, int64 `(N,)`, tells which of them are these photos'.
    """

    file: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    rows: tuple[dict[str, str], ...]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def found(self) -> NDArray[np.bool_]:
        """Where a hand was found, bool `(N,)`; elsewhere the crop holds the whole photo."""
        return np.array([row["found"] == "1" for row in self.rows], np.bool_)

    @property
    def readable(self) -> NDArray[np.bool_]:
        """Where a network can be asked, bool `(N,)`: the photos with a found hand."""
        return self.found

    def seen_share(self, crop_scale: float) -> float:
        """Give the share of the kept square's side that a network with `crop_scale` sees."""
        return crop_scale / CACHE_SCALE

    @property
    def left_hand(self) -> NDArray[np.bool_]:
        """Where the hand is a left hand, bool `(N,)`."""
        return np.array([row["handedness"] == "Left" for row in self.rows], np.bool_)

    @property
    def frame_sizes(self) -> NDArray[np.float32]:
        """Width and height of each photo in pixels, float32 `(N, 2)`."""
        return np.array([(row["width"], row["height"]) for row in self.rows], np.float32)

    def select(self, keep: NDArray[np.bool_]) -> Self:
        """Give the photos where `keep`, bool `(N,)`, holds; the crops stay on disk."""
        chosen = np.flatnonzero(keep)
        return replace(
            self,
            landmarks=self.landmarks[chosen],
            rows=tuple(self.rows[i] for i in chosen),
            places=self.places[chosen],
        )

    def crops(self, chosen: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read the crops of `chosen` photos, RGB uint8 `(B, K, K, 3)`."""
        return np.asarray(self.file[self.places[chosen]], np.uint8)

    def column(self, name: str) -> list[str]:
        """Give one column of the photo list, such as `label` or `signer`."""
        return [row[name] for row in self.rows]


def load_or_cut(
    photos: PhotoSet,
    folder: Path,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> HandCrops:
    """Give the hand crops of `photos` from `folder`, cutting them first where they are not there.

    `progress(done, total)` is called after each photo. Crops of other photos or settings in
    `folder` are replaced; a folder that holds anything else is left alone.

    Raises:
        PhotoSetError: there is no photo, one cannot be read, `folder` holds something other than
            crops, or the crops in it are damaged.
        ModelFileError: crops must be cut and the hand landmarker's model is missing or altered.
    """
    digest = digest_of(photos)
    if not _is_current(folder, digest):
        _require_replaceable(folder)
        _cut_all(photos, folder, digest, workers, progress)
    try:
        return _load(photos, folder)
    except (OSError, ValueError, KeyError) as error:
        raise PhotoSetError(
            f"The crops in {folder} are damaged ({error}); delete that folder to cut them again."
        ) from None


def _load(photos: PhotoSet, folder: Path) -> HandCrops:
    with (folder / "photos.csv").open(newline="", encoding="utf-8") as file:
        kept = list(csv.DictReader(file))
    # A signer or a note may have been corrected since the cutting; no new crop is due to that.
    rows = tuple(
        {**row, "source": photo.source, "signer": photo.signer, "label_note": photo.label_note}
        for row, photo in zip(kept, photos.photos, strict=True)
    )
    crops = np.load(folder / "crops.npy", mmap_mode="r", allow_pickle=False)
    landmarks = np.load(folder / "landmarks.npy", allow_pickle=False)
    if not len(crops) == len(landmarks) == len(rows):
        raise ValueError(f"{len(crops)} crops, {len(landmarks)} hands, {len(rows)} photos")
    return HandCrops(crops, landmarks, rows, np.arange(len(rows)))


def _require_replaceable(folder: Path) -> None:
    if folder.exists() and not (folder / "crops.json").is_file():
        if folder.is_dir() and not any(folder.iterdir()):
            return
        raise PhotoSetError(f"{folder} holds something other than crops; choose another folder.")


def _is_current(folder: Path, digest: str) -> bool:
    try:
        kept = json.loads((folder / "crops.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(kept == _settings(digest))


def _settings(digest: str) -> dict[str, object]:
    return {"schema": _SCHEMA, "size": CACHE_SIZE, "scale": CACHE_SCALE, "photos": digest}


def _cut_all(
    photos: PhotoSet,
    folder: Path,
    digest: str,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    total = len(photos.photos)
    crops = np.lib.format.open_memmap(
        partial / "crops.npy", "w+", np.uint8, (total, CACHE_SIZE, CACHE_SIZE, 3)
    )
    landmarks = np.full((total, LANDMARK_COUNT, 3), np.nan, np.float32)
    with (partial / "photos.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, _COLUMNS)
        table.writeheader()
        for index, (row, crop, points) in enumerate(_each_cut(photos, workers)):
            crops[index] = crop
            if points is not None:
                landmarks[index] = points
            table.writerow(row)
            if progress:
                progress(index + 1, total)
    crops.flush()
    np.save(partial / "landmarks.npy", landmarks, allow_pickle=False)
    (partial / "crops.json").write_text(json.dumps(_settings(digest)), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


_Cut = tuple[dict[str, object], images.Frame, NDArray[np.float32] | None]


def _each_cut(photos: PhotoSet, workers: int) -> Iterator[_Cut]:
    if workers <= 1:
        _start_worker()
        yield from map(_cut_one, photos.photos)
        return
    # A pool starts a worker that fails on its model again and again, for ever.
    landmarker_path()
    # A forked copy of MediaPipe's or torch's threads would hang, so workers start afresh.
    with multiprocessing.get_context("spawn").Pool(workers, _start_worker) as pool:
        yield from pool.imap(_cut_one, photos.photos, chunksize=8)


_detector: MediaPipeHandDetector | None = None


def _start_worker() -> None:
    global _detector
    _detector = MediaPipeHandDetector("photo")


def _cut_one(photo: LabelledPhoto) -> _Cut:
    assert _detector is not None
    try:
        frame = images.read(photo.path)
    except ImageError as error:
        raise PhotoSetError(f"{photo.photo_id}: {error}") from None
    height, width = frame.shape[:2]
    detection = _detector.detect(frame)
    if detection is None:
        box, points = whole_frame_box(width, height), None
    else:
        box = box_around(detection.landmarks, width, height, CACHE_SCALE)
        points = detection.landmarks.points
    row: dict[str, object] = {
        "photo_id": photo.photo_id,
        "label": photo.label,
        "source": photo.source,
        "signer": photo.signer,
        "label_note": photo.label_note,
        "found": int(detection is not None),
        "handedness": detection.handedness if detection else "",
        "width": width,
        "height": height,
    }
    return row, cut(frame, box, CACHE_SIZE), points
