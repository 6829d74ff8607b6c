"""Tells which pixels of kept crops are the hand's, by its landmarks."""

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.hands.crop import box_around
from asl_core.hands.landmarks import BONES, HandLandmarks
from asl_core.photos.hand_crops import CACHE_SCALE, CACHE_SIZE, HandCrops

_PALM = (0, 1, 5, 9, 13, 17)
_FINGER_WIDTH = 0.32
_ARM_LENGTH = 1.2
"""In lengths of the palm from the wrist to the middle finger's knuckle."""

_HULL_GROWTH = 0.16
"""Width of the rim around the convex hull, in longer sides of the hand."""


class HandMasks:
    """The masks of kept crops, drawn when they are asked for."""

    def __init__(self, crops: HandCrops) -> None:
        self.found = crops.found
        """Where a hand is known, bool `(N,)`; the other crops have no mask."""
        self._points = _points_in_crops(crops)

    def hand_and_arm(self, row: int) -> NDArray[np.float32]:
        """Cover a hand with its fingers and the beginning of its arm, see `hand_mask`."""
        return hand_mask(self._points[row], CACHE_SIZE)

    def hull(self, row: int) -> NDArray[np.float32]:
        """Cover a hand and what lies between its fingers, see `hull_mask`."""
        return hull_mask(self._points[row], CACHE_SIZE)


def hand_mask(points: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Cover a hand and the beginning of its arm, float32 `(size, size)` in 0-1, soft at the edge.

    `points` is float32 `(21, 2)` in pixels. It is drawn generously: a rim of the old scene does
    less harm than a finger that is cut off.
    """
    mask = np.zeros((size, size), np.uint8)
    palm = max(
        float(np.linalg.norm(points[9] - points[0])), float(np.ptp(points, axis=0).max()) / 3
    )
    width = max(2, round(_FINGER_WIDTH * palm))
    fixed = np.round(points).astype(np.int32)
    cv2.fillConvexPoly(mask, cv2.convexHull(fixed[list(_PALM)]), 255)
    for start, end in BONES:
        cv2.line(mask, fixed[start].tolist(), fixed[end].tolist(), 255, width)
    away = points[0] - points[9]
    arm = points[0] + away / max(float(np.linalg.norm(away)), 1e-6) * _ARM_LENGTH * palm
    cv2.line(mask, fixed[0].tolist(), np.round(arm).astype(int).tolist(), 255, round(0.8 * palm))
    soft = cv2.GaussianBlur(mask, (0, 0), max(1.0, 0.06 * palm))
    return np.asarray(soft / 255, np.float32)


def hull_mask(points: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Cover the convex hull of a hand and a rim, float32 `(size, size)` in 0-1, soft at the edge.

    `points` is float32 `(21, 2)` in pixels.
    """
    mask = np.zeros((size, size), np.uint8)
    rim = max(2, round(_HULL_GROWTH * float(np.ptp(points, axis=0).max())))
    hull = cv2.convexHull(np.round(points).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 255)
    cv2.polylines(mask, [hull], True, 255, rim)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), rim / 8) / np.float32(255), np.float32)


def _points_in_crops(crops: HandCrops) -> NDArray[np.float32]:
    """Place the landmarks in pixels of the kept crops, float32 `(N, 21, 2)`; NaN without a hand."""
    placed = np.full((len(crops), 21, 2), np.nan, np.float32)
    sizes = crops.frame_sizes
    for i in np.flatnonzero(crops.found):
        width, height = (int(side) for side in sizes[i])
        box = box_around(HandLandmarks(crops.landmarks[i]), width, height, CACHE_SCALE)
        planar = crops.landmarks[i, :, :2] * np.array([width, height], np.float32)
        placed[i] = (planar - np.array([box.left, box.top])) * (CACHE_SIZE / box.side)
    return placed
