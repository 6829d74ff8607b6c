"""Why a request gets no answer: a status and one clear sentence, always as `{"error": ...}`."""

import logging
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asl_core.errors import AslError
from asl_core.logs import log_event
from asl_core.service.request_log import notes_of, route_of

NO_IMAGE, NO_SUCH_PAGE, WRONG_METHOD, TOO_SLOW, TOO_LARGE = 400, 404, 405, 408, 413
NOT_AN_IMAGE, INVALID, TOO_MANY, BROKEN, NOT_NOW = 415, 422, 429, 500, 503

_LONGEST_VALUE = 60
_BREAKDOWN = "The service broke down over this request; what happened is in its log."

_log = logging.getLogger(__name__)


class RefusalError(AslError):
    """A request that is refused: HTTP `status`, one sentence, and headers to send along.

    `reason` is a short name for the metrics and the log.
    """

    def __init__(
        self, status: int, sentence: str, reason: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})


class ErrorAnswer(BaseModel):
    """Why there is no reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: str = Field(description="One sentence for a person.", min_length=1)


def shown(value: object) -> str:
    """Return a client's value for a sentence: quoted, printable, on one line, not too long."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        value = "".join(
            sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value
        )
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def error_answer(
    status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Build the JSON answer of an error."""
    return JSONResponse(ErrorAnswer(error=sentence).model_dump(), status, dict(headers or {}))


async def answer_refusal(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that was refused on purpose."""
    assert isinstance(error, RefusalError)
    notes_of(request.scope).reason = error.reason
    return error_answer(error.status, str(error), error.headers)


async def answer_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what the router refuses: an unknown address or method."""
    assert isinstance(error, HTTPException)
    path = shown(request.url.path)
    headers = error.headers or {}
    reason = "refused"
    if error.status_code == NO_SUCH_PAGE:
        reason = "unknown"
        sentence = f"There is nothing at {path}; /docs lists what there is."
    elif error.status_code == WRONG_METHOD:
        reason = "method"
        allowed = headers.get("Allow", "other methods")
        sentence = f"{shown(request.method)} is not possible at {path}; allowed is {allowed}."
    else:
        sentence = f"{error.detail} (at {path})."
    notes_of(request.scope).reason = reason
    return error_answer(error.status_code, sentence, headers)


class AnswerBreakdowns:
    """ASGI middleware that answers an unexpected error; its traceback goes to the log alone.

    It stands inside of the other ones, so that its answers are counted, logged and given the
    headers of an answer like all others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; where its answer has begun, an error goes on to the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if has_begun:
                raise
            notes_of(scope).reason = "broken"
            log_event(_log, logging.ERROR, "breakdown", error, route=route_of(scope))
            await error_answer(BROKEN, _BREAKDOWN)(scope, receive, send)
