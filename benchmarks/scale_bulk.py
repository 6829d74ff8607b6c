"""Does `predict --engine ray` read thousands of photos with flat memory, and go on after a kill?

    python -m benchmarks.scale_bulk --photos ../shared/photos --split train

Takes photos evenly from a split, reads them, kills every process in the middle (SIGKILL), goes on
with --resume, and looks at the memory every few seconds. Writes
benchmarks/results/scale_bulk.json, and docs/scale.md where benchmarks/scale.py has measured too.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import psutil
import pyarrow.parquet as pq
import typer

from asl_core.benchmark.machine_name import processor_name
from asl_core.errors import RunError
from asl_core.file_kinds import PICTURE_SUFFIXES
from asl_core.records.json_file import write_json
from asl_core.scale.table_parts import TableParts
from benchmarks.scale_page import write_page
from benchmarks.scale_report import BULK_FILE, BulkMoment, BulkReport, ScaleOrigin

LOOK_SECONDS = 5.0
ROOT = Path(__file__).parents[1]


def main(
    photos: Annotated[Path, typer.Option(help="Folder of labelled photos.")],
    split: Annotated[str, typer.Option(help="Which of them.")] = "train",
    count: Annotated[int, typer.Option(min=10)] = 3000,
    workers: Annotated[int, typer.Option(min=1, max=16)] = 2,
) -> None:
    """Measure and write the report."""
    command = (
        f"python -m benchmarks.scale_bulk --photos DIR --split {split} --count {count} "
        f"--workers {workers}"
    )
    where = origin_now(command)
    with tempfile.TemporaryDirectory(prefix="asl-bulk-") as folder:
        report = measured(where, evenly(photos / split, count), workers, Path(folder))
    write_json(BULK_FILE, asdict(report))
    write_page()
    typer.echo(f"{report.rows} rows of {report.photos} photos in {report.seconds:.0f} s")


def origin_now(command: str) -> ScaleOrigin:
    """Describe this moment and machine."""
    return ScaleOrigin(
        command=command,
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load_average=round(os.getloadavg()[0], 1),
        ray=version("ray"),
    )


def evenly(folder: Path, count: int) -> list[Path]:
    """Choose `count` pictures below a folder, spread evenly over it.

    Raises:
        RunError: it holds fewer.
    """
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURE_SUFFIXES)
    if len(found) < count:
        raise RunError(f"{folder} holds {len(found)} pictures, fewer than {count}.")
    return [found[number * len(found) // count] for number in range(count)]


def measured(where: ScaleOrigin, photos: Sequence[Path], workers: int, folder: Path) -> BulkReport:
    """Read the photos, killing everything once in the middle."""
    pictures, out = folder / "photos", folder / "letters.parquet"
    pictures.mkdir()
    for number, photo in enumerate(photos):
        (pictures / f"{number:05}{photo.suffix}").symlink_to(photo.resolve())
    parts, started = TableParts(out), time.monotonic()
    moments: list[BulkMoment] = []
    with reading(pictures, out, workers) as process:
        while process.poll() is None and safe_pictures(parts) < len(photos) // 2:
            moments.append(moment(process.pid, started, parts))
            time.sleep(LOOK_SECONDS)
        kill_all(process.pid)
    killed_after = safe_pictures(parts)
    with reading(pictures, out, workers, "--resume") as process:
        while process.poll() is None:
            moments.append(moment(process.pid, started, parts))
            time.sleep(LOOK_SECONDS)
        told = process.communicate()[0]
    table = pq.read_table(out)
    return BulkReport(
        origin=where,
        photos=len(photos),
        workers=workers,
        seconds=round(time.monotonic() - started, 1),
        killed_after=killed_after,
        before=int(told.split(" of them before")[0].rsplit(" ", 1)[1]),
        rows=len(table),
        paths=len(set(table["path"].to_pylist())),
        errors=len(table) - table["error"].null_count,
        moments=tuple(m for m in moments if m.processes),
    )


@contextlib.contextmanager
def reading(
    pictures: Path, out: Path, workers: int, *more: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run the command; end it where something goes wrong here."""
    words = ["predict", str(pictures), "--engine", "ray", "--out", str(out)]
    command = [sys.executable, "-m", "asl_core", *words, "--workers", str(workers), *more]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_all(process.pid)
        process.wait(60)


def kill_all(pid: int) -> None:
    """Kill a process and its children as a power cut would."""
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in [*parent.children(recursive=True), parent]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def safe_pictures(parts: TableParts) -> int:
    """Count the pictures in finished parts."""
    return sum(pq.read_metadata(part).num_rows for part in parts.parts())


def moment(pid: int, started: float, parts: TableParts) -> BulkMoment:
    """Ask for the memory of a process and its children, each without what it shares."""
    used, count = 0, 0
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                memory = process.memory_info()
                used, count = used + memory.rss - memory.shared, count + 1
    seconds = time.monotonic() - started
    return BulkMoment(round(seconds, 1), safe_pictures(parts), round(used / 2**20, 1), count)


if __name__ == "__main__":
    typer.run(main)
