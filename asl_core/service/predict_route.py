"""`POST /predict`: checks a request, has its picture read, and answers."""

import asyncio
import math
from typing import Any

from fastapi import Request

from asl_core.errors import ImageError
from asl_core.public_reading import PublicReading
from asl_core.service.picture_pool import PicturePool
from asl_core.service.picture_request import (
    FORM_TYPE,
    JSON_TYPE,
    drain,
    picture_bytes,
    read_body,
)
from asl_core.service.rate_limit import RateLimit, client_key
from asl_core.service.reading_pool import PoolFullError, PoolNotReadyError
from asl_core.service.refusals import NOT_AN_IMAGE, NOT_NOW, TOO_MANY, TOO_SLOW, RefusalError
from asl_core.service.request_log import notes_of
from asl_core.service.settings import ServiceSettings
from asl_core.service.timed_reading import TimedReading
from asl_core.service.traffic import Traffic

_RETRY_LOADING = {"Retry-After": "3"}
_RETRY_FULL = {"Retry-After": "1"}

_EXAMPLE = (  # a single skin-coloured pixel
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAA"
    "CQd1PeAAAADElEQVR42mM4saAJAAQeAevn0juAAAAAAElFTkSuQmCC"
)

REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {
                        "image": {
                            "type": "string",
                            "format": "image-data-url",
                            "minLength": 1,
                            "description": "A picture as data URL, or its plain base64: JPEG, "
                            "PNG, WebP, HEIC, BMP, GIF or TIFF.",
                            "examples": [_EXAMPLE],
                        }
                    },
                }
            },
            FORM_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {
                        "image": {
                            "type": "string",
                            "format": "binary",
                            "description": "The picture's file; the field may also be named file.",
                        }
                    },
                }
            },
        },
    }
}
"""The body for the OpenAPI document; it is parsed by hand, so that limits hold as it arrives."""


class PredictRoute:
    """The endpoint and its state; lives on the event loop."""

    def __init__(self, settings: ServiceSettings, pool: PicturePool, traffic: Traffic) -> None:
        self._settings = settings
        self._pool = pool
        self._traffic = traffic
        self._limit = RateLimit(settings.requests_per_second, settings.burst)
        self._uploads = 0

    async def predict(self, request: Request) -> PublicReading:
        """Read the letter that a hand in a picture forms.

        Send JSON with the picture as data URL, or a form with its file. Without a hand the answer
        is "nothing", with confidence 0: nothing is guessed.
        """
        try:
            timed = await self._read(request)
        except RefusalError as refusal:
            self._traffic.rejected.labels(refusal.reason).inc()
            if refusal.status != TOO_SLOW:
                await drain(request, self._settings.max_body_bytes)
            raise
        notes_of(request.scope).stages_ms = timed.stages_ms
        self._count(timed)
        return PublicReading.of(timed.reading, timed.model, timed.decode_ms, timed.note)

    async def _read(self, request: Request) -> TimedReading:
        self._refuse_over_rate(request)
        # Starts the model where it was left for the first request.
        self._pool.start()
        self._refuse_before_upload()
        self._uploads += 1
        try:
            body = await read_body(
                request, self._settings.max_body_bytes, self._settings.body_seconds
            )
            data = await picture_bytes(request.headers.get("content-type", ""), body)
        finally:
            self._uploads -= 1
        try:
            return await asyncio.wrap_future(self._pool.submit(data))
        except PoolFullError as error:
            raise RefusalError(NOT_NOW, str(error), "queue_full", _RETRY_FULL) from None
        except PoolNotReadyError as error:
            raise RefusalError(NOT_NOW, str(error), "not_ready", _RETRY_LOADING) from None
        except ImageError as error:
            raise RefusalError(NOT_AN_IMAGE, str(error), "not_an_image") from None

    def _refuse_over_rate(self, request: Request) -> None:
        peer = request.client.host if request.client else None
        client = client_key(
            peer, request.headers.getlist("x-forwarded-for"), self._settings.proxies
        )
        seconds = self._limit.seconds_to_wait(client)
        if seconds > 0:
            rate = self._settings.requests_per_second
            raise RefusalError(
                TOO_MANY,
                f"{client} sends more than {rate:g} pictures a second; wait {seconds:.1f} s.",
                "rate",
                {"Retry-After": str(math.ceil(seconds))},
            )

    def _refuse_before_upload(self) -> None:
        """Refuse before the upload what would be refused after it."""
        state = self._pool.state
        if state != "ready":
            raise RefusalError(NOT_NOW, not_ready_sentence(self._pool), "not_ready", _RETRY_LOADING)
        if self._uploads >= self._settings.max_uploads:
            sentence = f"{self._uploads} pictures are being received already; try again soon."
            raise RefusalError(NOT_NOW, sentence, "uploads_full", _RETRY_FULL)
        if self._pool.waiting >= self._settings.queue_size:
            sentence = f"{self._pool.waiting} pictures are waiting already; try again soon."
            raise RefusalError(NOT_NOW, sentence, "queue_full", _RETRY_FULL)

    def _count(self, timed: TimedReading) -> None:
        for stage, milliseconds in timed.stages_ms.items():
            self._traffic.stage_seconds.labels(stage).observe(milliseconds / 1e3)
        self._traffic.pictures.labels("yes" if timed.reading.detection else "no").inc()


def not_ready_sentence(pool: PicturePool) -> str:
    """Return the reason why the pool does not read now."""
    try:
        _ = pool.recognizer
    except PoolNotReadyError as error:
        return str(error)
    return "The service is ready."
