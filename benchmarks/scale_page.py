"""Writes docs/scale.md from what benchmarks/scale.py and benchmarks/scale_bulk.py measured."""

import re
from collections.abc import Sequence

from asl_core.records.json_file import build, read_json
from benchmarks.scale_report import (
    BULK_FILE,
    PAGE_FILE,
    SERVICE_FILE,
    BulkMoment,
    BulkReport,
    KilledReplica,
    ScaleOrigin,
    ScaleReport,
)

SETTLED_SHARE = 0.2
"""Of each start's pictures; memory is judged after them, when all processes have begun to read."""

FLAT_SHARE = 0.1
"""Memory is flat where its highest value is no further above the settled mean."""

ROWS = 12
_MEASURED = re.compile(r"(?<=<!-- measured -->\n).*", re.DOTALL)


def write_page() -> None:
    """Write what was measured into the page, below its mark; the text above is a person's."""
    parts = ["## Measured"]
    if SERVICE_FILE.exists():
        parts += service_parts(build(ScaleReport, read_json(SERVICE_FILE)))
    if BULK_FILE.exists():
        parts += bulk_parts(build(BulkReport, read_json(BULK_FILE)))
    page = PAGE_FILE.read_text(encoding="utf-8")
    measured = "\n" + "\n\n".join(parts) + "\n"
    PAGE_FILE.write_text(_MEASURED.sub(lambda _: measured, page), encoding="utf-8")


def service_parts(report: ScaleReport) -> list[str]:
    """Write the tables of the service."""
    headings = [
        "| | answers | right letter | per second | p50 | p95 | p99 |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    rows = [
        f"| {load.engine} | {_statuses(load.statuses)} | {load.right_letters} "
        f"| **{load.requests_per_second:.1f}** | {load.p50_ms:.0f} ms | {load.p95_ms:.0f} ms "
        f"| {load.p99_ms:.0f} ms |"
        for load in report.loads
    ]
    seconds = report.loads[0].seconds
    return [
        "### The service",
        f"{_origin(report.origin)} {report.clients} clients at once for {seconds:.0f} s, each "
        "sending its next 640x480 picture when the last one was answered, on the same cores; one "
        "engine after the other, each thread and each replica with one detector.",
        "\n".join([*headings, *rows]),
        kill_sentence(report.killed),
    ]


def kill_sentence(killed: KilledReplica) -> str:
    """Say what a kill did."""
    back = (
        f"Two replicas ran again after {killed.back_s:.0f} s."
        if killed.back_s is not None
        else "**Two replicas did not run again in time.**"
    )
    lost = "none was lost" if not killed.lost else f"**{killed.lost} were lost**"
    return (
        f"One of two replicas was killed (SIGKILL) {killed.killed_at_s:.0f} s into a load of "
        f"{killed.seconds:.0f} s. Of {killed.requests} requests {killed.answered} were answered "
        f"with a reading ({killed.retried} of them or of the refused had a second reader), "
        f"{killed.unavailable} with 503 and Retry-After, and {lost}. {back}"
    )


def bulk_parts(report: BulkReport) -> list[str]:
    """Write the table of the bulk reading."""
    first, second = starts_of(report)
    headings = ["| after | photos | memory | processes |", "|---:|---:|---:|---:|"]
    rows = [
        f"| {m.seconds:.0f} s | {m.pictures:,} | {m.memory_mib:,.0f} MiB | {m.processes} |"
        for m in spread_out(report.moments, ROWS)
    ]
    verdicts = [
        f"{name}: {_flatness(moments)}"
        for name, moments in (("Until the kill", first), ("After it", second))
        if moments
    ]
    return [
        "### A folder",
        f"{_origin(report.origin)} {report.photos:,} photos in {report.workers} processes, "
        f"{report.seconds:.0f} s with both starts. Every process was killed (SIGKILL) when "
        f"{report.killed_after:,} photos were in finished parts; `--resume` found "
        f"{report.before:,} of them and read the rest. The table has {report.rows:,} rows of "
        f"{report.paths:,} different photos, {report.errors} of which could not be read.",
        "Memory of all processes together, Ray's own among them, without what they share:",
        "\n".join([*headings, *rows]),
        " ".join(verdicts),
    ]


def starts_of(report: BulkReport) -> tuple[list[BulkMoment], list[BulkMoment]]:
    """Return the moments of both starts in which all processes read: see SETTLED_SHARE."""
    half, total = report.killed_after, report.photos
    first = [m for m in report.moments if SETTLED_SHARE * half <= m.pictures < half]
    since = half + SETTLED_SHARE * (total - half)
    return first, [m for m in report.moments if m.pictures >= since]


def is_flat(moments: Sequence[BulkMoment]) -> bool:
    """Tell whether memory stayed near the mean of the first quarter of the moments."""
    return _highest(moments) <= _beginning(moments) * (1 + FLAT_SHARE)


def spread_out(moments: Sequence[BulkMoment], count: int) -> list[BulkMoment]:
    """Choose `count` moments, the first and the last among them."""
    if len(moments) <= count:
        return list(moments)
    return [moments[round(n * (len(moments) - 1) / (count - 1))] for n in range(count)]


def _flatness(moments: Sequence[BulkMoment]) -> str:
    word = "flat" if is_flat(moments) else "**not flat**"
    return f"{_beginning(moments):,.0f} MiB, at most {_highest(moments):,.0f} MiB later: {word}."


def _beginning(moments: Sequence[BulkMoment]) -> float:
    quarter = moments[: max(1, len(moments) // 4)]
    return sum(moment.memory_mib for moment in quarter) / len(quarter)


def _highest(moments: Sequence[BulkMoment]) -> float:
    return max(moment.memory_mib for moment in moments)


def _statuses(statuses: dict[str, int]) -> str:
    return ", ".join(f"{count} x {status}" for status, count in statuses.items())


def _origin(origin: ScaleOrigin) -> str:
    return (
        f"`{origin.command}`, {origin.date}: {origin.processor}, {origin.cores} cores, load "
        f"average {origin.load_average:.1f} before the start, Ray {origin.ray}."
    )
