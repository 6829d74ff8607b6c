"""Finds sequences of fluent spelling in a folder: landmark files and videos with their texts."""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asl_core.errors import PhotoSetError
from asl_core.file_kinds import VIDEO_SUFFIXES
from asl_core.spelling.fluent.sequence import SpelledFrame

TEXTS_FILE = "texts.csv"
"""Beside videos whose name is not what they spell: columns `file` and `text`."""

_FRAME_HEIGHT = 480.0
_STANDARD_RATE = 30.0


@dataclass(frozen=True)
class LandmarkSequence:
    """A landmark file: times float64 `(T,)` in seconds, points float32 `(T, 21, 3)` in pixels.

    NaN stands for no hand.
    """

    file: str
    text: str
    signer: str
    is_left: bool
    times_s: NDArray[np.float64]
    points: NDArray[np.float32]

    def frames(self, times_as_fast: float = 1.0) -> Iterator[SpelledFrame]:
        """Yield all frames, played faster or slower."""
        for time_s, points in zip(self.times_s / times_as_fast, self.points, strict=True):
            is_there = bool(np.isfinite(points[:, :2]).all())
            yield SpelledFrame(float(time_s), points if is_there else None, self.is_left)


def letters_of(text: str) -> str:
    """Return the letters A to Z of a text in capitals; digits, spaces and signs are left out."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalpha())


def kind_of(file: str) -> str:
    """Return what groups a file: the ending of a video, else what stands before the first `_`."""
    path = Path(file)
    ending = path.suffix.lower()
    return ending.removeprefix(".") if ending in VIDEO_SUFFIXES else path.stem.split("_")[0]


def read_landmark_sequence(path: Path) -> LandmarkSequence:
    """Read an `.npz` with `landmarks` `(T, 21, 3)` in 0-1 of the frame, `text` and `aspect`.

    NaN stands for no hand, in z alone for an unknown depth. `times` in seconds may be left out
    where `fps` is there; `signer` and `handedness` ("Left", "Right") may be left out.

    Raises:
        PhotoSetError: the file is broken or a field is missing or of another shape.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            values = {name: file[name] for name in file.files}
        landmarks = np.asarray(values["landmarks"], np.float32)
        text, aspect = str(values["text"]), float(values["aspect"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise PhotoSetError(f"{path.name} holds no spelled sequence: {error}.") from None
    if landmarks.ndim != 3 or landmarks.shape[1:] != (21, 3) or not len(landmarks):
        raise PhotoSetError(f"{path.name} has landmarks of shape {landmarks.shape}.")
    if not letters_of(text):
        raise PhotoSetError(f"{path.name} has the text {text!r}, which holds no letter.")
    if not 0.1 <= aspect <= 10:
        raise PhotoSetError(f"{path.name} has the aspect {aspect}; allowed are 0.1 to 10.")
    return LandmarkSequence(
        path.name,
        letters_of(text),
        str(values.get("signer", "")),
        str(values.get("handedness", "")) == "Left",
        _times(path.name, values, len(landmarks)),
        landmarks * np.array([aspect, 1, aspect], np.float32) * _FRAME_HEIGHT,
    )


def _times(name: str, values: dict[str, Any], count: int) -> NDArray[np.float64]:
    if "times" not in values:
        return np.arange(count) / float(values.get("fps", _STANDARD_RATE))
    times = np.asarray(values["times"], np.float64)
    if times.shape != (count,) or not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        raise PhotoSetError(f"{name} has times that do not rise for each of {count} frames.")
    return np.asarray(times - times[0])


def video_texts(folder: Path) -> dict[str, str]:
    """Return the videos of a folder and what each spells.

    That stands in `texts.csv`, or else is the file's name up to its ending.

    Raises:
        PhotoSetError: `texts.csv` is broken or names a file that is not there.
    """
    named: dict[str, str] = {}
    table = folder / TEXTS_FILE
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not row.get("file") or not letters_of(row.get("text") or ""):
                    raise PhotoSetError(f"{TEXTS_FILE} has a line without file or text: {row}.")
                if not (folder / row["file"]).is_file():
                    raise PhotoSetError(f"{TEXTS_FILE} names {row['file']}, which is not there.")
                named[row["file"]] = letters_of(row["text"])
    videos = [p.name for p in sorted(folder.iterdir()) if p.suffix.lower() in VIDEO_SUFFIXES]
    return {name: named.get(name) or letters_of(Path(name).stem) for name in videos}
