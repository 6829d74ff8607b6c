"""Where a command reads: in this process and its threads, or on Ray."""

import functools
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asl_core.errors import SettingsError

if TYPE_CHECKING:
    from asl_core.evaluation.measurement import Spread
    from asl_core.scale.replica_pool import ReplicaPool
    from asl_core.service.settings import ServiceSettings


class Engine(StrEnum):
    """What reads the pictures; `threads` stands for all that this machine does without Ray."""

    THREADS = "threads"
    RAY = "ray"


EngineChoice = Annotated[
    Engine, typer.Option(help="Read on this machine alone, or with Ray, also on a cluster.")
]


def refuse_without_ray(**given: Any) -> None:
    """Refuse options of Ray where another engine was chosen.

    Raises:
        SettingsError: one of them was given.
    """
    for name, value in given.items():
        if value not in (None, False):
            raise SettingsError(f"--{name.replace('_', '-')} needs --engine ray.")


def chosen_spread(engine: Engine, address: str | None) -> "Spread | None":
    """Return what spreads a measurement over Ray, or None for processes of this machine.

    Raises:
        SettingsError: Ray is not installed, or an address was given without it.
    """
    if engine is Engine.THREADS:
        refuse_without_ray(ray_address=address)
        return None
    from asl_core.scale.ray_session import require_ray
    from asl_core.scale.ray_spread import RaySpread

    require_ray()
    return RaySpread(address)


def replica_pool(
    model: str,
    settings: "ServiceSettings",
    device: str | None,
    replicas: int | None,
    most: int | None,
    gpus: float | None,
    address: str | None,
) -> "ReplicaPool":
    """Make the pool of a service that reads with Ray; nothing is started yet.

    Raises:
        SettingsError: Ray is not installed, or a value is out of its range.
    """
    from asl_core.scale import opening
    from asl_core.scale.deployed_readers import DeployedReaders
    from asl_core.scale.ray_session import require_ray
    from asl_core.scale.replica_pool import ReplicaPool
    from asl_core.scale.replica_settings import ReplicaSettings

    require_ray()
    chosen = ReplicaSettings(
        replicas=1 if replicas is None else replicas,
        most=most,
        workers=settings.workers,
        gpus=gpus or 0.0,
        queue_size=settings.queue_size,
    )
    open_recognizer = functools.partial(
        opening.open_recognizer,
        opening.travelling_name(model),
        device or chosen.device,
        chosen.workers,
    )
    readers = DeployedReaders(chosen, open_recognizer, opening.open_photo_detector, address)
    return ReplicaPool(readers, chosen.queue_size)
