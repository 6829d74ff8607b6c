"""How many replicas read, and what each of them has; known without Ray."""

from dataclasses import dataclass
from typing import Any

from asl_core.errors import SettingsError

DEPLOYMENT = "reader"
MOST_REPLICAS = 1000

_READ_AHEAD = 1  # the next picture is there when a detector becomes free
_UPSCALE_SECONDS, _DOWNSCALE_SECONDS = 5.0, 120.0
_HEALTH_SECONDS = 2.0
_STOP_SECONDS = 20.0


@dataclass(frozen=True)
class ReplicaSettings:
    """How many replicas read, and what each of them has.

    There are `replicas`, or between that and `most` where `most` is larger: as many as keep each
    replica's detectors busy. A replica has `workers` detectors, each with a processor core, and the
    share `gpus` of a GPU, on which it classifies in half precision; 0: on its cores. At most
    `queue_size` pictures wait before the replicas.

    Raises:
        SettingsError: a value is out of its range.
    """

    replicas: int = 1
    most: int | None = None
    workers: int = 1
    gpus: float = 0.0
    queue_size: int = 16

    def __post_init__(self) -> None:
        if not 1 <= self.replicas <= MOST_REPLICAS:
            raise SettingsError(f"replicas is {self.replicas}; allowed are 1 to {MOST_REPLICAS}.")
        if self.most is not None and not self.replicas <= self.most <= MOST_REPLICAS:
            raise SettingsError(
                f"max replicas is {self.most}; allowed are {self.replicas} (the replicas at the "
                f"start) to {MOST_REPLICAS}."
            )
        # Ray gives shares of one GPU, or whole ones.
        if self.gpus < 0 or (self.gpus > 1 and self.gpus % 1):
            raise SettingsError(
                f"gpus per replica is {self.gpus:g}; allowed are 0 to 1, or a whole number."
            )

    @property
    def device(self) -> str:
        """Where a replica classifies."""
        return "cuda" if self.gpus else "cpu"

    @property
    def cores(self) -> int:
        """Cores that the replicas take at most."""
        return (self.most or self.replicas) * self.workers

    def deployment_options(self) -> dict[str, Any]:
        """Return the options of Ray Serve's deployment."""
        options: dict[str, Any] = {
            "name": DEPLOYMENT,
            "max_ongoing_requests": self.workers + _READ_AHEAD,
            "max_queued_requests": self.queue_size,
            "ray_actor_options": {"num_cpus": self.workers, "num_gpus": self.gpus},
            "health_check_period_s": _HEALTH_SECONDS,
            "graceful_shutdown_timeout_s": _STOP_SECONDS,
        }
        if self.most is None or self.most == self.replicas:
            return options | {"num_replicas": self.replicas}
        scaling = {
            "min_replicas": self.replicas,
            "max_replicas": self.most,
            "target_ongoing_requests": self.workers,
            "upscale_delay_s": _UPSCALE_SECONDS,
            "downscale_delay_s": _DOWNSCALE_SECONDS,
        }
        return options | {"autoscaling_config": scaling}
