"""Cuts the hand out of every photo once and keeps the squares on disk for training.

A folder of hand crops holds, for N photos in the order of `photos.csv`:

    crops.npy       uint8 (N, CACHE_SIZE, CACHE_SIZE, 3), RGB, cut by `hands/crop.py`
    landmarks.npy   float32 (N, 21, 3) in 0-1 of the photo's width and height; NaN where no hand is
    photos.csv      photo_id, label, source, signer, label_note, found, handedness, width, height
    crops.json      the settings and a digest of the photo list; other settings mean a new folder
"""

import csv
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
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
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.photos.picture_folder import PictureFolder, digest_of

CACHE_SIZE = 168
CACHE_SCALE = 1.8
"""Side of a kept crop in pixels, and in longer sides of the hand's bounding box.

Wider than what a network sees, so that augmentation can move, turn and zoom without empty edges;
the network's own 1.4 at 128 pixels is 168 / 1.8 * 1.4 = 131 pixels here, nearly one to one.
"""

_SCHEMA = 2
"""Higher wherever `MediaPipeHandDetector.detect` finds other hands than before."""


@dataclass(frozen=True)
class KeptPhoto:
    """One line of the kept `photos.csv`; `handedness` is "Left", "Right", or "" without a hand.

    `width` and `height` are those of the photo in pixels.
    """

    photo_id: str
    label: str
    source: str
    signer: str
    label_note: str
    found: bool
    handedness: str
    width: int
    height: int

    @classmethod
    def of(cls, photo: LabelledPhoto, found: bool, handedness: str, size: tuple[int, int]) -> Self:
        """Describe a photo of `size` (width, height) in which a hand was `found` or not."""
        names = (photo.photo_id, photo.label, photo.source, photo.signer, photo.label_note)
        return cls(*names, found, handedness, *size)


