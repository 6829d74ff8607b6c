"""What is exchanged on a device's socket beside frames: the greeting, commands, and the end."""

import asyncio
from contextlib import suppress
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from asl_core.live.device_message import MAX_MESSAGE_BYTES
from asl_core.live.spelling_speed import Speed

BAD_MESSAGE, UNKNOWN_VISIT, OLD_PAGE, TAKEN_OVER, TOO_FAST, TOO_MANY_SOCKETS, BROKEN = (
    *(4400, 4401, 4406, 4409, 4429),
    *(4503, 4500),
)
"""Codes of a close, as far as possible those of HTTP with 4000 added."""

LONGEST_WORDS = 2000
"""Letters and spaces that a browser without a page keeps, and sends again after a loss."""

_LONGEST_REASON = 120  # bytes; the protocol allows 123
Parsed = TypeVar("Parsed", bound=BaseModel)


class Hello(BaseModel):
    """Who a browser is: its page's token, or none for a visit of its own, and what it reads with.

    `words` are those of an earlier socket, for a visit of its own: A to Z and spaces; so is
    `speed`, the one that it spells at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_version: int
    model: str = Field(pattern="^[0-9a-f]{64}$")
    token: str | None = Field(default=None, max_length=64)
    words: str = Field(default="", max_length=LONGEST_WORDS, pattern="^[A-Z ]*$")
    speed: Speed = "standard"


class Command(BaseModel):
    """What a person asks for beside the camera; `speed` is for the command of that name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    do: Literal["space", "delete", "clear", "undo", "speed"]
    speed: Speed = "standard"


class ClosingError(Exception):
    """A socket is closed with a code and a sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def parsed(kind: type[Parsed], content: str) -> Parsed:
    """Read a text message.

    Raises:
        ClosingError: it is not JSON, or not what `kind` describes.
    """
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the message"
        raise ClosingError(BAD_MESSAGE, f"{place}: {first['msg']}.") from None


async def receive(socket: WebSocket, seconds: float) -> str | bytes:
    """Wait for a message.

    Raises:
        ClosingError: none came within `seconds`, or it is longer than MAX_MESSAGE_BYTES.
        WebSocketDisconnect: the browser has gone.
    """
    try:
        async with asyncio.timeout(seconds):
            message = await socket.receive()
    except TimeoutError:
        raise ClosingError(BAD_MESSAGE, f"Nothing came for {seconds:g} s.") from None
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    content: str | bytes | None = message.get("text")
    if content is None:
        content = message.get("bytes") or b""
    if len(content) > MAX_MESSAGE_BYTES:
        raise ClosingError(
            BAD_MESSAGE, f"A message of {len(content)} bytes; at most {MAX_MESSAGE_BYTES}."
        )
    return content


async def close(socket: WebSocket, code: int, sentence: str) -> None:
    """Close a socket with one of the codes and a sentence; never raises."""
    reason = sentence.encode()[:_LONGEST_REASON].decode(errors="ignore")
    # It may have gone meanwhile.
    with suppress(RuntimeError, WebSocketDisconnect, OSError):
        if socket.application_state is not WebSocketState.DISCONNECTED:
            await socket.close(code, reason)
