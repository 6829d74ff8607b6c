"""Why a request gets no answer: a status and one clear sentence, always as `{"error": ...}`."""

import logging
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from asl_core.errors import AslError

NO_IMAGE, NO_SUCH_PAGE, WRONG_METHOD, TOO_SLOW, TOO_LARGE = 400, 404, 405, 408, 413
NOT_AN_IMAGE, INVALID, TOO_MANY, BROKEN, NOT_NOW = 415, 422, 429, 500, 503

_LONGEST_VALUE = 60

_log = logging.getLogger(__name__)


class RefusalError(AslError):
    """A request that is refused: HTTP `status`, one sentence, and headers to send along.

    `reason` is a short name for the metrics.
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
    del request
    assert isinstance(error, RefusalError)
    return error_answer(error.status, str(error), error.headers)


async def answer_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what the router refuses: an unknown address or method."""
    assert isinstance(error, HTTPException)
    path = shown(request.url.path)
    headers = error.headers or {}
    if error.status_code == NO_SUCH_PAGE:
        sentence = f"There is nothing at {path}; /docs lists what there is."
    elif error.status_code == WRONG_METHOD:
        allowed = headers.get("Allow", "other methods")
        sentence = f"{shown(request.method)} is not possible at {path}; allowed is {allowed}."
    else:
        sentence = f"{error.detail} (at {path})."
    return error_answer(error.status_code, sentence, headers)


async def answer_breakdown(request: Request, error: Exception) -> JSONResponse:
    """Answer an unexpected error; its traceback goes to the log and to nobody else."""
    _log.error("%s %s broke down", request.method, request.url.path, exc_info=error)
    return error_answer(
        BROKEN, "The service broke down over this request; what happened is in its log."
    )
