"""The service as a whole: its routes, and its life from start to end.

The same object serves alone (`python -m asl_core serve`) and inside the dashboard's process
(app.py); there its addresses stand beside the pages.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from asl_core import __version__
from asl_core.public_reading import PublicReading
from asl_core.records.training_run import SHIPPED_RUN
from asl_core.service import refusals
from asl_core.service.browser_pages import api_page, camera_page, page_file
from asl_core.service.device_files import DeviceFiles
from asl_core.service.device_socket import DeviceSockets
from asl_core.service.device_source import DeviceSource
from asl_core.service.model_swap import ModelSwap, SharedRecognizer, model_in_use
from asl_core.service.picture_pool import PicturePool
from asl_core.service.predict_route import REQUEST_BODY, PredictRoute
from asl_core.service.reading_pool import ReadingPool
from asl_core.service.request_log import REQUEST_ID_HEADER, LogRequests
from asl_core.service.settings import ServiceSettings
from asl_core.service.side_routes import (
    DEVICE_FILE,
    DEVICE_MANIFEST,
    DEVICE_SOCKET,
    FILES,
    OPENAPI,
    ROUTES,
    service_routes,
)
from asl_core.service.traffic import CountTraffic, Traffic
from asl_core.service.watch_routes import POLLS, WatchRoutes

if TYPE_CHECKING:
    from asl_core.hands.detector import HandDetector
    from asl_core.letters.recognizer import LetterRecognizer

_PREDICT_ERRORS = {
    400: "No image data.",
    408: "The picture did not arrive in time.",
    413: "Too large.",
    415: "Not an image.",
    422: "Not JSON, or not as described.",
    429: "Too many pictures a second from this client.",
    503: "The model is loading, or too many pictures are waiting.",
}

_ID_HEADER = {
    REQUEST_ID_HEADER: {
        "description": "The request's own id where it sent a sane one, else a new one; the "
        "service's log has it.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    }
}


class HttpService:
    """A pool of readers and the FastAPI application before it."""

    def __init__(
        self,
        settings: ServiceSettings,
        pool: PicturePool,
        device: DeviceSource,
        renew: "Callable[[], LetterRecognizer]",
    ) -> None:
        """`renew` puts the model anew into `pool` and `device`; see `ModelSwap`."""
        self.settings = settings
        self.pool = pool
        self.device = device
        self.sockets = DeviceSockets(
            device.visits, device.open_visit, device.natural, settings.proxies
        )
        self.traffic = Traffic()
        self.traffic.queue_length.set_function(lambda: pool.waiting)
        self.traffic.retried.set_function(lambda: pool.retried)
        self.traffic.device_sockets.set_function(lambda: len(self.sockets))
        self.traffic.ready.set_function(lambda: pool.state == "ready")
        self.traffic.watch_model(lambda: model_in_use(pool))
        self.swap = ModelSwap(pool, renew, self.traffic)
        self.api = self._build_api()

    @asynccontextmanager
    async def running(self, is_eager: bool = True) -> AsyncIterator[None]:
        """Hold the pool open; with `is_eager` the model loads now, else at the first request."""
        if is_eager:
            self.pool.start()
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Free the model, the threads and the sockets."""
        self.swap.close()
        self.pool.close()
        self.sockets.close()

    def routes(self, prefix: str = "") -> Sequence[BaseRoute]:
        """Return the addresses for another ASGI application to take in; see `service_routes`."""
        return service_routes(self.api, prefix)

    def _build_api(self) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with self.running():
                yield

        api = FastAPI(
            title="ASL fingerspelling",
            summary="Reads the letter that a hand forms in a picture.",
            version=__version__,
            openapi_url=OPENAPI,
            docs_url=None,
            redoc_url=None,
            lifespan=lifespan,
            exception_handlers={
                refusals.RefusalError: refusals.answer_refusal,
                HTTPException: refusals.answer_http_error,
            },
        )
        self._add_routes(api)
        self._add_middleware(api)
        return api

    def _add_middleware(self, api: FastAPI) -> None:
        """Add what each request passes through, from the inside out."""
        api.add_middleware(refusals.AnswerBreakdowns)
        if self.settings.origins:
            api.add_middleware(
                CORSMiddleware,
                allow_origins=list(self.settings.origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Content-Type", REQUEST_ID_HEADER],
                expose_headers=[REQUEST_ID_HEADER],
            )
        api.add_middleware(CountTraffic, traffic=self.traffic, routes=frozenset(ROUTES))
        api.add_middleware(LogRequests, polls=POLLS)

    def _add_routes(self, api: FastAPI) -> None:
        predict = PredictRoute(self.settings, self.pool, self.traffic)
        files = DeviceFiles(self.device.choose_run)
        api.post(
            "/predict",
            response_model=PublicReading,
            responses={200: {"headers": _ID_HEADER}, **_errors(_PREDICT_ERRORS)},
            openapi_extra=REQUEST_BODY,
            tags=["Read"],
        )(predict.predict)
        WatchRoutes(self.pool, self.traffic).add_to(api)
        pages: dict[str, Callable[..., Any]] = {
            "/camera": camera_page,
            "/docs": api_page,
            FILES: page_file,
            DEVICE_MANIFEST: files.manifest,
            DEVICE_FILE: files.file,
            "/": start_page,
        }
        api.add_api_websocket_route(DEVICE_SOCKET, self.sockets.serve)
        for path, page in pages.items():
            api.add_api_route(path, page, methods=["GET", "HEAD"], include_in_schema=False)


def create_service(
    settings: ServiceSettings,
    open_recognizer: "Callable[[], LetterRecognizer]",
    open_detector: "Callable[[], HandDetector] | None" = None,
    device: DeviceSource | None = None,
    run: str = SHIPPED_RUN,
    pool: PicturePool | None = None,
) -> HttpService:
    """Build a service; nothing is loaded before it runs.

    `open_recognizer` is called in a thread: once, and again for each swap of the model. Each worker
    opens its own detector, by default MediaPipe's in photo mode. `device` tells how cameras that
    browsers read are served, by default with `run`, the name or folder of what `open_recognizer`
    opens. `pool` reads pictures elsewhere, in the place of threads.
    """
    shared = SharedRecognizer(open_recognizer)
    readers = pool or ReadingPool(
        shared, open_detector or _photo_detector, settings.workers, settings.queue_size
    )

    def renew() -> "LetterRecognizer":
        recognizer = readers.renew(open_recognizer)
        shared.replace(recognizer)
        return recognizer

    return HttpService(settings, readers, device or DeviceSource(shared, run), renew)


async def start_page(request: Request) -> Response:
    """Redirect to the camera page."""
    del request
    return RedirectResponse("camera")


def _photo_detector() -> "HandDetector":
    from asl_core.hands.detector import MediaPipeHandDetector

    return MediaPipeHandDetector("photo")


def _errors(meanings: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    return {
        status: {
            "model": refusals.ErrorAnswer,
            "description": meaning,
            "headers": _ID_HEADER,
        }
        for status, meaning in meanings.items()
    }
