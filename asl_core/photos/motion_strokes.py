"""Finds when the stroke of a signed J or Z starts and ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.motion_features import (
    LEAST_LEAD_OF_J,
    TIP_OF_LETTER,
    little_finger_lead,
    moment_features,
    palm_lengths,
)
from asl_core.photos.motion_sequences import MotionSequence

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
    """Give the places of the largest fall of y downwards in the picture: from, to."""
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
