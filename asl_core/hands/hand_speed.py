"""How fast a hand moves, in a measure that does not depend on its distance from the camera."""

import math
import statistics

import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import Landmark

_SMALLEST_PALM = 4.0  # pixels; a palm seen from its edge must not make every tremor a leap
_KNUCKLES = np.array([Landmark.INDEX_MCP, Landmark.MIDDLE_MCP, Landmark.LITTLE_MCP])


class HandSpeed:
    """The speed of one visitor's hand from frame to frame; not thread-safe."""

    def __init__(self) -> None:
        self._points: NDArray[np.float32] | None = None
        self._time_s = 0.0
        self._speed = 0.0

    def update(self, points_px: NDArray[np.float32], time_s: float) -> float:
        """Return the median speed of the 21 points in palm lengths per second.

        `points_px` is float32 `(21, 2)` in pixels of the Frame at `time_s` seconds. The palm's
        length is the longest distance from the wrist to a knuckle, the mean of both frames, so
        that a fist turned to the camera does not count as a small hand. 0 for the first frame; a
        time that does not rise gives the last speed again.

        Raises:
            ValueError: `points_px` has another shape.
        """
        if points_px.shape != (21, 2):
            raise ValueError(f"points have shape (21, 2), not {points_px.shape}")
        before, self._points = self._points, points_px.copy()
        if before is None:
            self._time_s, self._speed = time_s, 0.0
            return 0.0
        passed = time_s - self._time_s
        if passed <= 0:
            return self._speed
        palm = (_palm_length(before) + _palm_length(points_px)) / 2
        steps = points_px - before
        # Half as long as `np.median` and `np.linalg.norm` take, on every live frame.
        step = statistics.median(np.sqrt((steps * steps).sum(axis=1)).tolist())
        self._time_s, self._speed = time_s, step / palm / passed
        return self._speed

    def reset(self) -> None:
        """Forget the last frame: the hand was lost, or the stream was interrupted."""
        self._points, self._speed = None, 0.0


def _palm_length(points: NDArray[np.float32]) -> float:
    reaches = points[_KNUCKLES] - points[Landmark.WRIST]
    return max(math.sqrt(float((reaches * reaches).sum(axis=1).max())), _SMALLEST_PALM)
