"""Draws a hand from its 21 landmarks: sample pictures, test fixtures, the letter guide.

The fingers are capsules and the palm a cushion in a Relief; where two meet, the nearer one shows.
Light comes from the upper left, and what lies just behind an edge is darkened, so that crossed and
adjacent fingers stay apart. That is plain enough to be quick, and real enough for MediaPipe to
find the hand and for a classifier to read it.
"""

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from asl_core.drawing.relief import Plane, Points, Relief
from asl_core.hands.landmarks import FINGERS, PALM_OUTLINE, HandLandmarks
from asl_core.images import Frame

FINGER_RADII: tuple[tuple[float, ...], ...] = (
    (0.145, 0.140, 0.130, 0.110),
    (0.128, 0.118, 0.102, 0.085),
    (0.128, 0.120, 0.104, 0.086),
    (0.124, 0.114, 0.099, 0.082),
    (0.115, 0.100, 0.087, 0.073),
)
"""Half the width at each joint, thumb to little finger, in palm lengths."""

PALM_RADIUS = 0.135
"""How far the palm reaches past its outermost landmarks, in palm lengths."""

_KNUCKLES = (5, 9, 13, 17)
_FINGER_LENGTHS = (1.05, 1.12)  # index and middle finger of a real hand, in palm lengths
_ROOT_DEPTHS = (0.75, 0.35, 0.35, 0.35, 0.35)  # how deep a finger starts in the palm, in radii
_ARM_LENGTH = 5.0
_ELBOW_PULL = 0.25
_LIGHT = (-0.38, -0.62, -0.69)

# MediaPipe's depth is rough, so a fist's fingers may run through each other and the palm.
_DOUBT = 0.07  # palm lengths; a smaller distance does not tell which finger is in front
_TOUCH = 0.9  # share of two radii that crossing fingers keep apart; soft flesh gives way
_OVERHANG = 0.15  # share of a bone; ends that nearly reach each other count as crossing
_SUNK = 0.4  # palm lengths; a joint that is deeper in the palm is meant to be behind it
_SHOWN = 0.5  # radii by which a lifted joint's middle lies above the palm
_ROUNDS = 6
_BONES = tuple((finger, joint) for finger in range(5) for joint in range(3))


@dataclass(frozen=True)
class HandStyle:
    """How a hand is painted.

    `skin`, `shadow` and `background` are RGB 0-255. `detail` is the number of pixels a side that
    are drawn for each given one.
    """

    skin: tuple[int, int, int] = (226, 172, 140)
    shadow: tuple[int, int, int] = (112, 60, 48)
    background: tuple[int, int, int] = (206, 214, 222)
    detail: int = 2


DEFAULT_STYLE = HandStyle()


def draw_hand(
    landmarks: HandLandmarks, width: int, height: int, style: HandStyle = DEFAULT_STYLE
) -> Frame:
    """Draw a hand and its forearm on a plain background, RGB uint8 `(height, width, 3)`.

    x and y of `landmarks` are 0-1 of the picture; z decides which finger hides another. A hand
    may reach past the edges.
    """
    points = landmarks.pixels_3d(width, height) * style.detail
    unit = palm_length(points)
    relief = Relief(width * style.detail, height * style.detail)
    _lay_palm_and_arm(relief, points, unit)
    points = keep_fingers_apart(_out_of_the_palm(relief, points, unit), unit)
    _lay_fingers(relief, points, unit)
    picture = _paint(relief, unit, style)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def palm_length(points: Points) -> float:
    """Estimate the distance from the wrist to the middle knuckle, in the unit of `points`.

    `points` is float32 `(21, 3)`. What points at the eye looks shorter than it is, so the largest
    of the lengths that the knuckles and two fingers suggest is taken.
    """
    spans = np.linalg.norm(points[list(_KNUCKLES)] - points[0], axis=1)
    fingers = points[5:13].reshape(2, 4, 3)
    lengths = np.linalg.norm(np.diff(fingers, axis=1), axis=2).sum(axis=1) / _FINGER_LENGTHS
    return max(float(spans.max()), float(lengths.max()), 1e-3)


@dataclass(frozen=True)
class _Crossing:
    """Two bones that cross in the picture: their landmarks, and where along each, 0-1."""

    front: tuple[int, int]
    front_share: float
    behind: tuple[int, int]
    behind_share: float
    clearance: float

    def gap(self, points: Points) -> float:
        """How far the one behind lies behind the other."""
        return _depth(points, self.behind, self.behind_share) - _depth(
            points, self.front, self.front_share
        )


def keep_fingers_apart(points: Points, unit: float) -> Points:
    """Move fingers that cross in the picture apart in depth, so that none runs through another.

    `points` is float32 `(21, 3)`, `unit` the palm's length. Where the depths are nearly equal,
    the finger that is closer to the thumb lies in front, as it does in R, S and I.
    """
    moved = points.copy()
    crossings = _crossings(points, unit)
    for _ in range(_ROUNDS):
        for crossing in crossings:
            lack = crossing.clearance - crossing.gap(moved)
            if lack > 0:
                moved[list(crossing.front), 2] -= lack / 2
                moved[list(crossing.behind), 2] += lack / 2
    return moved


def _crossings(points: Points, unit: float) -> list[_Crossing]:
    found = []
    for (finger, i), (other, j) in combinations(_BONES, 2):
        one = FINGERS[finger][i], FINGERS[finger][i + 1]
        two = FINGERS[other][j], FINGERS[other][j + 1]
        shares = None if finger == other else _meeting(points[[*one, *two], :2])
        if shares is None:
            continue
        radii = FINGER_RADII[finger][i + 1] + FINGER_RADII[other][j + 1]
        crossing = _Crossing(one, shares[0], two, shares[1], _TOUCH * unit * radii)
        if crossing.gap(points) < -_DOUBT * unit:
            crossing = _Crossing(two, shares[1], one, shares[0], crossing.clearance)
        found.append(crossing)
    return found


