"""Keeps whole photos, stretched to squares, for networks that look for no hand.

The published recognizers and tutorials are trained so. A folder of whole pictures holds, for N
photos in the order of the set:

    pictures.npy    uint8 (N, size, size, 3), RGB, stretched by `hands/crop.py`
    pictures.json   the size and a digest of the photo list; another one means a new folder
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core import images
from asl_core.errors import ImageError, PhotoSetError
from asl_core.hands.crop import stretch
from asl_core.hands.landmarks import LANDMARK_COUNT
from asl_core.photos.hand_crops import HandCrops, KeptPhoto
from asl_core.photos.photo_set import PhotoSet
from asl_core.photos.picture_folder import PictureFolder, digest_of

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
        """Return 1: a network sees all of the kept square, whatever the scale of hand crops."""
        del crop_scale
        return 1.0


def load_or_stretch(
    photos: PhotoSet,
    folder: Path,
    size: int,
    progress: Callable[[int, int], None] | None = None,
) -> WholePictures:
    """Load the photos as squares of `size` pixels from `folder`, made first where they are not.

    `progress(done, total)` is called after each photo. Pictures of other photos or of another size
    in `folder` are replaced; a folder that holds anything else is left alone.

    Raises:
        PhotoSetError: there is no photo, one cannot be read, or `folder` holds something other
            than whole pictures, or damaged ones.
    """
    settings: dict[str, object] = {"schema": 1, "size": size, "photos": digest_of(photos)}
    kept = PictureFolder(folder, "whole pictures", SETTINGS_FILE, settings)
    if not kept.is_current:
        with kept.rewriting() as partial:
            _stretch_all(photos, partial, size, progress)
    try:
        pictures = np.load(folder / PICTURES_FILE, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise kept.damaged(error) from None
    landmarks = np.full((len(photos.photos), LANDMARK_COUNT, 3), np.nan, np.float32)
    rows = [KeptPhoto.of(photo, False, "", (size, size)) for photo in photos.photos]
    return WholePictures.of(pictures, landmarks, rows)


def _stretch_all(
    photos: PhotoSet, folder: Path, size: int, progress: Callable[[int, int], None] | None
) -> None:
    total = len(photos.photos)
    pictures = np.lib.format.open_memmap(
        folder / PICTURES_FILE, "w+", np.uint8, (total, size, size, 3)
    )
    for index, photo in enumerate(photos.photos):
        try:
            pictures[index] = stretch(images.read(photo.path), size)
        except ImageError as error:
            raise PhotoSetError(f"{photo.photo_id}: {error}") from None
        if progress:
            progress(index + 1, total)
    pictures.flush()
