"""The whole service as an application of Ray Serve, for a cluster that brings its own HTTP proxies.

deploy/kuberay.yaml names `asl_core.scale.application:build`; so does `serve run`.
"""

import functools
from typing import Any

from pydantic import BaseModel, ConfigDict
from ray import serve

from asl_core.errors import SettingsError
from asl_core.records.training_run import SHIPPED_RUN
from asl_core.scale import opening
from asl_core.scale.deployed_readers import ServedReaders, reader_deployment
from asl_core.scale.replica_pool import ReplicaPool
from asl_core.scale.replica_settings import ReplicaSettings
from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings

FRONT = "front"
MOST_REQUESTS = 500
"""Requests that the front answers at a time; the service's own limits refuse sooner."""


class ScaleArguments(BaseModel):
    """What a Serve configuration may set as `args`; see ReplicaSettings.

    Limits of the HTTP front come from ASL_SERVICE_* in its environment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = SHIPPED_RUN
    replicas: int = 1
    max_replicas: int | None = None
    workers: int = 1
    gpus_per_replica: float = 0.0


class Front:
    """A replica that holds the HTTP contract and has pictures read by the readers."""

    def __init__(self, readers: Any, model: str, workers: int) -> None:
        settings = ServiceSettings.from_environment()
        application = serve.get_replica_context().app_name
        served = ServedReaders(readers, application, workers)
        self._service = create_service(
            settings,
            functools.partial(opening.open_recognizer, model, None, None),
            run=model,
            pool=ReplicaPool(served, settings.queue_size),
        )

    def __serve_build_asgi_app__(self) -> Any:
        """Return what Serve's HTTP proxies pass requests and sockets to."""
        return self._service.api

    def check_health(self) -> None:
        """Tell Serve to start another front where the model could not be loaded.

        Raises:
            SettingsError: so it is.
        """
        if self._service.pool.failure is not None:
            raise SettingsError(f"The model could not be loaded: {self._service.pool.failure}")


def build(args: ScaleArguments) -> Any:
    """Return the Serve application: one front, whose metrics count all, and the readers.

    Raises:
        SettingsError: a value is out of its range.
    """
    limits = ServiceSettings.from_environment()
    chosen = ReplicaSettings(
        replicas=args.replicas,
        most=args.max_replicas,
        workers=args.workers,
        gpus=args.gpus_per_replica,
        queue_size=limits.queue_size,
    )
    open_recognizer = functools.partial(
        opening.open_recognizer, args.model, chosen.device, args.workers
    )
    readers = reader_deployment(chosen, open_recognizer, opening.open_photo_detector)
    front = serve.deployment(serve.ingress()(Front)).options(
        name=FRONT, num_replicas=1, max_ongoing_requests=MOST_REQUESTS
    )
    return front.bind(readers, args.model, args.workers)
