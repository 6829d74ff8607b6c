"""Draws a hand from its 21 landmarks: sample pictures, test fixtures, the letter guide.

The fingers are capsules and the palm a cushion, each with a depth for every pixel; the nearer one
shows. Light comes from the upper left; what lies behind an edge is darkened, so that crossed and
adjacent fingers stay apart. The result is plain enough to be drawn in a tenth of a second, and
real enough for MediaPipe to find the hand and for a classifier to read it.
"""

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import FINGERS, PALM_OUTLINE, HandLandmarks
from asl_core.images import Frame

Plane = NDArray[np.float32]
"""One number for each pixel, float32 `(H, W)`."""

FINGER_RADII: tuple[tuple[float, ...], ...] = (
    (0.155, 0.140, 0.115, 0.092),
    (0.120, 0.105, 0.095, 0.080),
    (0.120, 0.107, 0.097, 0.081),
    (0.115, 0.100, 0.091, 0.077),
    (0.105, 0.088, 0.080, 0.068),
)
"""Half the width at each joint, thumb to little finger, in palm lengths (wrist to middle MCP)."""

PALM_RADIUS = 0.135
"""How far the palm reaches past its outline of landmarks and how thick it is, in palm lengths."""

_FAR = 1e6
_ROUNDS = 6
_DOUBT = 0.07
_OVERHANG = 0.15
_SEGMENTS = tuple((finger, i) for finger in range(5) for i in range(3))
_LIGHT = np.array([-0.38, -0.62, -0.69], np.float32)


@dataclass(frozen=True)
class HandStyle:
    """Colours as RGB 0-255; `detail` is the number of drawn pixels a side for each given one."""

    skin: tuple[int, int, int] = (226, 172, 140)
    shadow: tuple[int, int, int] = (112, 60, 48)
    background: tuple[int, int, int] = (206, 214, 222)
    detail: int = 2


class _Relief:
    """The nearest surface at each pixel: its depth and its unit normal's x and y."""

    def __init__(self, width: int, height: int) -> None:
        self.depth: Plane = np.full((height, width), _FAR, np.float32)
        self.normal_x: Plane = np.zeros((height, width), np.float32)
        self.normal_y: Plane = np.zeros((height, width), np.float32)

    def lay(self, rows: slice, columns: slice, depth: Plane, x: Plane, y: Plane) -> None:
        """Let a surface show where it is nearer than what is there."""
        nearer = depth < self.depth[rows, columns]
        for kept, new in ((self.depth, depth), (self.normal_x, x), (self.normal_y, y)):
            np.copyto(kept[rows, columns], new, where=nearer)

    def lay_capsule(
        self, start: NDArray[np.float32], end: NDArray[np.float32], radii: tuple[float, float]
    ) -> None:
        """Lay a capsule from `start` to `end` (x, y, z in pixels) that narrows between `radii`."""
        height, width = self.depth.shape
        reach = max(radii) + 1
        left, top = np.floor(np.minimum(start, end)[:2] - reach).astype(int)
        right, bottom = np.ceil(np.maximum(start, end)[:2] + reach).astype(int)
        left, right = np.clip((left, right), 0, width)
        top, bottom = np.clip((top, bottom), 0, height)
        if left >= right or top >= bottom:
            return
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        axis = end - start
        along = ((x - start[0]) * axis[0] + (y - start[1]) * axis[1]) / max(
            float(axis[0] ** 2 + axis[1] ** 2), 1e-6
        )
        rows, columns = slice(top, bottom), slice(left, right)
        # The ends are laid too: seen end on, a finger's tip hides the rest of it.
        for share in (along.clip(0, 1), np.zeros_like(along), np.ones_like(along)):
            radius = radii[0] + (radii[1] - radii[0]) * share
            across_x = (x - start[0] - share * axis[0]) / radius
            across_y = (y - start[1] - share * axis[1]) / radius
            bulge = np.sqrt(np.maximum(1 - across_x**2 - across_y**2, 0))
            depth = np.where(bulge > 0, start[2] + share * axis[2] - radius * bulge, _FAR)
            self.lay(rows, columns, depth.astype(np.float32), across_x, across_y)


