"""What would it take to serve many visitors? Worked out from what was measured on one machine.

    python -m benchmarks.cost

Reads benchmarks/results/live-speed.json, start-up.json, device-load.json, service_load.json and
scale.json, and writes docs/cost.md. Other visits than the supposed ones are options.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from asl_core.errors import AslError, RunError
from asl_core.records.json_file import read_json
from benchmarks.device_report import LOAD_FILE, RESULTS, LoadReport
from benchmarks.live_report import REPORT_FILE as LIVE_FILE
from benchmarks.live_report import read_report
from benchmarks.scale_report import SERVICE_FILE as SCALE_FILE
from benchmarks.start_up import read_start_up
from pages.panels.live.camera.webrtc_patches import MAX_KBIT

PAGE_FILE = Path(__file__).parents[1] / "docs" / "cost.md"
SERVICE_FILE = RESULTS / "service_load.json"
VISITORS_A_DAY = (100, 10_000, 1_000_000)

_PROCESS_CORES = 1.0
"""A process of the dashboard spends about one core: Python's lock."""


@dataclass(frozen=True)
class Visits:
    """What a day is supposed to be.

    A visitor stays `minutes`; `busiest_share` of a day's visits fall into its busiest hour; cores
    are bought so that they are busy for `busy_share` then. `photos` is how many a visitor sends
    to the service on a day.
    """

    minutes: float = 10.0
    busiest_share: float = 0.12
    busy_share: float = 0.6
    photos: float = 10.0

    def at_once(self, visitors_a_day: int) -> float:
        """Return how many are there at once in the busiest hour."""
        return visitors_a_day * self.busiest_share * self.minutes / 60


@dataclass(frozen=True)
class SourceCost:
    """What one visitor of a source takes of the server, and the command that measured it.

    `kbit` goes there and back together; `base_mib` is a process without visitors.
    """

    name: str
    cores: float
    base_mib: float
    memory_mib: float
    kbit: float
    command: str


@dataclass(frozen=True)
class Fleet:
    """What a number of visitors at once needs."""

    visitors: float
    cores: float
    processes: int
    memory_gib: float
    mbit: float


def sources() -> tuple[SourceCost, SourceCost]:
    """Return the costs of live video and of *On this device*.

    Raises:
        RunError: something was not measured yet.
    """
    speed, start, device = read_report().speed, read_start_up(), LoadReport.load(LOAD_FILE)
    one = next((r for r in speed.rounds if len(r.visitors) == 1), None) if speed else None
    if speed is None or one is None:
        raise RunError(f"{LIVE_FILE.name} has no figures of one visitor; measure them first.")
    alone, first, second = start.memory_mib
    video = SourceCost(
        "Live video",
        one.server_cores,
        alone,
        max(second - first, 0.0),
        2.0 * MAX_KBIT,
        f"{speed.origin.command}`, `{start.origin.command}",
    )
    each = device.server_cores / device.visitors
    sent = device.sent / device.due
    kbit = (device.message_bytes + device.answer_bytes) * device.rate * 8 / 1000
    on_device = SourceCost(
        # Where fewer frames were sent than were due, the rest would have cost as much.
        "On this device",
        each / sent,
        alone,
        device.memory_per_visitor_mb,
        kbit,
        device.command,
    )
    return video, on_device


@dataclass(frozen=True)
class PhotoCost:
    """Core seconds that a photo at `/predict` takes with an engine of the service."""

    engine: str
    core_seconds: float
    command: str


def engines() -> tuple[PhotoCost, ...]:
    """Return what a photo takes with threads, and with the most replicas that were measured.

    All cores were busy with the service and with its clients, so it is at most that.

    Raises:
        RunError: something was not measured yet.
    """
    threads, scale = read_json(SERVICE_FILE), read_json(SCALE_FILE)
    replicas = scale["loads"][-1]
    return (
        PhotoCost(
            "Threads",
            float(threads["cores"]) / float(threads["requests_per_second"]),
            "python -m benchmarks.service_load",
        ),
        PhotoCost(
            str(replicas["engine"]),
            float(scale["origin"]["cores"]) / float(replicas["requests_per_second"]),
            str(scale["origin"]["command"]),
        ),
    )


