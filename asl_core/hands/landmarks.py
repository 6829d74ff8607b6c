"""The 21 points of a hand, and a hand as a detector found it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Handedness = Literal["Left", "Right"]

LANDMARK_COUNT = 21


class Landmark(IntEnum):
    """Index of each point, in MediaPipe's order."""

    WRIST = 0
    THUMB_CMC = 1
    THUMB_MCP = 2
    THUMB_IP = 3
    THUMB_TIP = 4
    INDEX_MCP = 5
    INDEX_PIP = 6
    INDEX_DIP = 7
    INDEX_TIP = 8
    MIDDLE_MCP = 9
    MIDDLE_PIP = 10
    MIDDLE_DIP = 11
    MIDDLE_TIP = 12
    RING_MCP = 13
    RING_PIP = 14
    RING_DIP = 15
    RING_TIP = 16
    LITTLE_MCP = 17
    LITTLE_PIP = 18
    LITTLE_DIP = 19
    LITTLE_TIP = 20


FINGERS: tuple[tuple[int, ...], ...] = (
    (1, 2, 3, 4),
    (5, 6, 7, 8),
    (9, 10, 11, 12),
    (13, 14, 15, 16),
    (17, 18, 19, 20),
)
"""Thumb to little finger, each from its base to its tip."""

PALM_OUTLINE: tuple[int, ...] = (0, 1, 5, 9, 13, 17)
"""Points around the palm, in order."""

BONES: tuple[tuple[int, int], ...] = (
    *((finger[i], finger[i + 1]) for finger in FINGERS for i in range(3)),
    *((PALM_OUTLINE[i], PALM_OUTLINE[(i + 1) % 6]) for i in range(6)),
)
"""Pairs of points that a skeleton joins."""


@dataclass(frozen=True)
class HandLandmarks:
    """The 21 points of one hand.

    `points` is float32 `(21, 3)`: x and y in 0-1 of the Frame's width and height (outside of 0-1
    where the hand reaches past the edge), z the depth relative to the wrist in the scale of x,
    negative towards the camera.
    """

    points: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.points.shape != (LANDMARK_COUNT, 3):
            raise ValueError(f"landmarks have shape (21, 3), not {self.points.shape}")

    def pixels(self, width: int, height: int) -> NDArray[np.float32]:
        """Return x and y in pixels of a `width` by `height` Frame, float32 `(21, 2)`."""
        return self.points[:, :2] * np.array([width, height], np.float32)

    def pixels_3d(self, width: int, height: int) -> NDArray[np.float32]:
        """Return x, y and z in pixels of a `width` by `height` Frame, float32 `(21, 3)`."""
        return self.points * np.array([width, height, width], np.float32)


@dataclass(frozen=True)
class HandDetection:
    """One hand that a detector found in a Frame.

    `handedness` is the signer's own hand, for a picture that is not mirrored. `score` in 0-1 is
    the detector's certainty about the handedness, the only score that MediaPipe reports.
    `hands_seen` counts the hands in the Frame, this one among them. `is_sure` is False for a hand
    that was only found in a changed view of the Frame with a low threshold: it may be false.
    """

    landmarks: HandLandmarks
    handedness: Handedness
    score: float
    hands_seen: int = 1
    is_sure: bool = True
