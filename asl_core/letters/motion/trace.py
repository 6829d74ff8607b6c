"""The last seconds of one hand, from which windows of any length are cut."""

import numpy as np
from numpy.typing import NDArray

_CAPACITY = 512


class HandTrace:
    """What is known of one hand at each moment; what is older than `seconds` is forgotten."""

    def __init__(self, seconds: float, width: int) -> None:
        self._seconds = seconds
        self._times = np.zeros(_CAPACITY)
        self._moments = np.zeros((_CAPACITY, width), np.float32)
        self._first = self._next = 0

    def __len__(self) -> int:
        return self._next - self._first

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Times of the kept moments, rising, float64 `(K,)`."""
        return self._times[self._first : self._next]

    @property
    def moments(self) -> NDArray[np.float32]:
        """The kept moments, float32 `(K, width)`."""
        return self._moments[self._first : self._next]

    def since(self, time_s: float) -> NDArray[np.float32]:
        """Return the moments from `time_s` on, float32 `(L, width)`."""
        return self.moments[int(np.searchsorted(self.times_s, time_s)) :]

    def add(self, time_s: float, moment: NDArray[np.float32]) -> None:
        """Keep a moment; a time that does not rise is passed over."""
        if len(self) and time_s <= self.times_s[-1]:
            return
        if self._next == _CAPACITY:
            self._make_room()
        self._times[self._next] = time_s
        self._moments[self._next] = moment
        self._next += 1
        self._first += int(np.searchsorted(self.times_s, time_s - self._seconds))

    def clear(self) -> None:
        """Forget everything."""
        self._first = self._next = 0

    def windows(
        self, end_s: float, seconds: NDArray[np.float32], steps: int
    ) -> NDArray[np.float32]:
        """Cut windows that end at `end_s`, float32 `(len(seconds), steps, width)`.

        At least one moment must be kept. Between two moments the hand moves evenly; before the
        first and after the last it rests.
        """
        shares = np.arange(1 - steps, 1) / (steps - 1)
        return resampled(self.times_s, self.moments, end_s + seconds[:, None] * shares)

    def _make_room(self) -> None:
        # A camera of 120 frames a second fills the store with what is still young: half goes then.
        kept = min(len(self), _CAPACITY // 2)
        self._times[:kept] = self._times[self._next - kept : self._next].copy()
        self._moments[:kept] = self._moments[self._next - kept : self._next].copy()
        self._first, self._next = 0, kept


def resampled(
    times_s: NDArray[np.float64], values: NDArray[np.float32], at_s: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the values `(K, ...)` at other times by linear interpolation, `(*at_s.shape, ...)`.

    `times_s` `(K,)` rises, K at least 1; before its first and after its last time nothing moves.
    """
    last = len(times_s) - 1
    place = np.interp(at_s.ravel(), times_s, np.arange(last + 1.0)).reshape(at_s.shape)
    before = np.minimum(place.astype(np.int64), max(last - 1, 0))
    share = (place - before).astype(np.float32)
    share = share.reshape(*share.shape, *(1,) * (values.ndim - 1))
    start = values[before]
    return np.asarray(start + (values[np.minimum(before + 1, last)] - start) * share)
