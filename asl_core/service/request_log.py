"""Gives each request an id and writes one line about it; about a device's socket, two."""

import logging
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asl_core.logs import current_request_id, log_event
from asl_core.service.traffic import BROKEN_STATUS, OTHER_ROUTE, known_method

REQUEST_ID_HEADER = "X-Request-ID"
"""Taken from a request where it is sane, and sent with every answer."""

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NOTES = "asl_core.request_notes"
_NOT_TOLD = 1005
"""Code of a socket that ended without one (RFC 6455)."""

_log = logging.getLogger(__name__)


@dataclass
class RequestNotes:
    """What a request's line tells beside its messages; filled while the request is answered.

    `reason` is the short name of a refusal, `stages_ms` the milliseconds of a picture in each
    stage.
    """

    request_id: str
    reason: str | None = None
    stages_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def notes_of(scope: Scope) -> RequestNotes:
    """Return the notes of a request that LogRequests has let in."""
    notes = scope[_NOTES]
    assert isinstance(notes, RequestNotes)
    return notes


def route_of(scope: Scope) -> str:
    """Return the template of the route that answered, or OTHER_ROUTE where there is none."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else OTHER_ROUTE


class LogRequests:
    """ASGI middleware that writes a line about each request; `polls` are logged at DEBUG only."""

    def __init__(self, app: ASGIApp, polls: frozenset[str]) -> None:
        self._app = app
        self._polls = polls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its id, and write its line once it is answered."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        request_id = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
        scope[_NOTES] = RequestNotes(request_id)
        told = _HttpLine(scope) if scope["type"] == "http" else _SocketLines(scope)
        before = current_request_id.set(request_id)
        try:
            await self._app(scope, told.receiving(receive), told.sending(send))
        finally:
            told.write(self._polls)
            current_request_id.reset(before)


class _Exchange:
    """Looks at the messages of one request as they pass."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._started = time.perf_counter()

    @property
    def ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1e3, 1)

    def receiving(self, receive: Receive) -> Receive:
        async def looked_at() -> Message:
            message = await receive()
            self.received(message)
            return message

        return looked_at

    def sending(self, send: Send) -> Send:
        async def looked_at(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                headers[REQUEST_ID_HEADER] = notes_of(self.scope).request_id
                message = {**message, "headers": headers.raw}
            self.sent(message)
            await send(message)

        return looked_at

    def received(self, message: Message) -> None:
        raise NotImplementedError

    def sent(self, message: Message) -> None:
        raise NotImplementedError

    def write(self, polls: frozenset[str]) -> None:
        raise NotImplementedError


class _HttpLine(_Exchange):
    """Writes `request`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self._status = BROKEN_STATUS
        self._body_bytes = 0

    def received(self, message: Message) -> None:
        self._body_bytes += len(message.get("body", b""))

    def sent(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]

    def write(self, polls: frozenset[str]) -> None:
        route, notes = route_of(self.scope), notes_of(self.scope)
        stages: dict[str, Any] = {
            f"{name}_ms": round(ms, 1) for name, ms in notes.stages_ms.items()
        }
        is_poll = route in polls and self._status != BROKEN_STATUS
        log_event(
            _log,
            logging.DEBUG if is_poll else logging.INFO,
            "request",
            method=known_method(self.scope),
            route=route,
            status=self._status,
            reason=notes.reason,
            ms=self.ms,
            **stages,
            body_bytes=self._body_bytes,
        )


class _SocketLines(_Exchange):
    """Writes `socket_opened` and `socket_closed`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self._code = _NOT_TOLD
        self._messages = 0

    def received(self, message: Message) -> None:
        if message["type"] == "websocket.receive":
            self._messages += 1
        elif message["type"] == "websocket.disconnect":
            self._code = message.get("code", _NOT_TOLD)

    def sent(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            log_event(_log, logging.INFO, "socket_opened", route=route_of(self.scope))
        elif message["type"] == "websocket.close":
            self._code = message.get("code", _NOT_TOLD)

    def write(self, polls: frozenset[str]) -> None:
        del polls
        log_event(
            _log,
            logging.INFO,
            "socket_closed",
            route=route_of(self.scope),
            code=self._code,
            ms=self.ms,
            messages=self._messages,
        )