def fleet(source: SourceCost, at_once: float, visits: Visits) -> Fleet:
    """Return what `at_once` visitors of a source need, in whole processes."""
    cores = at_once * source.cores / visits.busy_share
    processes = max(1, math.ceil(cores / _PROCESS_CORES))
    memory = processes * source.base_mib + at_once * source.memory_mib
    return Fleet(at_once, cores, processes, memory / 1024, at_once * source.kbit / 1000)


def markdown(visits: Visits) -> str:
    """Write the whole page.

    Raises:
        RunError: something was not measured yet.
    """
    rows, photos = sources(), engines()
    told = "; ".join(f"{e.engine} {e.core_seconds:.3f} (`{e.command}`)" for e in photos)
    return (
        "\n\n".join(
            [
                "# What it takes to serve many",
                "Made by `benchmarks/cost.py` from the reports beside it; not written by hand. "
                "One machine was measured and the rest is multiplied: no larger installation ran.",
                "## Supposed",
                f"A visitor stays {visits.minutes:g} minutes and is read all the while; "
                f"{visits.busiest_share:.0%} of a day's visits fall into its busiest hour; "
                f"cores are busy for {visits.busy_share:.0%} then; a visitor of the service "
                f"sends {visits.photos:g} photos a day. A process holds its models once and keeps "
                f"about {_PROCESS_CORES:g} core busy. Other suppositions are options of "
                "`python -m benchmarks.cost`.",
                "## Measured, for each visitor at once",
                "\n".join(
                    [
                        "| source | cores | memory | traffic, both ways | by |",
                        "| --- | ---: | ---: | ---: | --- |",
                        *(
                            f"| {s.name} | {s.cores:.3f} | {s.memory_mib:.1f} MiB | "
                            f"{'at most ' if s.kbit > 1000 else ''}{s.kbit:,.0f} kbit/s | "
                            f"`{s.command}` |"
                            for s in rows
                        ),
                    ]
                ),
                f"A process without visitors holds {rows[0].base_mib:.0f} MiB. A photo at "
                f"`/predict` takes at most these core seconds, its client's among them: {told}. "
                "The two come from runs of their own under other loads; [scale.md](scale.md) "
                "compares engines in one. The traffic of live video is what the encoders are "
                "allowed, not what was sent. GPUs were not measured.",
                "## Visitors a day",
                "\n".join(
                    [
                        "| a day | source | at once | cores | processes | memory | traffic |",
                        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
                        *(
                            _row(number, source, fleet(source, visits.at_once(number), visits))
                            for number in VISITORS_A_DAY
                            for source in rows
                        ),
                    ]
                ),
                "\n".join(
                    [
                        "| visitors a day | photos a second at `/predict`, busiest hour | "
                        + " | ".join(f"cores: {e.engine}" for e in photos)
                        + " |",
                        "| ---: | ---: |" + " ---: |" * len(photos),
                        *(_photos(number, photos, visits) for number in VISITORS_A_DAY),
                    ]
                ),
            ]
        )
        + "\n"
    )


def _row(number: int, source: SourceCost, needs: Fleet) -> str:
    return (
        f"| {number:,} | {source.name} | {needs.visitors:,.1f} | {needs.cores:,.1f} | "
        f"{needs.processes:,} | {needs.memory_gib:,.1f} GiB | {needs.mbit:,.1f} Mbit/s |"
    )


def _photos(number: int, photos: tuple[PhotoCost, ...], visits: Visits) -> str:
    rate = number * visits.photos * visits.busiest_share / 3600
    cores = (f"{rate * photo.core_seconds / visits.busy_share:,.1f}" for photo in photos)
    return f"| {number:,} | {rate:,.2f} | {' | '.join(cores)} |"


def main(
    minutes: Annotated[float, typer.Option(min=0.1, max=1440, help="Of a visit.")] = 10.0,
    busiest_share: Annotated[
        float, typer.Option(min=0.01, max=1, help="Of a day's visits, in its busiest hour.")
    ] = 0.12,
    busy_share: Annotated[float, typer.Option(min=0.05, max=1, help="Of the cores then.")] = 0.6,
    photos: Annotated[float, typer.Option(min=0, help="A visitor sends on a day.")] = 10.0,
    output: Annotated[Path, typer.Option(help="The page.")] = PAGE_FILE,
) -> None:
    """Work it out and write the page."""
    try:
        page = markdown(Visits(minutes, busiest_share, busy_share, photos))
    except AslError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    output.write_text(page, encoding="utf-8")
    typer.echo(f"{page}\nWritten: {output}")


if __name__ == "__main__":
    typer.run(main)
