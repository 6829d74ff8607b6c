"""Reads hand landmarks of letters that were signed over time.

The file is an `.npz` of N sequences of at most T frames: `landmarks` `(N, T, 21, 3)` (x and y in
0-1 of the frame, z in the scale of x), `present` bool `(N, T)`, and `label`, `signer`, `split`,
`handedness` as strings `(N,)`.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core.errors import PhotoSetError

FRAMES_PER_SECOND = 30.0
"""Assumed for all sequences; the sources do not say."""

ASPECT = 4 / 3
"""Width over height of the frames; not recorded either."""

_FRAME_HEIGHT = 480.0
_FIELDS = ("landmarks", "present", "label", "signer", "split", "handedness")


@dataclass(frozen=True)
class MotionSequence:
    """One signed letter. Of its T frames `present`, bool `(T,)`, tells which show the hand.

    `points` is float32 `(T, 21, 3)` in pixels of a frame 480 high. `number` is its place in the
    file.
    """

    number: int
    letter: str
    signer: str
    split: str
    is_left: bool
    points: NDArray[np.float32]
    present: NDArray[np.bool_]

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Times of all frames, float64 `(T,)`, from 0."""
        return np.arange(len(self.present)) / FRAMES_PER_SECOND

    def frames(self) -> Iterator[tuple[float, NDArray[np.float32] | None]]:
        """Give time and hand of each frame; None where no hand was found."""
        for time_s, points, present in zip(self.times_s, self.points, self.present, strict=True):
            yield float(time_s), points if present else None


def read_motion_sequences(path: Path, split: str) -> tuple[MotionSequence, ...]:
    """Read the sequences of one split; those in which no hand is ever seen are left out.

    Raises:
        PhotoSetError: the file is missing or broken, or holds no sequence of that split.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            columns = {name: file[name] for name in _FIELDS}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise PhotoSetError(f"{path.name} holds no motion sequences: {error}.") from None
    landmarks, present = columns["landmarks"], columns["present"]
    if landmarks.shape != (*present.shape, 21, 3) or any(
        len(columns[name]) != len(landmarks) for name in _FIELDS
    ):
        raise PhotoSetError(f"{path.name} has fields of different lengths: {landmarks.shape}.")
    chosen = np.flatnonzero((columns["split"] == split) & present.any(axis=1))
    if not len(chosen):
        known = ", ".join(sorted(set(columns["split"].tolist())))
        raise PhotoSetError(f"{path.name} has no split {split!r}, only {known}.")
    scale = np.array([ASPECT, 1, ASPECT], np.float32) * _FRAME_HEIGHT
    return tuple(_sequence(columns, int(number), scale) for number in chosen)


def _sequence(
    columns: dict[str, NDArray[np.generic]], number: int, scale: NDArray[np.float32]
) -> MotionSequence:
    # Padding after the last seen frame is no part of the sequence.
    length = int(np.flatnonzero(columns["present"][number])[-1]) + 1
    return MotionSequence(
        number,
        str(columns["label"][number]),
        str(columns["signer"][number]),
        str(columns["split"][number]),
        str(columns["handedness"][number]) == "L",
        columns["landmarks"][number, :length].astype(np.float32) * scale,
        columns["present"][number, :length].astype(np.bool_),
    )
