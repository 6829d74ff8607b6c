"""The replicas of Ray Serve, as a `ReplicaPool` wants them; and how they are deployed."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from asl_core.errors import AslError, SettingsError
from asl_core.scale.answers import ModelSummary, Refusal
from asl_core.scale.ray_session import ray_session, silence
from asl_core.scale.replica_settings import DEPLOYMENT, ReplicaSettings
from asl_core.scale.replicas import ReplicaLostError
from asl_core.service.reading_pool import PoolFullError
from asl_core.service.timed_reading import TimedReading

if TYPE_CHECKING:
    from asl_core.hands.detector import HandDetector
    from asl_core.letters.recognizer import LetterRecognizer

APPLICATION = "asl-readers"

_POLL_SECONDS = 0.2


def reader_deployment(
    settings: ReplicaSettings,
    open_recognizer: "Callable[[], LetterRecognizer]",
    open_detector: "Callable[[], HandDetector]",
) -> Any:
    """Return the Serve application of the readers; both functions travel to the replicas."""
    from ray import serve

    from asl_core.scale.reader import PictureReader

    deployment = serve.deployment(PictureReader).options(**settings.deployment_options())
    return deployment.bind(open_recognizer, open_detector, settings.workers)


class DeployedReaders:
    """Readers that this process deploys: on a Ray of its own, or on the cluster at an address."""

    def __init__(
        self,
        settings: ReplicaSettings,
        open_recognizer: "Callable[[], LetterRecognizer]",
        open_detector: "Callable[[], HandDetector]",
        address: str | None = None,
        application: str = APPLICATION,
    ) -> None:
        self._settings = settings
        self._open_recognizer = open_recognizer
        self._open_detector = open_detector
        self._address = address
        self._application = application
        self._stack = ExitStack()
        self._served: ServedReaders | None = None

    def open(self, is_wanted: Callable[[], bool]) -> None:
        """Start Ray and the replicas; wait until all that were asked for can answer.

        Raises:
            SettingsError: Ray cannot be started, or the cluster not reached.
            AslError: the replicas cannot be started.
        """
        self._stack.enter_context(ray_session(self._address, self._settings.cores))
        from ray import serve

        silence()
        serve.start(http_options={"location": "NoServer"}, logging_config=_quiet_logs())
        self._stack.callback(serve.delete, self._application)
        self._deploy(is_wanted)

    async def describe(self) -> ModelSummary | Refusal:
        """Ask a replica which model it reads with."""
        assert self._served is not None
        return await self._served.describe()

    async def read(self, data: bytes) -> TimedReading | Refusal:
        """Have a replica read a picture; see `Replicas.read`."""
        assert self._served is not None
        return await self._served.read(data)

    def renew(self) -> None:
        """Deploy once more: Serve starts new replicas and ends each old one when it is idle.

        Raises:
            AslError: the new ones cannot be started.
        """
        self._deploy(lambda: True)

    def slots(self) -> int:
        """Count the pictures that all running replicas read at a time."""
        assert self._served is not None
        return self._served.slots()

    def close(self) -> None:
        """End the replicas, and Ray where it was started here."""
        self._stack.close()

    def _deploy(self, is_wanted: Callable[[], bool]) -> None:
        from ray import serve

        target = serve.RunTarget(
            reader_deployment(self._settings, self._open_recognizer, self._open_detector),
            name=self._application,
            route_prefix=None,
            logging_config=_quiet_logs(),
        )
        (handle,) = serve.run_many([target], wait_for_applications_running=False)
        self._served = ServedReaders(handle, self._application, self._settings.workers)
        while is_wanted() and not self._served.is_running():
            time.sleep(_POLL_SECONDS)


def _quiet_logs() -> Any:
    from ray.serve.schema import LoggingConfig

    return LoggingConfig(log_level="ERROR", enable_access_log=False)


class ServedReaders:
    """Readers that run in an application of Ray Serve, reached by its handle."""

    def __init__(self, handle: Any, application: str, workers: int) -> None:
        self._handle = handle
        self._application = application
        self._workers = workers

    def open(self, is_wanted: Callable[[], bool]) -> None:
        """Wait until the readers can answer."""
        while is_wanted() and not self.slots():
            time.sleep(_POLL_SECONDS)

    async def describe(self) -> ModelSummary | Refusal:
        """Ask a replica which model it reads with."""
        described: ModelSummary | Refusal = await self._handle.describe.remote()
        return described

    async def read(self, data: bytes) -> TimedReading | Refusal:
        """Have a replica read a picture; see `Replicas.read`."""
        from ray.exceptions import RayActorError, RayTaskError
        from ray.serve.exceptions import BackPressureError, ReplicaUnavailableError

        try:
            answer: TimedReading | Refusal = await self._handle.read.remote(data)
        except BackPressureError as error:
            waiting = error.args[0]
            raise PoolFullError(
                f"{waiting} pictures are waiting already; try again soon."
            ) from None
        except (RayActorError, ReplicaUnavailableError) as error:
            raise ReplicaLostError(type(error).__name__) from None
        except RayTaskError as error:
            # As if it had been raised here; Ray's error has the replica's traceback in its text.
            raise error.cause from error
        return answer

    def is_running(self) -> bool:
        """Tell whether all replicas that were asked for can answer.

        Raises:
            AslError: they could not be started.
        """
        from ray import serve

        overview = serve.status().applications.get(self._application)
        if overview is None:
            return False
        if overview.status == "DEPLOY_FAILED":
            last = overview.message.strip().splitlines()[-1]
            raise AslError(f"Ray Serve could not start the readers: {last}")
        return bool(overview.status == "RUNNING")

    def slots(self) -> int:
        """Count the pictures that all running replicas read at a time."""
        from ray import serve

        overview = serve.status().applications.get(self._application)
        readers = overview.deployments.get(DEPLOYMENT) if overview else None
        return readers.replica_states.get("RUNNING", 0) * self._workers if readers else 0

    def renew(self) -> None:
        """Refuse: whoever deployed them renews them, by a change of the configuration.

        Raises:
            SettingsError: always.
        """
        raise SettingsError("These readers are renewed by deploying their application again.")

    def close(self) -> None:
        """Leave the readers to whoever deployed them."""
