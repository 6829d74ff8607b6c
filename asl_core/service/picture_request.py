"""Takes a request's body in, within limits of size and time, and finds the picture in it.

The picture is JSON with base64, as in the tutorial, or the file of a form.
"""

import asyncio
import base64
import binascii
import contextlib
import json
import re
from collections.abc import AsyncGenerator
from urllib.parse import unquote

from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from asl_core.service.refusals import (
    INVALID,
    NO_IMAGE,
    NOT_AN_IMAGE,
    TOO_LARGE,
    TOO_SLOW,
    RefusalError,
    shown,
)

JSON_TYPE = "application/json"
FORM_TYPE = "multipart/form-data"
FILE_FIELDS = ("image", "file")
"""Names under which a form may send the picture."""

_UNKNOWN_TYPE = "application/octet-stream"
_MOST_FIELDS = 1000
_SHORTEST_LINE = 16
_URL_ALPHABET = str.maketrans("-_", "+/")
_DRAINED_BODIES = 4
_DRAIN_SECONDS = 5.0


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """Receive the body.

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
        sentence = f"The picture did not arrive within {seconds:g} s; {len(parts)} bytes did."
        raise RefusalError(TOO_SLOW, sentence, "slow") from None
    except ClientDisconnect:
        sentence = "The connection ended before the picture arrived."
        raise RefusalError(TOO_SLOW, sentence, "gone") from None
    return bytes(parts)


async def drain(request: Request, max_bytes: int) -> None:
    """Receive and drop what a refused client still sends, within bounds.

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


