"""How a camera and a detector see a made-up hand: when, from where, and with what errors."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asl_core.moving_hand.hand_track import HandTrack, turned
from asl_core.moving_hand.spelled_hand import moved_hands
from asl_core.training.fluent.parts import Parts

_PIXELS_PER_PALM = 100.0
_SLOWEST, _FASTEST = 10.0, 31.0
"""Frames a second."""


@dataclass(frozen=True)
class SeenHand:
    """What a detector gives: times float64 `(N,)` that rise, points float32 `(N, 21, 3)` in pixels.

    z is NaN where the source does not know it; `is_present`, bool `(N,)`, tells the frames with a
    hand, of which there is at least one.
    """

    times_s: NDArray[np.float64]
    points: NDArray[np.float32]
    is_present: NDArray[np.bool_]


def seen_hand(track: HandTrack, parts: Parts, random: np.random.Generator) -> SeenHand:
    """Look at a track with a camera that chance makes up."""
    has_z = not any(np.isnan(key.points).any() for key in track.keys) and random.random() > 0.3
    lags = random.normal(0, 0.22, (len(track.keys), 6)) * [0.6, 1, 1, 1, 1, 1]
    times = _times(track.now_s, random)
    # An unknown z would make the lengths of fingers unknown, and so x and y.
    keys = [replace(key, points=np.nan_to_num(key.points)) for key in track.keys]
    points: NDArray[np.floating[Any]]
    points = moved_hands(keys, times, lags if parts.finger_timing else 0 * lags)
    points[..., :2] += track.places_at(times)[:, None]
    points = _as_followed(points, random)
    points = _from_aside(points, parts.tilt, random)
    points = points + _trembling(points.shape, random)
    if random.random() < 0.5:
        points[..., 0] *= -1
    if not has_z:
        points[..., 2] = np.nan
    is_present = _found(times, points, random) if parts.lost_frames else np.ones(len(times), bool)
    for start, end in track.unseen:
        is_present[(times >= start) & (times < end)] = False
    if not is_present.any():
        is_present[0] = True
    return SeenHand(times, (points * _PIXELS_PER_PALM).astype(np.float32), is_present)


def _times(ends_s: float, random: np.random.Generator) -> NDArray[np.float64]:
    rate = 30.0 if random.random() < 0.4 else random.uniform(_SLOWEST, _FASTEST)
    times = np.arange(random.uniform(0, 1 / rate), max(ends_s, 4 / rate), 1 / rate)
    if random.random() < 0.5:
        times = np.sort(times + random.normal(0, 0.1 / rate, len(times)))
    return np.maximum.accumulate(times + 1e-5 * np.arange(len(times)))


def _as_followed(points: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Let the hand lag behind, as a detector does that smooths from frame to frame."""
    if random.random() < 0.5:
        share = random.uniform(0, 0.5)
        for number in range(1, len(points)):
            points[number] = share * points[number - 1] + (1 - share) * points[number]
    return points


def _from_aside(
    points: NDArray[np.float32], tilts: bool, random: np.random.Generator
) -> NDArray[np.float32]:
    """Turn, tilt, bring near and stretch the whole picture."""
    roll, turn, bend = random.normal(0, [11, 13, 11])
    points = points - points.mean(axis=(0, 1))
    points = turned(points, roll, turn, bend) if tilts else turned(points, roll)
    if tilts and random.random() < 0.5:
        distance = random.uniform(5, 20)
        points[..., :2] *= distance / (distance + 0.8 * points[..., 2:])
    return np.asarray(points * np.exp(random.uniform(-0.14, 0.14, 3)), np.float32)


def _trembling(shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float64]:
    noise = random.normal(0, random.choice([0.006, 0.015, 0.03]), shape)
    if random.random() < 0.5:
        for number in range(1, len(noise)):
            noise[number] = 0.6 * noise[number - 1] + 0.8 * noise[number]
    return noise


def _found(
    times_s: NDArray[np.float64], points: NDArray[np.floating[Any]], random: np.random.Generator
) -> NDArray[np.bool_]:
    """Lose frames: some anywhere, more where the hand is fast, and some in a row."""
    flat = np.diff(points[..., :2], axis=0, prepend=points[:1, :, :2])
    steps = np.diff(times_s, prepend=times_s[0] - 1 / _FASTEST)
    speed = np.sqrt((flat**2).sum(-1)).mean(axis=1) / np.maximum(steps, 1e-3)
    share = np.full(len(times_s), random.choice([0.0, 0.0, 0.0, 0.08, 0.2, 0.35, 0.5]))
    if random.random() < 0.6:
        share *= np.clip(speed / max(float(np.median(speed)), 1e-6), 0.3, 3) / 1.2
    found = random.random(len(times_s)) > np.minimum(share, 0.85)
    if random.random() < 0.35:
        for start in random.uniform(0, times_s[-1], int(random.integers(1, 4))):
            found[(times_s > start) & (times_s < start + random.uniform(0.08, 0.35))] = False
    return np.asarray(found, np.bool_)
