"""Times of single frames, and what many of them say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class ReadTimes:
    """Wall time of each stage of one frame in milliseconds; `classify` covers crop and network."""

    detect: float
    classify: float
    total: float
    has_hand: bool


@dataclass(frozen=True)
class Percentiles:
    """Median and 95th percentile in milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Compute both, interpolating linearly between neighbours."""
        middle, high = np.percentile(values, (50, 95))
        return cls(round(float(middle), 3), round(float(high), 3))


@dataclass(frozen=True)
class StageSpeed:
    """What the frames of one reader took.

    `fps` is frames divided by the sum of their total times. `hand_share` in 0-1 tells in how many
    frames a hand was found; without one nothing is classified.
    """

    frames: int
    detect: Percentiles
    classify: Percentiles
    total: Percentiles
    fps: float
    hand_share: float

    @classmethod
    def of(cls, times: Sequence[ReadTimes]) -> Self:
        """Sum up the times of one frame or more."""
        return cls(
            frames=len(times),
            detect=Percentiles.of([t.detect for t in times]),
            classify=Percentiles.of([t.classify for t in times]),
            total=Percentiles.of([t.total for t in times]),
            fps=round(1e3 * len(times) / sum(t.total for t in times), 3),
            hand_share=round(sum(t.has_hand for t in times) / len(times), 4),
        )


@dataclass(frozen=True)
class Comparison:
    """Ours and the reference on the same frames; `ratio` is our fps divided by the reference's."""

    ours: StageSpeed
    reference: StageSpeed
    ratio: float

    @classmethod
    def of(cls, ours: Sequence[ReadTimes], reference: Sequence[ReadTimes]) -> Self:
        """Compare the times of two readers."""
        first, second = StageSpeed.of(ours), StageSpeed.of(reference)
        return cls(first, second, round(first.fps / second.fps, 3))