def draw_hand(
    landmarks: HandLandmarks, width: int, height: int, style: HandStyle | None = None
) -> Frame:
    """Draw a hand with its forearm on a plain background, RGB uint8 `(height, width, 3)`.

    x and y of `landmarks` are 0-1 of the picture; z decides which finger hides another.
    """
    style = style or HandStyle()
    points = landmarks.pixels_3d(width, height) * style.detail
    relief = _Relief(width * style.detail, height * style.detail)
    unit = palm_length(points)
    points = keep_fingers_apart(points, unit)
    _lay_palm(relief, points, unit)
    for finger, radii in zip(FINGERS, FINGER_RADII, strict=True):
        joints = points[list(finger)].copy()
        joints[0, 2] += radii[0] * unit * (0.75 if finger[0] == 1 else 0.35)
        root = joints[0] + 0.5 * (points[0] - joints[0])
        root[2] += 0.9 * radii[0] * unit
        relief.lay_capsule(root, joints[0], (radii[0] * unit, radii[0] * unit))
        for i in range(3):
            relief.lay_capsule(joints[i], joints[i + 1], (radii[i] * unit, radii[i + 1] * unit))
    picture = _shade(relief, unit, style)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def palm_length(points: NDArray[np.float32]) -> float:
    """Estimate the distance from wrist to middle knuckle in the unit of `points` `(21, 3)`.

    The longest of three distances that are alike in a real hand is taken, as a palm that is
    turned away looks shorter than it is.
    """
    spans = points[[5, 9, 13, 17]] - points[0]
    palm = float(np.linalg.norm(spans, axis=1).max())
    bones = np.linalg.norm(np.diff(points[5:13].reshape(2, 4, 3), axis=1), axis=2).sum(axis=1)
    return max(palm, float((bones / (1.05, 1.12)).max()), 1e-3)


def keep_fingers_apart(points: NDArray[np.float32], unit: float) -> NDArray[np.float32]:
    """Move fingers that cross in the picture apart in depth, so that neither runs through the other.

    `points` is float32 `(21, 3)` in pixels, `unit` the palm's length. MediaPipe's depth is rough:
    where it is nearly equal, the finger that is closer to the thumb lies in front, as it does in
    R, S, I and Z.
    """
    moved = points.copy()
    for _ in range(_ROUNDS):
        for (one, i), (other, j) in combinations(_SEGMENTS, 2):
            if one == other:
                continue
            a, b = FINGERS[one][i], FINGERS[one][i + 1]
            c, d = FINGERS[other][j], FINGERS[other][j + 1]
            shares = _crossing(points[[a, b, c, d], :2])
            if shares is None:
                continue
            s, t = shares
            now = moved[c, 2] * (1 - t) + moved[d, 2] * t - moved[a, 2] * (1 - s) - moved[b, 2] * s
            before = points[c, 2] * (1 - t) + points[d, 2] * t - points[a, 2] * (1 - s) - points[b, 2] * s
            sign = 1 if before > -_DOUBT * unit else -1
            need = 0.9 * unit * (FINGER_RADII[one][i + 1] + FINGER_RADII[other][j + 1])
            lack = need - sign * now
            if lack > 0:
                shift = sign * lack / 2
                moved[[a, b], 2] -= shift
                moved[[c, d], 2] += shift
    return moved


def _crossing(ends: NDArray[np.float32]) -> tuple[float, float] | None:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ends.tolist()
    turn = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(turn) < 1e-6:
        return None
    s = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / turn
    t = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / turn
    low, high = -_OVERHANG, 1 + _OVERHANG
    return (s, t) if low <= s <= high and low <= t <= high else None


