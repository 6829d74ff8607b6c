"""A relief: the nearest surface at each pixel, built of capsules and cushions."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""One number for each pixel, float32 `(H, W)`."""

Points = NDArray[np.float32]
"""Points with x (right), y (down) and z (away from the eye) in pixels, float32 `(N, 3)`."""

FAR = 1e6
"""Depth in pixels where there is no surface."""

_COARSE = 8  # a cushion's slope is so gentle that its depth is found for each eighth pixel


class Relief:
    """The nearest surface at each pixel, seen from the front without perspective.

    `depth` is float32 `(H, W)` in pixels, FAR where nothing is; `normal_x` and `normal_y` are the
    first two parts of the unit vector that stands on the surface, towards the eye.
    """

    def __init__(self, width: int, height: int) -> None:
        self.depth: Plane = np.full((height, width), FAR, np.float32)
        self.normal_x: Plane = np.zeros((height, width), np.float32)
        self.normal_y: Plane = np.zeros((height, width), np.float32)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Where there is a surface, bool `(H, W)`."""
        return self.depth < FAR

    def lay_capsule(self, start: Points, end: Points, radii: tuple[float, float]) -> None:
        """Lay a rod with round ends from `start` to `end`, each `(3,)`, of the given `radii`."""
        height, width = self.depth.shape
        reach = max(radii) + 1
        left, top = np.floor(np.minimum(start, end)[:2] - reach).clip(0, (width, height))
        right, bottom = np.ceil(np.maximum(start, end)[:2] + reach).clip(0, (width, height))
        rows, columns = slice(int(top), int(bottom)), slice(int(left), int(right))
        if left >= right or top >= bottom:
            return
        x = np.arange(columns.start, columns.stop, dtype=np.float32)[None] - start[0]
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - start[1]
        run, fall, sink = (float(v) for v in end - start)
        share = ((x * run + y * fall) / max(run**2 + fall**2, 1e-6)).clip(0, 1)
        radius = radii[0] + (radii[1] - radii[0]) * share
        normal_x = (x - share * run) / radius
        normal_y = (y - share * fall) / radius
        towards_eye = 1 - normal_x**2 - normal_y**2
        depth = start[2] + share * sink - radius * np.sqrt(towards_eye.clip(0, None))
        depth[towards_eye <= 0] = FAR
        self._lay(rows, columns, depth, normal_x, normal_y)

    def lay_ball(self, centre: Points, radius: float) -> None:
        """Lay a ball around `centre`, `(3,)`."""
        self.lay_capsule(centre, centre, (radius, radius))

    def lay_cushion(self, shapes: Sequence[Points], radius: float) -> None:
        """Lay a plate with rounded edges that covers the convex hull of each of `shapes`.

        It reaches past the hulls by `radius`, is as thick, and bends softly through all points.
        """
        mask = np.zeros(self.depth.shape, np.uint8)
        for shape in shapes:
            hull = cv2.convexHull(np.round(shape[:, :2]).astype(np.int32))
            cv2.fillConvexPoly(mask, hull, 1)
            cv2.polylines(mask, [hull], True, 1, max(1, round(2 * radius)))
        left, top, width, height = cv2.boundingRect(mask)
        if width == 0 or height == 0:
            return
        rows, columns = slice(top, top + height), slice(left, left + width)
        inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)[rows, columns]
        from_rim = 1 - (inside / (1.6 * radius)).clip(0, 1)
        depth = _bent_plane(np.concatenate(shapes), rows, columns, radius)
        depth += radius * (0.3 - np.sqrt(1 - from_rim**2))
        smooth = cv2.GaussianBlur(depth, (0, 0), 0.15 * radius + 0.5)
        slope_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
        slope_y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
        length = np.sqrt(slope_x**2 + slope_y**2 + 1)
        depth[mask[rows, columns] == 0] = FAR
        self._lay(rows, columns, depth, slope_x / length, slope_y / length)

    def _lay(self, rows: slice, columns: slice, depth: Plane, x: Plane, y: Plane) -> None:
        nearer = depth < self.depth[rows, columns]
        for kept, new in ((self.depth, depth), (self.normal_x, x), (self.normal_y, y)):
            np.copyto(kept[rows, columns], new, where=nearer)


def _bent_plane(points: Points, rows: slice, columns: slice, softness: float) -> Plane:
    """Depth by inverse squared distance weighting (Shepard 1968) of the points' depths."""
    height, width = rows.stop - rows.start, columns.stop - columns.start
    middle = (_COARSE - 1) / 2  # cv2.resize takes a number for the middle of its cell
    x = np.arange(columns.start, columns.stop, _COARSE, dtype=np.float32)[None] + middle
    y = np.arange(rows.start, rows.stop, _COARSE, dtype=np.float32)[:, None] + middle
    total = np.zeros((y.size, x.size), np.float32)
    weights = np.zeros_like(total)
    for point_x, point_y, point_z in points.tolist():
        weight = 1 / ((x - point_x) ** 2 + (y - point_y) ** 2 + softness**2)
        total += weight * point_z
        weights += weight
    fine = cv2.resize(total / weights, (x.size * _COARSE, y.size * _COARSE))
    return np.asarray(fine[:height, :width], np.float32).copy()
