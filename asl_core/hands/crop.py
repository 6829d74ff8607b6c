"""Cuts the square around a hand: the one home of this step for training, evaluation and the app."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import HandLandmarks
from asl_core.images import Frame

PAD_COLOUR: tuple[int, int, int] = (124, 116, 104)
"""RGB beyond the Frame's edge: ImageNet's mean colour, which is zero after normalisation."""


@dataclass(frozen=True)
class CropBox:
    """A square in pixels of a Frame; it may reach past the edges.

    `left`, `top` and `side` are whole pixels; `side` is at least 1.
    """

    left: int
    top: int
    side: int

    @property
    def right(self) -> int:
        """First column to the right of the square."""
        return self.left + self.side

    @property
    def bottom(self) -> int:
        """First row below the square."""
        return self.top + self.side

    def as_list(self) -> list[int]:
        """Return `[left, top, right, bottom]`."""
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True)
class WholeFrame:
    """All of a Frame, in pixels: the input of a network that looks for no hand."""

    width: int
    height: int

    @property
    def left(self) -> int:
        """First column."""
        return 0

    @property
    def top(self) -> int:
        """First row."""
        return 0

    @property
    def right(self) -> int:
        """First column to the right of the Frame."""
        return self.width

    @property
    def bottom(self) -> int:
        """First row below the Frame."""
        return self.height

    def as_list(self) -> list[int]:
        """Return `[left, top, right, bottom]`."""
        return [self.left, self.top, self.right, self.bottom]


def box_around(landmarks: HandLandmarks, width: int, height: int, scale: float) -> CropBox:
    """Find the square whose side is `scale` times the longer side of the hand's bounding box.

    The square is centred on the bounding box of the 21 points in a Frame of `width` by `height`
    pixels. It is never stretched: a hand at the edge gives a square that reaches past the edge.
    """
    points = landmarks.pixels(width, height)
    low, high = points.min(axis=0), points.max(axis=0)
    side = max(1, round(float((high - low).max()) * scale))
    centre = (low + high) / 2
    return CropBox(round(float(centre[0]) - side / 2), round(float(centre[1]) - side / 2), side)


def whole_frame_box(width: int, height: int) -> CropBox:
    """Find the smallest square that holds the whole Frame, centred on it."""
    side = max(width, height)
    return CropBox((width - side) // 2, (height - side) // 2, side)


def cut(frame: Frame, box: CropBox, size: int) -> Frame:
    """Cut `box` out of `frame` and resize it to RGB uint8 `(size, size, 3)`.

    What lies beyond the Frame is filled with PAD_COLOUR. Shrinking averages pixels (area
    interpolation) so that fine fingers do not alias; enlarging is bilinear.
    """
    height, width = frame.shape[:2]
    top, bottom = max(box.top, 0), min(box.bottom, height)
    left, right = max(box.left, 0), min(box.right, width)
    if top >= bottom or left >= right:
        return np.full((size, size, 3), PAD_COLOUR, np.uint8)
    square: NDArray[np.uint8] = frame[top:bottom, left:right]
    missing = (top - box.top, box.bottom - bottom, left - box.left, box.right - right)
    if any(missing):
        # NumPy takes milliseconds to fill a square with three numbers.
        padded = cv2.copyMakeBorder(square, *missing, cv2.BORDER_CONSTANT, value=PAD_COLOUR)
        square = np.asarray(padded, np.uint8)
    return stretch(square, size)


def stretch(frame: Frame, size: int) -> Frame:
    """Resize all of `frame` to RGB uint8 `(size, size, 3)`, whatever its sides; as `cut` does."""
    shrinks = max(frame.shape[:2]) > size
    resized = cv2.resize(
        frame, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return np.asarray(resized, np.uint8)