async def picture_bytes(content_type: str, body: bytes) -> bytes:
    """Return the encoded picture that a body holds.

    Raises:
        RefusalError: there is none, or the body is not what `content_type` says.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == JSON_TYPE:
        return picture_of_json(body)
    if kind == FORM_TYPE:
        return await picture_of_form(content_type, body)
    if not body and not kind:
        raise _no_image("The request is empty")
    raise RefusalError(
        NOT_AN_IMAGE,
        f"The Content-Type {shown(kind)} is not understood; send {JSON_TYPE} or {FORM_TYPE}.",
        "content_type",
    )


def picture_of_json(body: bytes) -> bytes:
    """Return the encoded picture of `{"image": "data:image/jpeg;base64,..."}`, or of plain base64.

    Raises:
        RefusalError: the body is not such JSON.
    """
    if not body:
        raise _no_image("The request is empty")
    try:
        values = json.loads(body)
    except UnicodeDecodeError:
        raise _invalid("The body is not JSON: it is no text in UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise _invalid(f"The body is not JSON: {_first_line(error)}.") from None
    if not isinstance(values, dict):
        raise _invalid(f'The JSON is {shown(values)}, not an object {{"image": "..."}}.')
    if "image" not in values:
        names = ", ".join(shown(name) for name in list(values)[:5]) or "no field at all"
        raise _no_image(f'The JSON has no field "image" ({names})')
    text = values["image"]
    if not isinstance(text, str):
        raise _invalid(f'The field "image" is {shown(text)}, not a string.')
    return picture_of_text(text)


def picture_of_text(text: str) -> bytes:
    """Decode a data URL or plain base64.

    Raises:
        RefusalError: it is empty, not base64, or says that it is no image.
    """
    head, comma, encoded = text.partition(",")
    if not comma:
        head, encoded = "", text
    elif not head.lower().startswith("data:"):
        raise _invalid(f'The field "image" begins with {shown(head)}, not with "data:image/".')
    else:
        _check_data_url(head)
    encoded = _whole_base64(encoded)
    if not encoded:
        raise _no_image('The field "image" is empty')
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid(f'The field "image" is not base64: {_first_line(error)}.') from None


async def picture_of_form(content_type: str, body: bytes) -> bytes:
    """Return the file that a form sends as `image` or `file`.

    Raises:
        RefusalError: the body is no form, or has no such file.
    """
    parser = MultiPartParser(
        Headers({"content-type": content_type}),
        _whole(_with_plain_filenames(body)),
        max_files=_MOST_FIELDS,
        max_fields=_MOST_FIELDS,
        max_part_size=len(body) + 1,
    )
    try:
        form = await parser.parse()
    except UnicodeDecodeError:
        raise _invalid(
            f"The body is not {FORM_TYPE} with text in UTF-8; a picture needs a filename."
        ) from None
    except (MultiPartException, KeyError) as error:
        message = getattr(error, "message", None) or _first_line(error)
        if not message.isprintable() or "b'" in message or "\\x" in message:
            message = "its parts do not fit its boundary"
        raise _invalid(f"The body is not {FORM_TYPE}: {message.rstrip('.')}.") from None
    try:
        field = next((form[name] for name in FILE_FIELDS if name in form), None)
        if field is None:
            names = ", ".join(shown(name) for name in form) or "no field at all"
            raise _no_image(f'The form has no file "image" or "file" ({names})')
        if not isinstance(field, UploadFile):
            return picture_of_text(field)
        data = await field.read()
    finally:
        await form.close()
    if not data:
        raise _no_image(f"The file {shown(field.filename)} is empty")
    return data


def _whole_base64(text: str) -> str:
    """Undo what happens to base64 on its way: line ends, form encoding, the alphabet of URLs."""
    text = "".join(text.splitlines())
    if "%" in text:
        text = unquote(text)
    if len(text) % 4:  # base64 comes in fours, so spaces at its ends are none of it
        text = text.strip(" ")
    pieces = text.split(" ")
    lengths = {len(piece) for piece in pieces[:-1]}
    # Lines joined with spaces are all of one length; a "+" that a form took for a space is not.
    is_wrapped = len(lengths) == 1 and min(lengths) % 4 == 0 and min(lengths) >= _SHORTEST_LINE
    joined = ("" if is_wrapped else "+").join(pieces)
    return "".join(joined.split()).translate(_URL_ALPHABET)


def _with_plain_filenames(body: bytes) -> bytes:
    """Mark parts with `filename*=` (RFC 5987) as files, which the form parser does not know."""

    def plain(match: re.Match[bytes]) -> bytes:
        line = match[0]
        if re.search(rb";\s*filename\s*=", line, re.IGNORECASE):
            return line
        return re.sub(rb"(?i)(;\s*)filename\*\s*=[^;\r\n]*", rb'\1filename="picture"', line)

    return re.sub(rb"(?im)^content-disposition:[^\r\n]*", plain, body)


def _check_data_url(head: str) -> None:
    kind, *parameters = head[len("data:") :].lower().split(";")
    if kind and kind != _UNKNOWN_TYPE and not kind.startswith("image/"):
        raise RefusalError(
            NOT_AN_IMAGE, f"The data URL says {shown(kind)}, which is no image.", "not_an_image"
        )
    if "base64" not in parameters:
        raise _invalid(f"The data URL {shown(head)} is not in base64.")


async def _whole(body: bytes) -> AsyncGenerator[bytes]:
    yield body


def _invalid(sentence: str) -> RefusalError:
    return RefusalError(INVALID, sentence, "invalid")


def _no_image(what: str) -> RefusalError:
    return RefusalError(NO_IMAGE, f"{what}; there is no picture to read.", "no_image")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")


def _declared_length(request: Request) -> int | None:
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise RefusalError(INVALID, f"Content-Length is {shown(text)}, not a number.", "invalid")
    return int(text)


def _too_large(byte_count: int, max_bytes: int) -> RefusalError:
    size, most = f"{byte_count / 1e6:.3g} MB", f"{max_bytes / 1e6:g} MB"
    return RefusalError(
        TOO_LARGE, f"The request has {size} or more; at most {most} are read.", "too_large"
    )
