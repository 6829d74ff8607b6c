"""What a `ReplicaPool` asks of readers in other processes; known without Ray."""

from collections.abc import Callable
from typing import Protocol

from asl_core.errors import AslError
from asl_core.scale.answers import ModelSummary, Refusal
from asl_core.service.timed_reading import TimedReading


class ReplicaLostError(AslError):
    """The replica that had a picture ended."""


class Replicas(Protocol):
    """What a `ReplicaPool` stands before; `DeployedReaders` are those of Ray Serve."""

    def open(self, is_wanted: Callable[[], bool]) -> None:
        """Start the replicas and wait until one can answer, or nobody wants it any more.

        Raises:
            AslError: they cannot be started.
        """

    async def describe(self) -> ModelSummary | Refusal:
        """Ask a replica which model it reads with."""

    async def read(self, data: bytes) -> TimedReading | Refusal:
        """Have a replica decode and read an encoded picture.

        Raises:
            ReplicaLostError: it ended, perhaps in the middle of this picture.
            PoolFullError: as many pictures wait as may wait.
        """

    def renew(self) -> None:
        """Put new replicas, which load the model anew, in the place of the present ones.

        Each of these ends once what it reads is answered.

        Raises:
            AslError: they cannot be started.
        """

    def slots(self) -> int:
        """Count the pictures that all replicas together read at a time."""

    def close(self) -> None:
        """End the replicas."""
