"""The hands that draw J and Z in the air."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asl_core.moving_hand.turns import eased, turns_of

Hand = NDArray[np.float32]

_REACH = 1.8
"""About how far the index fingertip is from the wrist, in palm lengths."""


@dataclass(frozen=True)
class JMotion:
    """How a hand of I draws a J: the fingertip falls, swings to the thumb's side, and rises.

    `hook_from`, `falls_until` and `rises_from` are shares of the stroke's time in 0-1. The hand
    bends forward by `bend` degrees, of which a share `straightens` again; it turns by `turn`
    degrees about the forearm and rolls by `roll`. The arm sinks by `sinks` palm lengths, of which a
    share `lifts` comes back, and goes `aside` to the right.
    """

    hook_from: float = 0.4
    falls_until: float = 0.62
    rises_from: float = 0.68
    bend: float = 42.0
    straightens: float = 0.25
    turn: float = 105.0
    roll: float = 30.0
    sinks: float = 0.75
    aside: float = 0.3
    lifts: float = 0.2


def j_hands(hand: Hand, motion: JMotion, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the hand at each `share` (0-1, `(K,)`) of the stroke, `(K, 21, 3)`.

    `hand` is one of I, float32 `(21, 3)` in palm lengths, the wrist at 0, the thumb to the right.
    """
    fall = _glide(share, 0, motion.falls_until)
    swing = _glide(share, motion.hook_from, 1)
    rise = _glide(share, motion.rises_from, 1)
    bend = motion.bend * fall * (1 - motion.straightens * rise)
    # The palm looks at the camera: the finger bends towards it, and turns to the thumb's side.
    still = np.zeros_like(share)
    bent = turns_of(np.radians(np.stack([still, still, bend], axis=1)))
    angles = np.stack([motion.roll * swing, motion.turn * swing, still], axis=1)
    moved = np.einsum("kij,pj->kpi", turns_of(np.radians(angles)) @ bent, hand)
    sunk = motion.sinks * fall * (1 - motion.lifts * rise)
    way = np.stack([motion.aside * swing, sunk, still], axis=1)
    return np.asarray(moved + way[:, None])


def z_hands(
    hand: Hand, way: NDArray[np.float64], arm: float, turn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the hand at each step of a Z, `(K, 21, 3)`.

    `way` is the fingertip's, `(K, 2)` in palm lengths from its start. The arm does the share `arm`
    (0-1) of it and the wrist, which bends and rolls, the rest; `turn` `(K,)` turns the hand about
    the forearm, in degrees.
    """
    reached = (1 - arm) * way / _REACH
    roll = np.degrees(np.clip(reached[:, 0], -1, 1))
    bend = np.degrees(np.arccos(np.clip(1 - reached[:, 1], 0, 1)))
    turned = turns_of(np.radians(np.stack([roll, turn, bend], axis=1)))
    points: NDArray[Any] = np.einsum("kij,pj->kpi", turned, hand)
    points[..., :2] += arm * way[:, None]
    return points


def z_way(share: NDArray[np.float64], wide: float, high: float) -> NDArray[np.float64]:
    """Return a fingertip's way along a plain Z at each `share` (0-1, `(K,)`), `(K, 2)`.

    It begins where the signer begins to write, goes `wide` palm lengths to the signer's right,
    which is to the left of the picture, back down by `high`, and across again.
    """
    corners = np.array([[0, 0], [-wide, 0], [0, high], [-wide, high]])
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    knots = np.concatenate([[0], np.cumsum(lengths)]) / lengths.sum()
    along = np.interp(share, np.linspace(0, 1, 4), np.arange(4))
    whole = np.minimum(along.astype(int), 2)
    # Each bar starts and stops gently, as a hand does that changes its direction.
    gentle = (whole + 0.35 * (along - whole) + 0.65 * eased(along - whole)) / 3
    at = np.interp(gentle, np.linspace(0, 1, 4), knots)
    return np.stack([np.interp(at, knots, corners[:, axis]) for axis in (0, 1)], axis=1)


def _glide(share: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    return eased(np.clip((share - start) / max(end - start, 1e-6), 0, 1))
