"""Draws J and Z with hands that were photographed still, in many ways that people might."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.motion.features import TIP_OF_LETTER
from asl_core.moving_hand.strokes import JMotion, j_hands, z_hands
from asl_core.moving_hand.turns import eased, signed_area
from asl_core.photos.motion_sequences import Stroke
from asl_core.training.motion.clips import Clip, Pose

_STEP_S = 1 / 60
_SHORTEST_S, _LONGEST_S = 0.35, 0.85
_LEAST_DROP, _LEAST_HOOK = 0.7, 0.45
"""In palm lengths; what falls or swings less is drawn again."""

_TRIES = 20

_Z_SECONDS = (0.5, 1.0)


def drawn_j(pose: Pose, loose: Pose, random: np.random.Generator) -> Clip:
    """Let a hand of I draw a J: down, then a hook towards the thumb's side.

    The little fingertip falls as the hand bends forward and the arm sinks, and swings as the
    forearm turns, the hand rolls and the arm goes sideways, each as much as chance wants. `loose`
    is a hand of Y, whose shape the hand takes on in part.
    """
    hand = _thumb_to_the_right(pose)
    if random.random() < 0.3:
        hand = hand + random.uniform(0.1, 0.5) * (_thumb_to_the_right(loose) - hand)
    points, times = _stroke(hand, random)
    for _ in range(_TRIES):
        if _is_a_j(points):
            break
        points, times = _stroke(hand, random)
    return _clip("J", times, points)


def drawn_z(pose: Pose, random: np.random.Generator) -> Clip:
    """Let a hand whose index finger is out draw a Z, from either side.

    The arm does a part of it and the wrist, which bends and rolls, the rest. Corners are slow or
    round, bars may slope.
    """
    seconds = random.uniform(*_Z_SECONDS)
    times = np.arange(0, seconds + _STEP_S, _STEP_S)
    way = _z_way(times / times[-1], random)
    arm = random.choice([0.2, 0.6, 1.0])
    turn = random.normal(0, 15) * times / times[-1]
    return _clip("Z", times, z_hands(_thumb_to_the_right(pose), way, arm, turn))


def _z_way(share: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Return the fingertip's way from the upper bar's start, `(K, 2)` in palm lengths."""
    wide = random.uniform(0.7, 2.4)
    high = wide * random.uniform(0.5, 1.4)
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) + random.normal(0, 0.1, (4, 2))
    corners = (corners - corners[0]) * [wide * random.choice([-1, 1]), high]
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    knots = np.concatenate([[0], np.cumsum(lengths * np.exp(random.normal(0, 0.2, 3)))])
    knots /= knots[-1]
    slow = random.uniform(0, 1)
    at = np.zeros_like(share)
    for start, end in pairwise(knots):
        inside = (share >= start) & (share <= end)
        part = (share[inside] - start) / (end - start)
        at[inside] = start + (end - start) * ((1 - slow) * part + slow * eased(part))
    way = np.stack([np.interp(at, knots, corners[:, axis]) for axis in (0, 1)], axis=1)
    width = int(random.integers(1, 8))
    padded = np.pad(way, ((width // 2, width - 1 - width // 2), (0, 0)), mode="edge")
    return np.stack(
        [np.convolve(padded[:, axis], np.ones(width) / width, "valid") for axis in (0, 1)], axis=1
    )


def _clip(letter: str, times: NDArray[np.float64], points: NDArray[np.float64]) -> Clip:
    tip = points[:, TIP_OF_LETTER[letter], :2]
    path = float(np.linalg.norm(np.diff(tip, axis=0), axis=1).sum())
    stroke = Stroke(0.0, float(times[-1]), path, "")
    return Clip(letter, "drawn", times, points.astype(np.float32), stroke)


def _thumb_to_the_right(pose: Pose) -> NDArray[np.float32]:
    mirrored = np.array([-1 if signed_area(pose.points) > 0 else 1, 1, 1], np.float32)
    return pose.points * mirrored


def _stroke(
    hand: NDArray[np.float32], random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    seconds = random.uniform(_SHORTEST_S, _LONGEST_S)
    times = np.arange(0, seconds + _STEP_S, _STEP_S)
    hook_from = random.uniform(0.25, 0.55)
    falls_until = random.uniform(0.5, 0.8)
    rises_from = random.uniform(falls_until, 0.9)
    bend, straightens = random.uniform(10, 95), random.uniform(0, 0.6)
    turn = random.choice([0.0, 1.0, 1.0]) * random.uniform(50, 170)
    roll = random.uniform(-10, 70)
    sinks = random.choice([0.0, 0.3, 0.8, 1.8]) * random.uniform(0.6, 1.4)
    aside = random.uniform(-0.2, 0.8) * max(sinks, 0.3)
    motion = JMotion(
        hook_from,
        falls_until,
        rises_from,
        bend,
        straightens,
        turn,
        roll,
        sinks,
        aside,
        lifts=random.uniform(0, 0.5),
    )
    return j_hands(hand, motion, times / times[-1]), times


def _is_a_j(points: NDArray[np.float64]) -> bool:
    tip = points[:, TIP_OF_LETTER["J"], :2]
    lowest = int(tip[:, 1].argmax())
    drop = tip[lowest, 1] - tip[0, 1]
    hook = tip[-1, 0] - tip[: lowest + 1, 0].min()
    return bool(drop >= _LEAST_DROP and hook >= _LEAST_HOOK and hook <= 2.5 * drop)
