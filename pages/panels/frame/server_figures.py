"""This server's own figures: how many are live, how fast they are served, what memory it holds."""

import sys
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from asl_core.live.snapshot import LiveSnapshot

STAGES = ("receive", "detect", "classify", "draw", "spell")
"""Stages of a live frame in their order, as `LiveTimes` names them."""


class Visit(Protocol):
    """One visitor's camera and words."""

    def snapshot(self) -> "LiveSnapshot | None":
        """Return the state of the open camera, None without one."""
        ...


@dataclass(frozen=True)
class ServerFigures:
    """What the server does at one moment.

    `visitors` counts those with an open camera, `troubled` those of them who are shown that
    something went wrong. `frames_per_second` is of all of them together,
    `dropped` counts the frames that a newer one overtook since their cameras were opened.
    `stage_ms` is the mean of each of STAGES over the last two seconds, weighted by frames; empty
    while nobody is served. `memory_mb` is what the process holds, None where the system tells none.
    """

    visitors: int = 0
    troubled: int = 0
    frames_per_second: float = 0.0
    dropped: int = 0
    stage_ms: dict[str, float] = field(default_factory=dict)
    memory_mb: float | None = None


class LiveVisits:
    """The visits of this process, as long as somebody else holds them; thread-safe."""

    def __init__(self) -> None:
        self._visits: weakref.WeakSet[Visit] = weakref.WeakSet()

    def add(self, visit: Visit) -> None:
        """Count a visit from now on."""
        self._visits.add(visit)

    def figures(self) -> ServerFigures:
        """Sum up what all visits do at this moment."""
        snapshots = (visit.snapshot() for visit in tuple(self._visits))
        return summed_up([snapshot for snapshot in snapshots if snapshot is not None])


def summed_up(snapshots: "Iterable[LiveSnapshot]") -> ServerFigures:
    """Sum up the snapshots of all open cameras."""
    cameras = list(snapshots)
    moving = [camera for camera in cameras if camera.fps > 0]
    frames = sum(camera.fps for camera in moving)
    means = {
        stage: sum(getattr(camera.ms, stage) * camera.fps for camera in moving) / frames
        for stage in STAGES
        if frames
    }
    dropped = sum(camera.dropped for camera in cameras)
    troubled = sum(camera.error is not None for camera in cameras)
    return ServerFigures(len(cameras), troubled, frames, dropped, means, memory_mb())


def memory_mb() -> float | None:
    """Return the memory in MB that this process holds now; its most so far on macOS."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text("utf-8").splitlines()
        held = next((line for line in lines if line.startswith("VmRSS:")), None)
        return None if held is None else int(held.split()[1]) / 1024
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 1024


live_visits = LiveVisits()
"""The process's one."""
