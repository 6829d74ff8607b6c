"""A hand over time with at most one stroke in it, and how a camera sees it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.motion.trace import resampled
from asl_core.moving_hand.turns import eased

STEP_S = 1 / 30


@dataclass(frozen=True)
class Stream:
    """Times float64 `(K,)` from 0, points float32 `(K, 21, 3)` in palm lengths.

    `letter` is J or Z where the stroke from `start_s` to `end_s` is one, else empty; the hand
    leaves the picture at the last time.
    """

    times_s: NDArray[np.float64]
    points: NDArray[np.float32]
    letter: str = ""
    start_s: float = 0.0
    end_s: float = 0.0


def followed(first: Stream, second: Stream, gap_s: float) -> Stream:
    """Let `second` follow; it keeps its stroke, and the way between is eased."""
    begins = first.times_s[-1] + max(gap_s, STEP_S)
    between = np.arange(first.times_s[-1] + STEP_S, begins - 1e-6, STEP_S)
    share = eased((between - first.times_s[-1]) / (begins - first.times_s[-1]))
    way = first.points[-1] + (second.points[0] - first.points[-1]) * share[:, None, None]
    shift = begins - second.times_s[0]
    stroke = second if second.letter else first
    moved = shift if second.letter else 0.0
    return Stream(
        np.concatenate([first.times_s, between, second.times_s + shift]),
        np.concatenate([first.points, way.astype(np.float32), second.points]),
        stroke.letter,
        stroke.start_s + moved,
        stroke.end_s + moved,
    )


def as_seen(
    stream: Stream, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Let a camera of 10 to 30 frames a second look, with trembling points and lost frames.

    It sees at least one frame, however short the stream is.
    """
    rate = random.uniform(10, 31)
    first = min(stream.times_s[0] + random.uniform(0, 1 / rate), stream.times_s[-1])
    times = np.arange(first, stream.times_s[-1] + 1e-6, 1 / rate)
    kept = random.random(len(times)) > random.choice([0.0, 0.0, 0.1, 0.3])
    kept[:1] = True
    times = times[kept]
    points = resampled(stream.times_s, stream.points, times)
    noise = random.choice([0.005, 0.015, 0.03])
    return times, points + random.normal(0, noise, points.shape).astype(np.float32)
