"""Times of a video's frames that always rise, however the file counts them."""

import math

LONGEST_GAP_S = 10.0
"""In a broadcast stream (TS) a longer step is a new clock, as FFmpeg takes it too."""

_STALLS = 2
_SHORTEST_STEP_S, _LONGEST_STEP_S = 1 / 240, 1.0


class RisingClock:
    """Turns a file's times into seconds from the video's start; not thread-safe.

    Recordings that were joined end to end begin to count anew in the middle, and cut ones may
    jump. After a jump the time goes on by the usual step from where it was.
    """

    def __init__(self, zero_s: float, rate: float | None, longest_gap_s: float = math.inf) -> None:
        """`zero_s` is the file's time at the start, `rate` its frames a second where it says so.

        A step forward of more than `longest_gap_s` counts as a jump.
        """
        self._offset_s = -zero_s
        self._longest_gap_s = longest_gap_s
        self._step_s = _within(1 / rate) if rate else 1 / 30
        self._last_s: float | None = None
        self._stalls = 0

    def place(self, file_s: float | None) -> float:
        """Return the time in seconds of the next frame, which the file puts at `file_s`."""
        last = self._last_s
        if last is None:
            self._last_s = max(0.0, 0.0 if file_s is None else file_s + self._offset_s)
            return self._last_s
        time_s = last + self._step_s if file_s is None else file_s + self._offset_s
        passed = time_s - last
        # A tremble of the clock stays in its place; a clock that stands still has stopped.
        self._stalls = self._stalls + 1 if passed <= 0 else 0
        is_back = passed < -self._step_s or self._stalls >= _STALLS
        if is_back or passed > self._longest_gap_s:
            time_s = last + self._step_s
            self._offset_s += self._step_s - passed
        elif 0 < passed <= _LONGEST_STEP_S and file_s is not None:
            self._step_s = _within(passed)
        self._last_s = max(last, time_s)
        return self._last_s


def _within(step_s: float) -> float:
    return min(max(step_s, _SHORTEST_STEP_S), _LONGEST_STEP_S)
