"""Counts what happens at the service, for Prometheus."""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette._utils import get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
OTHER_ROUTE = "other"
"""Stands for addresses and methods that do not exist: strangers make no new time series."""

_KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
BROKEN_STATUS = 500
"""Of a request that broke down before its answer began."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

# Half as many lines, and nobody asks when a count began.
disable_created_metrics()  # type: ignore[no-untyped-call]


def known_method(scope: Scope) -> str:
    """Return the method of a request, OTHER_ROUTE for one that a client made up."""
    method = str(scope["method"])
    return method if method in _KNOWN_METHODS else OTHER_ROUTE


class LiveFigures(Protocol):
    """What the dashboard beside the service does for live visitors at one moment."""

    @property
    def visitors(self) -> int:
        """Visitors with an open camera."""

    @property
    def troubled(self) -> int:
        """Those of them who are shown that something went wrong."""

    @property
    def frames_per_second(self) -> float:
        """Frames read a second, of all of them together."""

    @property
    def dropped(self) -> int:
        """Frames that a newer one overtook since their cameras were opened."""

    @property
    def stage_ms(self) -> dict[str, float]:
        """Mean milliseconds of each stage of a frame over the last two seconds."""


class _LiveCollector(Collector):
    """Asks for the live figures at each scrape."""

    def __init__(self, figures: Callable[[], LiveFigures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._figures()
        for name, told, value in (
            ("visitors", "Live visitors with an open camera.", now.visitors),
            ("troubled_visitors", "Live visitors who are shown a trouble.", now.troubled),
            ("frames_per_second", "Live frames read a second.", now.frames_per_second),
            ("dropped_frames", "Live frames overtaken, of open cameras.", now.dropped),
        ):
            yield GaugeMetricFamily(f"asl_live_{name}", told, value=value)
        stages = GaugeMetricFamily(
            "asl_live_stage_seconds", "Mean time of a live frame in each stage.", labels=("stage",)
        )
        for stage, milliseconds in now.stage_ms.items():
            stages.add_metric((stage,), milliseconds / 1e3)
        yield stages


class _ModelCollector(Collector):
    """Names the model at each scrape, so that a swap leaves no series of the old one."""

    def __init__(self, model: Callable[[], tuple[str, str] | None]) -> None:
        self._model = model

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauge = GaugeMetricFamily(
            "asl_model_info", "The model that pictures are read with.", labels=("name", "digest")
        )
        now = self._model()
        if now is not None:
            gauge.add_metric(now, 1)
        yield gauge


class Traffic:
    """The service's metrics; each service has its own registry, so that they share no counts."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self.requests = Counter(
            "asl_requests", "Requests answered.", ("method", "route", "status"), registry=registry
        )
        self.request_seconds = Histogram(
            "asl_request_seconds",
            "Time from a request's start to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.stage_seconds = Histogram(
            "asl_stage_seconds",
            "Time of a picture in each stage: wait in the queue, decode, detect, classify.",
            ("stage",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "asl_requests_in_flight", "Requests being answered.", registry=registry
        )
        self.queue_length = Gauge(
            "asl_queue_length", "Pictures that wait for a worker.", registry=registry
        )
        self.retried = Gauge(
            "asl_retried_pictures",
            "Pictures that a second reader got, as the first one ended.",
            registry=registry,
        )
        self.ready = Gauge("asl_ready", "1 when the model is loaded.", registry=registry)
        self.rejected = Counter(
            "asl_rejected",
            "Requests to /predict refused, by reason.",
            ("reason",),
            registry=registry,
        )
        self.pictures = Counter(
            "asl_pictures",
            "Pictures read, by whether a hand was found.",
            ("hand",),
            registry=registry,
        )
        self.device_sockets = Gauge(
            "asl_device_sockets",
            "Open sockets of browsers that read their own camera.",
            registry=registry,
        )
        self.swaps = Counter(
            "asl_model_swaps",
            "Swaps of the model, by their result.",
            ("result",),
            registry=registry,
        )
        ProcessCollector(registry=registry)

    def watch_model(self, model: Callable[[], tuple[str, str] | None]) -> None:
        """Tell name and digest of the model; `model` is asked at each scrape, None without one."""
        self._registry.register(_ModelCollector(model))

    def watch_live(self, figures: Callable[[], LiveFigures]) -> None:
        """Tell the live figures of the dashboard, too; `figures` is asked at each scrape."""
        self._registry.register(_LiveCollector(figures))

    def as_text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return bytes(generate_latest(self._registry))


class CountTraffic:
    """ASGI middleware that counts and times requests by route, method and status."""

    def __init__(self, app: ASGIApp, traffic: Traffic, routes: frozenset[str]) -> None:
        self._app = app
        self._traffic = traffic
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = BROKEN_STATUS

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        path = get_route_path(scope)  # without a prefix of the server
        route = path if path in self._routes else OTHER_ROUTE
        method = known_method(scope)
        with self._traffic.in_flight.track_inprogress():
            try:
                await self._app(scope, receive, noted)
            finally:
                seconds = time.perf_counter() - started
                self._traffic.requests.labels(method, route, str(status)).inc()
                self._traffic.request_seconds.labels(route).observe(seconds)
