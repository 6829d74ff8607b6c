"""Describes the shape of a hand in a few numbers that a person can act on, finger by finger."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from asl_core.drawing.drawn_hand import palm_length
from asl_core.drawing.drawn_letters import typical_points
from asl_core.hands.landmarks import FINGERS, PALM_OUTLINE
from asl_core.letters.motion.features import finger_straightness
from asl_core.moving_hand.turns import signed_area

Part = Literal[
    "thumb", "index finger", "middle finger", "ring finger", "little finger", "whole hand"
]

PARTS: tuple[Part, ...] = (
    "thumb",
    "index finger",
    "middle finger",
    "ring finger",
    "little finger",
    "whole hand",
)
"""The five fingers in the order of FINGERS, and the hand as a whole."""

LARGEST_TURN = 30.0
"""Degrees by which a hand may be turned in the picture before that is a difference."""

KNUCKLES = tuple(finger[0] for finger in FINGERS[1:])
_THUMB_TIP = FINGERS[0][3]
_TIPS = np.array([finger[3] for finger in FINGERS[1:]])
_BENDS = np.array([finger[1] for finger in FINGERS[1:]])


@dataclass(frozen=True)
class HandShape:
    """A right hand's shape, whatever its size and place.

    `straight` is base-to-tip distance over the bones' length, thumb to little finger, `(5,)` in
    0-1. `gaps` is how far each of index, middle and ring fingertip lies beside the next one, on
    the thumb's side, `(3,)` in palm lengths; below 0 they are crossed. `heights` is how far each
    fingertip, index to little finger, reaches past its middle joint, away from the wrist, `(4,)`.
    `thumb` is the thumb's tip from the knuckles' middle: across, towards the little finger, and up,
    away from the wrist, `(2,)`. `direction` is where the knuckles lie from the wrist, in degrees:
    0 is up in the picture, 90 the side of the little finger; `pointing` is the same of the index
    finger, from its base to its tip. `facing` is the palm's area in the
    picture in squared palm lengths, above 0 where the palm is seen.
    """

    straight: NDArray[np.float32]
    gaps: NDArray[np.float32]
    heights: NDArray[np.float32]
    thumb: NDArray[np.float32]
    direction: float
    pointing: float
    facing: float


def hand_shape(points: NDArray[np.float32], is_left: bool, upright: float = 0.0) -> HandShape:
    """Describe a hand by its 21 points in pixels, float32 `(21, 3)`.

    The point's x is to the right and y down; a left hand is mirrored. Distances are measured along
    the hand, which is taken to point where it does, but not farther than LARGEST_TURN degrees from
    `upright`, the direction of the hand that it is compared with.
    """
    mirrored = np.array([-1 if is_left else 1, 1, 1], np.float32)
    hand = (points - points[0]) * mirrored
    hand = hand / palm_length(hand)
    knuckles = hand[list(KNUCKLES), :2].mean(axis=0)
    direction = _direction(knuckles)
    turn = float(np.clip(turn_between(direction, upright), -LARGEST_TURN, LARGEST_TURN))
    along = upright + turn
    across, up = _axes(along)
    tips = hand[_TIPS, :2]
    return HandShape(
        straight=finger_straightness(hand),
        gaps=(tips[1:] - tips[:-1]) @ across,
        heights=(tips - hand[_BENDS, :2]) @ up,
        thumb=np.stack([across, up]) @ (hand[_THUMB_TIP, :2] - knuckles),
        direction=direction,
        pointing=_direction(hand[FINGERS[1][3], :2] - hand[FINGERS[1][0], :2]),
        facing=-signed_area(hand),
    )


@cache
def typical_shape(letter: str) -> HandShape:
    """Describe the typical hand of a letter.

    Raises:
        SettingsError: it is not one of A to Z.
    """
    points = typical_points(letter)
    direction = hand_shape(points, is_left=False).direction
    return hand_shape(points, is_left=False, upright=direction)


def laid_over(
    points: NDArray[np.float32], is_left: bool, wanted: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Lay a hand over another one of its kind: return its x and y, float32 `(21, 2)`.

    Both are 21 points, float32 `(21, 3)`; the result has the size and the place of `wanted`, a
    right hand, and is turned towards it by at most LARGEST_TURN degrees.
    """
    mirrored = np.array([-1 if is_left else 1, 1, 1], np.float32)
    hand = points * mirrored
    palm = list(PALM_OUTLINE)
    ways = [(p[list(KNUCKLES)].mean(axis=0) - p[0])[:2] for p in (hand, wanted)]
    turn = turn_between(_direction(ways[0]), _direction(ways[1]))
    angle = np.radians(np.clip(turn, -LARGEST_TURN, LARGEST_TURN))
    sine, cosine = np.sin(angle), np.cos(angle)
    rotation = np.array([[cosine, -sine], [sine, cosine]], np.float32)
    flat = (hand[:, :2] - hand[palm, :2].mean(axis=0)) @ rotation.T
    scale = palm_length(wanted) / palm_length(hand)
    return np.asarray(scale * flat + wanted[palm, :2].mean(axis=0), np.float32)


def turn_between(one: float, other: float) -> float:
    """Return by how many degrees the direction `one` is turned against `other`, -180 to 180."""
    return (one - other + 180) % 360 - 180


def _direction(way: NDArray[np.float32]) -> float:
    return float(np.degrees(np.arctan2(-way[0], -way[1])))


def _axes(degrees: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Unit vectors across the hand, towards the little finger, and along it."""
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([-cosine, sine], np.float32), np.array([-sine, -cosine], np.float32)
