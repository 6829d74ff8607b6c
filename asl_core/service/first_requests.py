"""Lets the first visitor's page go out before what it does not need yet is imported.

An import holds the interpreter for tenths of a second, in which the server sends nothing.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

BETWEEN_FILES_S = 0.05
"""Between two files of one page no more time passes."""

BETWEEN_PAGES_S = 0.5
"""Between the parts of a page that comes about, such as the camera's frame within it, no more."""

LONGEST_S = 6.0
"""All waits together take no longer: a server that is always busy must load as well."""

_TURN_S = 0.1
"""Threads that waited for what was loaded go on within this time."""

_LOOKS_S = 0.01


class FirstRequests:
    """Knows when a request was answered last; any thread may wait until there is a pause."""

    def __init__(self) -> None:
        self.open_count = 0
        """Requests, and runs of a page, that are being answered."""
        self._waiting = 0
        self._last_s = -math.inf
        self._left_s = LONGEST_S
        self._lock = threading.Lock()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count what is done within as the answer to a request."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within an answer, do not count a time in which it waits for what is loaded."""
        self._count(-1, waiting=1)
        try:
            yield
        finally:
            self._count(1, waiting=-1)

    def _count(self, more: int, waiting: int = 0) -> None:
        with self._lock:
            self.open_count += more
            self._waiting += waiting
            self._last_s = time.monotonic()

    def wait_for_pause(self, seconds: float) -> None:
        """Wait until no request came for `seconds`, in all calls together at most LONGEST_S."""
        began = time.monotonic()
        while self._was_asked_within(seconds) and time.monotonic() - began < self._left_s:
            time.sleep(_LOOKS_S)
        self._left_s -= time.monotonic() - began

    def let_waiting_go_on(self, seconds: float) -> None:
        """Let answers that wait go on, now that something is loaded, and then `wait_for_pause`."""
        if self._waiting:
            time.sleep(_TURN_S)
        self.wait_for_pause(seconds)

    def _was_asked_within(self, seconds: float) -> bool:
        with self._lock:
            return self.open_count > 0 or time.monotonic() - self._last_s < seconds


first_requests = FirstRequests()
"""Those of this process."""


class RequestCounter:
    """Tells `first_requests` of each request over HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with first_requests.answering():
            await self._app(scope, receive, send)


def counted_requests() -> list[Middleware]:
    """Return what tells `first_requests` of the requests to another ASGI application."""
    return [Middleware(RequestCounter)]