def _meeting(ends: NDArray[np.float32]) -> tuple[float, float] | None:
    """Where the line from point 0 to 1 and that from 2 to 3 meet, as a share of each."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ends.tolist()
    turn = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(turn) < 1e-6:
        return None
    one = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / turn
    two = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / turn
    is_near = all(-_OVERHANG <= share <= 1 + _OVERHANG for share in (one, two))
    return (one, two) if is_near else None


def _depth(points: Points, bone: tuple[int, int], share: float) -> float:
    return float(points[bone[0], 2] * (1 - share) + points[bone[1], 2] * share)


def _lay_fingers(relief: Relief, points: Points, unit: float) -> None:
    for finger, shares, root_depth in zip(FINGERS, FINGER_RADII, _ROOT_DEPTHS, strict=True):
        radii = [share * unit for share in shares]
        joints = points[list(finger)].copy()
        joints[0, 2] += root_depth * radii[0]
        root = (joints[0] + points[0]) / 2
        root[2] += 0.9 * radii[0]
        relief.lay_capsule(root, joints[0], (radii[0], radii[0]))
        for i in range(3):
            relief.lay_capsule(joints[i], joints[i + 1], (radii[i], radii[i + 1]))
            # Seen end on, a finger's tip hides the rest of it.
            relief.lay_ball(joints[i + 1], radii[i + 1])


def _lay_palm_and_arm(relief: Relief, points: Points, unit: float) -> None:
    outline = points[list(PALM_OUTLINE)]
    down = (points[0] - points[list(_KNUCKLES)].mean(axis=0)) / unit
    down += (0, _ELBOW_PULL, 0)  # the elbow hangs, so the wrist bends a little towards it
    down[2] = 0
    down /= max(float(np.linalg.norm(down)), 1e-6)
    aside = np.array([-down[1], down[0], 0], np.float32)
    # A wrist is half as thick as it is broad; the knuckles tell which side shows.
    breadth = abs(float((points[17] - points[5]) @ aside)) / unit
    half = aside * unit * (0.03 + 0.2 * breadth)
    wrist = points[0] + down * unit * 0.12
    sides = np.stack([wrist + half, wrist - half])
    arm = np.concatenate([sides, sides + down * unit * _ARM_LENGTH])
    web = points[[1, 2, 5]].copy()
    web[1] += 0.25 * (web[0] - web[1])
    relief.lay_cushion((np.concatenate([outline, sides]), arm, web), PALM_RADIUS * unit)


def _out_of_the_palm(relief: Relief, points: Points, unit: float) -> Points:
    """Lift finger joints that are a little sunk in the palm, so that most of each shows."""
    lifted = points.copy()
    height, width = relief.depth.shape
    for finger, radii in zip(FINGERS, FINGER_RADII, strict=True):
        for joint, radius in zip(finger[2:], radii[2:], strict=True):
            x, y = (int(v) for v in points[joint, :2])
            if 0 <= x < width and 0 <= y < height:
                sunk = points[joint, 2] + _SHOWN * radius * unit - relief.depth[y, x]
                lifted[joint, 2] -= sunk if 0 < sunk < _SUNK * unit else 0
    return lifted


def _paint(relief: Relief, unit: float, style: HandStyle) -> Frame:
    height, width = relief.depth.shape
    sky = np.linspace(1.06, 0.92, height, dtype=np.float32)[:, None]
    backdrop = (np.array(style.background, np.float32) * sky).clip(0, 255)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = np.rint(backdrop).astype(np.uint8)[:, None]
    left, top, wide, high = cv2.boundingRect(relief.covered.astype(np.uint8))
    rows, columns = slice(top, top + high), slice(left, left + wide)
    hand = relief.covered[rows, columns]
    bright = _brightness(relief, rows, columns, unit)[hand][:, None]
    skin, shadow = np.array(style.skin, np.float32), np.array(style.shadow, np.float32)
    colours = shadow + (skin - shadow) * bright.clip(0, 1.1)
    picture[rows, columns][hand] = colours.clip(0, 255).astype(np.uint8)
    return picture


def _brightness(relief: Relief, rows: slice, columns: slice, unit: float) -> Plane:
    if rows.start == rows.stop or columns.start == columns.stop:
        return np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.float32)
    x, y = relief.normal_x[rows, columns], relief.normal_y[rows, columns]
    z = -np.sqrt((1 - x**2 - y**2).clip(0, 1))
    light = (x * _LIGHT[0] + y * _LIGHT[1] + z * _LIGHT[2]).clip(0, 1)
    bright = cv2.GaussianBlur(0.17 + 0.62 * light - 0.25 * z, (0, 0), 0.018 * unit + 0.1)
    hidden = _hidden(relief.depth[rows, columns], relief.covered[rows, columns], unit)
    return np.asarray(bright * (1 - 0.85 * hidden), np.float32)


def _hidden(depth: Plane, hand: NDArray[np.bool_], unit: float) -> Plane:
    """How much light a nearer part takes away, 0-1: a soft dark line behind each edge."""
    reach = max(3, round(0.05 * unit) | 1)
    known = np.where(hand, depth, depth[hand].max(initial=0)).astype(np.float32)
    nearest = cv2.erode(known, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    jump = ((known - nearest) / unit - 0.06) / 0.12
    return np.asarray(cv2.GaussianBlur(jump.clip(0, 1), (0, 0), reach / 5), np.float32)
