"""The service beside pages, which is built once their server listens: its libraries take a while.

Whoever asks it sooner waits for it.
"""

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from asl_core.service.side_routes import HEALTH, service_routes

if TYPE_CHECKING:
    from asl_core.service.http_service import HttpService


class LateService:
    """Stands for a service that `build` makes, at the first request or when told to."""

    def __init__(self, build: "Callable[[], HttpService]") -> None:
        self._build = build
        self._lock = threading.Lock()
        self._service: HttpService | None = None

    def build(self) -> "HttpService":
        """Return the service, built once; other threads wait meanwhile."""
        with self._lock:
            if self._service is None:
                self._service = self._build()
            return self._service

    def routes(self, prefix: str = "") -> Sequence[BaseRoute]:
        """Return the addresses for another ASGI application to take in; see `service_routes`."""
        return service_routes(self, prefix)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Free what the service holds when the server ends."""
        try:
            yield
        finally:
            with self._lock:
                if self._service is not None:
                    self._service.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, when the service is there.

        Whether the process lives is answered at once: who asks that is not to hasten the building.
        """
        service = self._service
        if service is None and _asks_whether_alive(scope):
            await JSONResponse({"status": "alive"})(scope, receive, send)
            return
        if service is None:
            service = await run_in_threadpool(self.build)
        await service.api(scope, receive, send)


def _asks_whether_alive(scope: Scope) -> bool:
    path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and path == HEALTH