def _lay_palm(relief: _Relief, points: NDArray[np.float32], unit: float) -> None:
    radius = PALM_RADIUS * unit
    outline = points[list(PALM_OUTLINE)]
    down = points[0] - points[[5, 9, 13, 17]].mean(axis=0)
    down = down / unit + np.array([0, 1.0, 0], np.float32)
    down[2] = 0
    down /= max(float(np.linalg.norm(down)), 1e-6)
    aside = np.array([-down[1], down[0], 0], np.float32)
    breadth = abs(float((points[17] - points[5]) @ aside)) / unit
    half = aside * unit * (0.09 + 0.14 * breadth)
    wrist = points[0] + down * unit * 0.12
    sides = np.stack([wrist + half, wrist - half])
    arm = np.concatenate([sides, sides + down * unit * 4])
    mask = np.zeros(relief.depth.shape, np.uint8)
    web = points[[1, 2, 5]].copy()
    web[1] += 0.25 * (web[0] - web[1])
    for shape in (np.concatenate([outline, sides]), arm, web):
        hull = cv2.convexHull(np.round(shape[:, :2]).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, 1)
        cv2.polylines(mask, [hull], True, 1, max(1, round(2 * radius)))
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    rise = 1 - (inside / (1.6 * radius)).clip(0, 1)
    bulge = np.sqrt(1 - rise**2) * radius
    rows, columns = np.mgrid[: mask.shape[0], : mask.shape[1]].astype(np.float32)
    anchors = np.concatenate([outline, arm])
    total = np.zeros_like(bulge)
    weights = np.zeros_like(bulge)
    for x, y, z in anchors:
        weight = 1 / ((columns - x) ** 2 + (rows - y) ** 2 + radius**2)
        total += weight * z
        weights += weight
    depth = total / weights - bulge + 0.3 * radius
    smooth = cv2.GaussianBlur(depth.astype(np.float32), (0, 0), radius * 0.15 + 0.5)
    x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    length = np.sqrt(x**2 + y**2 + 1)
    depth = np.where(mask > 0, depth, _FAR).astype(np.float32)
    relief.lay(slice(None), slice(None), depth, x / length, y / length)


def _shade(relief: _Relief, unit: float, style: HandStyle) -> Frame:
    hand = relief.depth < _FAR
    x, y = relief.normal_x, relief.normal_y
    z = -np.sqrt(np.maximum(1 - x**2 - y**2, 0))
    light = x * _LIGHT[0] + y * _LIGHT[1] + z * _LIGHT[2]
    bright = 0.42 + 0.62 * light.clip(0, 1) - 0.25 * (1 + z)
    bright = cv2.GaussianBlur(bright, (0, 0), 0.018 * unit)
    bright *= 1 - 0.75 * _hidden(relief.depth, hand, unit)
    bright = bright.clip(0, 1.1)[..., None]
    skin, shadow = np.array(style.skin, np.float32), np.array(style.shadow, np.float32)
    colours = shadow + (skin - shadow) * bright
    height, width = hand.shape
    rows = np.linspace(1.06, 0.92, height, dtype=np.float32)[:, None, None]
    back = np.array(style.background, np.float32) * rows
    picture = np.where(hand[..., None], colours, back)
    return picture.clip(0, 255).astype(np.uint8)


def _hidden(depth: Plane, hand: NDArray[np.bool_], unit: float) -> Plane:
    """How much of the light a nearer part takes away, 0-1: dark lines along the edges."""
    reach = max(3, round(0.05 * unit) | 1)
    known = np.where(hand, depth, depth[hand].max(initial=0)).astype(np.float32)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    nearest = cv2.erode(known, kernel)
    jump = ((known - nearest) / unit - 0.06) / 0.12
    line = cv2.GaussianBlur(jump.clip(0, 1).astype(np.float32), (0, 0), reach / 5)
    return line
