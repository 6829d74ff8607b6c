"""Takes a request's body in, up to a limit of bytes and of time."""

import asyncio
import contextlib

from fastapi import Request
from starlette.requests import ClientDisconnect

from asl_core.service.refusals import INVALID, TOO_LARGE, TOO_SLOW, RefusalError, shown

_DRAINED_BODIES = 4
_DRAIN_SECONDS = 5.0


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """Give the body's bytes.

    Raises:
        RefusalError: it is too large, by its Content-Length or while it arrives; it takes too
            long; the client went away.
    """
    declared = _declared_length(request)
    if declared is not None and declared > max_bytes:
        raise _too_large(declared, max_bytes)
    parts = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                parts += part
                if len(parts) > max_bytes:
                    raise _too_large(len(parts), max_bytes)
    except TimeoutError:
        raise RefusalError(
            TOO_SLOW,
            f"The picture did not arrive within {seconds:g} s; {len(parts)} bytes did.",
            "slow",
        ) from None
    except ClientDisconnect:
        raise RefusalError(
            TOO_SLOW, "The connection ended before the picture arrived.", "gone"
        ) from None
    return bytes(parts)


async def drain(request: Request, max_bytes: int) -> None:
    """Take in and drop what a refused client still sends, within bounds.

    A connection that is closed on unread bytes is reset, and the client would see that in place
    of the sentence. Clients that wait for "100 Continue" send nothing after a refusal.
    """
    if request.headers.get("expect", "").lower() == "100-continue":
        return
    dropped = 0
    with contextlib.suppress(TimeoutError, ClientDisconnect, RuntimeError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for part in request.stream():
                dropped += len(part)
                if dropped > _DRAINED_BODIES * max_bytes:
                    return


def _declared_length(request: Request) -> int | None:
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise RefusalError(INVALID, f"Content-Length is {shown(text)}, not a number.", "invalid")
    return int(text)


def _too_large(byte_count: int, max_bytes: int) -> RefusalError:
    sentence = (
        f"The request has {byte_count / 1e6:.3g} MB or more; at most {max_bytes / 1e6:g} MB are "
        "read."
    )
    return RefusalError(TOO_LARGE, sentence, "too_large")