@dataclass(frozen=True)
class HandCrops:
    """Crops, landmarks and columns of N photos, as the module's docstring describes them.

    `file` holds the crops on disk; `places`, int64 `(N,)`, tells which of them are these photos'.
    The columns are arrays of `(N,)`: strings, `found` and `left_hand` bool; `frame_sizes` is
    float32 `(N, 2)`, width and height of each photo in pixels. Where no hand was found, the crop
    holds the whole photo.
    """

    file: NDArray[np.uint8]
    places: NDArray[np.int64]
    landmarks: NDArray[np.float32]
    photo_ids: NDArray[np.str_]
    labels: NDArray[np.str_]
    sources: NDArray[np.str_]
    signers: NDArray[np.str_]
    label_notes: NDArray[np.str_]
    found: NDArray[np.bool_]
    left_hand: NDArray[np.bool_]
    frame_sizes: NDArray[np.float32]

    @classmethod
    def of(
        cls, file: NDArray[np.uint8], landmarks: NDArray[np.float32], photos: Sequence[KeptPhoto]
    ) -> Self:
        """Put the columns of `photos` beside their crops, N of each in the same order."""
        sizes = np.array([(photo.width, photo.height) for photo in photos], np.float32)
        return cls(
            file=file,
            places=np.arange(len(photos)),
            landmarks=landmarks,
            photo_ids=np.array([photo.photo_id for photo in photos], np.str_),
            labels=np.array([photo.label for photo in photos], np.str_),
            sources=np.array([photo.source for photo in photos], np.str_),
            signers=np.array([photo.signer for photo in photos], np.str_),
            label_notes=np.array([photo.label_note for photo in photos], np.str_),
            found=np.array([photo.found for photo in photos], np.bool_),
            left_hand=np.array([photo.handedness == "Left" for photo in photos], np.bool_),
            frame_sizes=sizes.reshape(-1, 2),
        )

    def __len__(self) -> int:
        return len(self.places)

    @property
    def readable(self) -> NDArray[np.bool_]:
        """Where a network can be asked, bool `(N,)`: the photos with a found hand."""
        return self.found

    @property
    def pixel_points(self) -> NDArray[np.float32]:
        """The landmarks in pixels of their photos, float32 `(N, 21, 3)`; z in the scale of x."""
        factors = self.frame_sizes[:, None, [0, 1, 0]]
        return np.asarray(self.landmarks * factors, np.float32)

    def seen_share(self, crop_scale: float) -> float:
        """Return the share of the kept square's side that a network with `crop_scale` sees."""
        return crop_scale / CACHE_SCALE

    def select(self, keep: NDArray[np.bool_]) -> Self:
        """Return the photos where `keep`, bool `(N,)`, holds; the crops stay on disk."""
        columns = [column.name for column in fields(self) if column.name != "file"]
        return replace(self, **{name: getattr(self, name)[keep] for name in columns})

    def crops(self, chosen: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read the crops of `chosen` photos, RGB uint8 `(B, K, K, 3)`."""
        return np.asarray(self.file[self.places[chosen]], np.uint8)


def load_or_cut(
    photos: PhotoSet,
    folder: Path,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> HandCrops:
    """Load the hand crops of `photos` from `folder`, cutting them first where they are not there.

    `progress(done, total)` is called after each photo. Crops of other photos or settings in
    `folder` are replaced; a folder that holds anything else is left alone.

    Raises:
        PhotoSetError: there is no photo, one cannot be read, `folder` holds something other than
            crops, or the crops in it are damaged.
        ModelFileError: crops must be cut and the hand landmarker's model is missing or altered.
    """
    digest = digest_of(photos)
    settings = {"schema": _SCHEMA, "size": CACHE_SIZE, "scale": CACHE_SCALE, "photos": digest}
    kept = PictureFolder(folder, "crops", "crops.json", settings)
    if not kept.is_current:
        with kept.rewriting() as partial:
            _cut_all(photos, partial, workers, progress)
    try:
        return _load(photos, folder)
    except (OSError, TypeError, ValueError, KeyError) as error:
        raise kept.damaged(error) from None


def _load(photos: PhotoSet, folder: Path) -> HandCrops:
    with (folder / "photos.csv").open(newline="", encoding="utf-8") as file:
        # A signer or a note may have been corrected since the cutting; no new crop is due to that.
        kept = [
            KeptPhoto.of(
                photo,
                row["found"] == "1",
                row["handedness"],
                (int(row["width"]), int(row["height"])),
            )
            for row, photo in zip(csv.DictReader(file), photos.photos, strict=True)
        ]
    crops = np.load(folder / "crops.npy", mmap_mode="r", allow_pickle=False)
    landmarks = np.load(folder / "landmarks.npy", allow_pickle=False)
    if not len(crops) == len(landmarks) == len(kept):
        raise ValueError(f"{len(crops)} crops, {len(landmarks)} hands, {len(kept)} photos")
    return HandCrops.of(crops, landmarks, kept)


def _cut_all(
    photos: PhotoSet, folder: Path, workers: int, progress: Callable[[int, int], None] | None
) -> None:
    total = len(photos.photos)
    crops = np.lib.format.open_memmap(
        folder / "crops.npy", "w+", np.uint8, (total, CACHE_SIZE, CACHE_SIZE, 3)
    )
    landmarks = np.full((total, LANDMARK_COUNT, 3), np.nan, np.float32)
    with (folder / "photos.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [column.name for column in fields(KeptPhoto)])
        table.writeheader()
        for index, (photo, crop, points) in enumerate(_each_cut(photos, workers)):
            crops[index] = crop
            if points is not None:
                landmarks[index] = points
            table.writerow(asdict(photo) | {"found": int(photo.found)})
            if progress:
                progress(index + 1, total)
    crops.flush()
    np.save(folder / "landmarks.npy", landmarks, allow_pickle=False)


_Cut = tuple[KeptPhoto, images.Frame, NDArray[np.float32] | None]


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
    handedness = detection.handedness if detection else ""
    kept = KeptPhoto.of(photo, detection is not None, handedness, (width, height))
    return kept, cut(frame, box, CACHE_SIZE), points
