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
from asl_core.letters.motion.features import (
    LEAST_LEAD_OF_J,
    TIP_OF_LETTER,
    little_finger_lead,
    moment_features,
    palm_lengths,
)

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
        """Yield time and hand of each frame; None where no hand was found."""
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


_SETTLED_PALMS = 0.3
"""Nearer than this to its last place the fingertip has arrived."""

_SHORTEST_PATH_PALMS = 1.2
_SHORTEST_DROP_PALMS = 0.5
_FEWEST_FRAMES = 5

WRONG_FINGER = "drawn by the other finger"
"""The fault of a J of the index finger or a Z of the little one, which ASL does not know."""


@dataclass(frozen=True)
class Stroke:
    """From where the drawing fingertip leaves its upper start to where it comes to rest.

    `fault` says in a few words why the stroke cannot be a whole one, or is empty.
    """

    start_s: float
    end_s: float
    path_palms: float
    fault: str


def find_stroke(sequence: MotionSequence) -> Stroke:
    """Find the stroke in the sequence of a J or Z.

    The largest drop of the drawing fingertip is part of either letter. J starts above the drop; Z
    starts with the upper bar, so where the fingertip first came near that height. The end is where
    the fingertip comes near its last place to stay.
    """
    seen = np.flatnonzero(sequence.present)
    times = sequence.times_s[seen]
    points = sequence.points[seen]
    palm = float(np.median(palm_lengths(points)))
    tip = points[:, TIP_OF_LETTER[sequence.letter], :2] / max(palm, 1e-6)
    top, bottom = _largest_drop(tip[:, 1])
    drop = float(tip[bottom, 1] - tip[top, 1])
    start = top
    if sequence.letter == "Z":
        near_top = np.flatnonzero(tip[: top + 1, 1] <= tip[top, 1] + 0.3 * drop)
        start = int(near_top[0])
    else:
        near_top = np.flatnonzero(tip[: bottom + 1, 1] <= tip[top, 1] + 0.1 * drop)
        start = int(near_top[-1])
    away = np.flatnonzero(np.linalg.norm(tip - tip[-1], axis=1) > _SETTLED_PALMS)
    arrived = int(away[-1]) + 1 if len(away) else 0
    end = max(bottom, arrived, start)
    path = float(np.linalg.norm(np.diff(tip[start : end + 1], axis=0), axis=1).sum())
    lead = little_finger_lead(moment_features(points[start : end + 1]))
    if (lead >= LEAST_LEAD_OF_J) != (sequence.letter == "J"):
        return Stroke(float(times[start]), float(times[end]), path, WRONG_FINGER)
    fault = _fault(end - start + 1, path, drop)
    return Stroke(float(times[start]), float(times[end]), path, fault)


def _largest_drop(heights: NDArray[np.float32]) -> tuple[int, int]:
    """Return the places of the largest fall of y downwards in the picture: from, to."""
    highest = np.minimum.accumulate(heights)
    bottom = int(np.argmax(heights - highest))
    return int(np.argmin(heights[: bottom + 1])), bottom


def _fault(frames: int, path: float, drop: float) -> str:
    if frames < _FEWEST_FRAMES:
        return f"{frames} frames"
    if drop < _SHORTEST_DROP_PALMS:
        return f"falls by {drop:.1f} palms"
    if path < _SHORTEST_PATH_PALMS:
        return f"path of {path:.1f} palms"
    return ""
