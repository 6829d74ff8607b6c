"""What monitors ask: whether the process lives, whether it can read, and its figures."""

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from asl_core.service import refusals
from asl_core.service.picture_pool import PicturePool
from asl_core.service.predict_route import not_ready_sentence
from asl_core.service.reading_pool import PoolNotReadyError
from asl_core.service.side_routes import HEALTH
from asl_core.service.traffic import CONTENT_TYPE, Traffic

READY, METRICS = "/readyz", "/metrics"
POLLS = frozenset((HEALTH, READY, METRICS))
"""Asked for again and again: logged at DEBUG only."""


class HealthAnswer(BaseModel):
    """The process is alive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["alive"] = "alive"


class ReadyAnswer(BaseModel):
    """The model is loaded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["ready"] = "ready"
    model: str = Field(description="Name of the model.")
    model_version: str = Field(
        description="Version of this package that trained the model; empty where none is known."
    )
    model_digest: str = Field(
        description="SHA-256 of the model's weights in hexadecimal; empty where none is known."
    )


class WatchRoutes:
    """The three routes of monitors."""

    def __init__(self, pool: PicturePool, traffic: Traffic) -> None:
        self._pool = pool
        self._traffic = traffic

    def add_to(self, api: FastAPI) -> None:
        """Add them to an application, for GET and for HEAD."""
        api.get(HEALTH, response_model=HealthAnswer, tags=["Watch"])(self.alive)
        not_ready = {"description": "The model is loading or could not be loaded."}
        api.get(
            READY,
            response_model=ReadyAnswer,
            responses={503: {"model": refusals.ErrorAnswer, **not_ready}},
            tags=["Watch"],
        )(self.ready)
        text: dict[str, Any] = {"content": {"text/plain": {"schema": {"type": "string"}}}}
        api.get(METRICS, response_class=Response, responses={200: text}, tags=["Watch"])(
            self.metrics
        )
        # Monitors often ask for the head alone; the server leaves the body out.
        for path, answer in ((HEALTH, self.alive), (READY, self.ready), (METRICS, self.metrics)):
            api.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False)

    async def alive(self) -> HealthAnswer:
        """Report that the process is alive, whether or not it can read yet."""
        return HealthAnswer()

    async def ready(self) -> ReadyAnswer:
        """Report whether the model is loaded, and which one it is."""
        self._pool.start()
        try:
            model = self._pool.recognizer
        except PoolNotReadyError:
            sentence = not_ready_sentence(self._pool)
            raise refusals.RefusalError(
                refusals.NOT_NOW, sentence, "not_ready", {"Retry-After": "3"}
            ) from None
        return ReadyAnswer(model=model.name, model_version=model.version, model_digest=model.digest)

    async def metrics(self) -> Response:
        """Return the service's metrics in Prometheus' text format."""
        return Response(self._traffic.as_text(), media_type=CONTENT_TYPE)
