"""Brings hands of any frame rate to even steps of time, as the streaming network wants them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TICKS_PER_SECOND = 30
TICK_S = 1 / TICKS_PER_SECOND

_LONGEST_BRIDGE_S = 0.35
"""Between two sightings no farther apart the hand is taken to move evenly."""

FORGOTTEN_S = 0.6
"""So long after it was last seen a hand's shape says nothing any more."""


@dataclass(frozen=True)
class Ticks:
    """A hand at K even steps of time.

    `times_s` is float64 `(K,)`. `points` is float32 `(K, 21, 3)` in pixels; where no hand is seen,
    the last one seen (zeros before any). `age_s` float32 `(K,)` is 0 where the hand is seen, else
    the time since it was, at most FORGOTTEN_S.
    """

    times_s: NDArray[np.float64]
    points: NDArray[np.float32]
    age_s: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def is_seen(self) -> NDArray[np.bool_]:
        """Where the hand is seen, bool `(K,)`."""
        return np.asarray(self.age_s == 0, np.bool_)

    def at(self, number: int) -> "Ticks":
        """Return one tick alone."""
        one = slice(number, number + 1)
        return Ticks(self.times_s[one], self.points[one], self.age_s[one])


def ticks_of(
    times_s: NDArray[np.float64], points: NDArray[np.float32], is_present: NDArray[np.bool_]
) -> Ticks:
    """Resample a whole stream; the same as a `TickClock` that is told its frames one by one.

    `times_s` float64 `(N,)` rises, `points` is float32 `(N, 21, 3)`, `is_present` bool `(N,)`.
    """
    first = int(np.ceil(times_s[0] * TICKS_PER_SECOND - 1e-6))
    last = int(np.floor(times_s[-1] * TICKS_PER_SECOND + 1e-6))
    ticks = np.arange(first, last + 1) / TICKS_PER_SECOND
    frame = np.minimum(np.searchsorted(times_s, ticks - 1e-6), len(times_s) - 1)
    seen = np.where(is_present, np.arange(len(times_s)), -1)
    seen_so_far = np.maximum.accumulate(seen)
    before = np.where(frame > 0, seen_so_far[frame - 1], -1)
    at_frame = is_present[frame] & (np.abs(times_s[frame] - ticks) < 1e-6)
    since = np.where(before >= 0, ticks - times_s[before], np.inf)
    span = np.where(before >= 0, times_s[frame] - times_s[before], np.inf)
    is_bridged = is_present[frame] & (span <= _LONGEST_BRIDGE_S)
    share = np.zeros(len(ticks), np.float32)
    share[is_bridged] = since[is_bridged] / span[is_bridged]
    start = np.where(before[:, None, None] >= 0, points[before], 0)
    placed = start + (points[frame] - start) * share[:, None, None]
    placed = np.where(is_bridged[:, None, None], placed, start)
    placed = np.where(at_frame[:, None, None], points[frame], placed)
    age = np.where(is_bridged | at_frame, 0.0, np.clip(since, 1e-3, FORGOTTEN_S))
    return Ticks(ticks, np.asarray(placed, np.float32), age.astype(np.float32))


class TickClock:
    """Resamples one visitor's stream as it comes; not thread-safe."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the stream; the next frame begins another."""
        self._before_s: float | None = None
        self._seen_s = -np.inf
        self._seen: NDArray[np.float32] = np.zeros((21, 3), np.float32)
        self._next = 0

    def add(self, time_s: float, points: NDArray[np.float32] | None) -> Ticks:
        """Take a frame, its hand float32 `(21, 3)` in pixels or None, and give the ticks up to it.

        A time that does not rise gives no tick.
        """
        if self._before_s is None:
            self._next = int(np.ceil(time_s * TICKS_PER_SECOND - 1e-6))
        elif time_s <= self._before_s:
            return _NO_TICKS
        self._before_s = time_s
        last = int(np.floor(time_s * TICKS_PER_SECOND + 1e-6))
        ticks = np.arange(self._next, last + 1) / TICKS_PER_SECOND
        self._next = max(self._next, last + 1)
        given = self._placed(time_s, points, ticks)
        if points is not None:
            self._seen_s, self._seen = time_s, points
        return given

    def _placed(
        self, time_s: float, points: NDArray[np.float32] | None, ticks: NDArray[np.float64]
    ) -> Ticks:
        since = ticks - self._seen_s
        age = np.clip(since, 1e-3, FORGOTTEN_S)
        placed = np.repeat(self._seen[None], len(ticks), axis=0)
        if points is not None and time_s - self._seen_s <= _LONGEST_BRIDGE_S:
            share = (since / (time_s - self._seen_s)).astype(np.float32)
            placed = self._seen + (points - self._seen) * share[:, None, None]
            age = np.zeros(len(ticks))
        if points is not None and len(ticks) and abs(ticks[-1] - time_s) < 1e-6:
            placed[-1], age[-1] = points, 0.0
        return Ticks(ticks, placed, age.astype(np.float32))


_NO_TICKS = Ticks(np.zeros(0), np.zeros((0, 21, 3), np.float32), np.zeros(0, np.float32))
