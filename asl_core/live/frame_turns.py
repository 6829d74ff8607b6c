"""The turnstile before a detector: one frame is read, the newest waits, older ones give way."""

import threading
from collections.abc import Callable
from enum import Enum


class Turn(Enum):
    """What becomes of a frame that has come."""

    GO = "go"
    OVERTAKEN = "overtaken"
    CLOSED = "closed"


class FrameTurns:
    """The turnstile before a detector that serves one thread at a time; thread-safe.

    One frame is inside, and of those that come meanwhile only the newest waits: a queue would add
    the time of each frame in it to the lag, and a person signs to a picture of the past. `free` is
    called exactly once, when the turnstile is closed and nobody is inside.
    """

    def __init__(self, free: Callable[[], None]) -> None:
        self._changed = threading.Condition()
        self._free = free
        self._arrivals = 0
        self._overtaken = 0
        self._is_taken = False
        self._is_closed = False
        self._is_freed = False

    @property
    def overtaken(self) -> int:
        """How many frames gave way to a newer one."""
        return self._overtaken

    def enter(self) -> Turn:
        """Wait until nobody is inside; give way as soon as a newer frame waits behind.

        After GO the caller must call `leave`.
        """
        with self._changed:
            self._arrivals += 1
            mine = self._arrivals
            # Wakes the frame that waits: it is not the newest any more.
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._is_closed or mine != self._arrivals or not self._is_taken
            )
            if self._is_closed:
                return Turn.CLOSED
            if mine != self._arrivals:
                self._overtaken += 1
                return Turn.OVERTAKEN
            self._is_taken = True
            return Turn.GO

    def leave(self) -> None:
        """Let the next one in, or free what was kept for those who came."""
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()
        self._free_once()

    def close(self) -> None:
        """Let nobody in any more; never waits for the one who is inside."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._free_once()

    def _free_once(self) -> None:
        # MediaPipe crashes when it is closed within `detect`: the last one out frees it.
        with self._changed:
            if self._is_freed or self._is_taken or not self._is_closed:
                return
            self._is_freed = True
        self._free()
