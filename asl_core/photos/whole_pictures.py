"""Keeps whole photos, stretched to squares, for networks that look for no hand.

The published recognisers and tutorials are trained so. A folder of whole pictures holds, for N
photos in the order of the set:

    pictures.npy    uint8 (N, size, size, 3), RGB, stretched by `hands/crop.py`
    pictures.json   the size and a digest of the photo list; another one means a new folder
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core import images
from asl_core.errors import ImageError, PhotoSetError
from asl_core.hands.crop import stretch
from asl_core.hands.landmarks import LANDMARK_COUNT
from asl_core.photos.hand_crops import HandCrops
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet, digest_of

PICTURES_FILE = "pictures.npy"
SETTINGS_FILE = "pictures.json"


@dataclass(frozen=True)
class WholePictures(HandCrops):
    """Whole photos in the place of hand crops: no hand was sought, so every photo is readable."""

    @property
    def readable(self) -> NDArray[np.bool_]:
        """True for every photo, bool `(N,)`."""
        return np.ones(len(self), np.bool_)

    def seen_share(self, crop_scale: float) -> float:
        """Give 1: a network sees all of the kept square, whatever the scale of hand crops."""
        del crop_scale
        return 1.0


def load_or_stretch(
    photos: PhotoSet,
    folder: Path,
    size: int,
    progress: Callable[[int, int], None] | None = None,
) -> WholePictures:
    """Give the photos as squares of `size` pixels from `folder`, made first where they are not.

    `progress(done, total)` is called after each photo. Pictures of other photos or of another size
    in `folder` are replaced; a folder that holds anything else is left alone.

    Raises:
        PhotoSetError: there is no photo, one cannot be read, or `folder` holds something other
            than whole pictures, or damaged ones.
    """
    settings = {"schema": 1, "size": size, "photos": digest_of(photos)}
    if not _is_current(folder, settings):
        _require_replaceable(folder)
        _stretch_all(photos, folder, settings, size, progress)
    try:
        pictures = np.load(folder / PICTURES_FILE, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise PhotoSetError(
            f"The pictures in {folder} are damaged ({error}); delete that folder to make them "
            "again."
        ) from None
    count = len(photos.photos)
    landmarks = np.full((count, LANDMARK_COUNT, 3), np.nan, np.float32)
    rows = tuple(_row(photo, size) for photo in photos.photos)
    return WholePictures(pictures, landmarks, rows, np.arange(count))


def _row(photo: LabelledPhoto, size: int) -> dict[str, str]:
    return {
        "photo_id": photo.photo_id,
        "label": photo.label,
        "source": photo.source,
        "signer": photo.signer,
        "label_note": photo.label_note,
        "found": "0",
        "handedness": "",
        "width": str(size),
        "height": str(size),
    }


def _is_current(folder: Path, settings: dict[str, object]) -> bool:
    try:
        kept = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(kept == settings)


def _require_replaceable(folder: Path) -> None:
    if folder.exists() and not (folder / SETTINGS_FILE).is_file():
        raise PhotoSetError(f"{folder} holds something other than whole pictures; choose another.")


def _stretch_all(
    photos: PhotoSet,
    folder: Path,
    settings: dict[str, object],
    size: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    total = len(photos.photos)
    pictures = np.lib.format.open_memmap(
        partial / PICTURES_FILE, "w+", np.uint8, (total, size, size, 3)
    )
    for index, photo in enumerate(photos.photos):
        try:
            pictures[index] = stretch(images.read(photo.path), size)
        except ImageError as error:
            raise PhotoSetError(f"{photo.photo_id}: {error}") from None
        if progress:
            progress(index + 1, total)
    pictures.flush()
    (partial / SETTINGS_FILE).write_text(json.dumps(settings), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
