"""How late an event loop comes to what is due: the sign that its process has too much to do."""

import asyncio

PERIOD_S = 0.02
_SHARE = 0.1
"""What the newest measurement counts, so that the mean is that of about a fifth of a second."""


class LoopLag:
    """Measures the running event loop from `start` to `stop`; it lives on that loop."""

    def __init__(self) -> None:
        self._mean_s = 0.0
        self._due_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def seconds(self) -> float:
        """By how many seconds the loop is late on average; 0 while nothing is measured."""
        return self._mean_s

    def start(self) -> None:
        """Begin to measure; nothing happens where that was begun before."""
        if self._timer is None:
            self._wait(asyncio.get_running_loop())

    def stop(self) -> None:
        """End, and forget what was measured."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._mean_s = 0.0

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due_s = loop.time() + PERIOD_S
        self._timer = loop.call_at(self._due_s, self._measure, loop)

    def _measure(self, loop: asyncio.AbstractEventLoop) -> None:
        late_s = max(0.0, loop.time() - self._due_s)
        self._mean_s += _SHARE * (late_s - self._mean_s)
        self._wait(loop)
