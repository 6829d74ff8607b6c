"""What commands on photos share: options, which photos, processes, progress bar, the last words."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from asl_core.errors import SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from asl_core.evaluation.measurement import Measurement, Spread
    from asl_core.photos.photo_set import PhotoSet
    from asl_core.records.robustness_report import RobustnessReport
    from asl_core.records.scenes_report import ScenesReport
    from asl_core.records.training_run import TrainingRun

ReportT = TypeVar("ReportT", "RobustnessReport", "ScenesReport")
Loaded = TypeVar("Loaded")

MOST_WORKERS = 4
"""Processes by default; each needs about half a gigabyte of memory."""

RunName = Annotated[str, typer.Argument(help="Name of a run, or its folder.")]
Photos = Annotated[Path, typer.Option(help="Folder of labelled photos.")]
PhotoSplit = Annotated[
    str, typer.Option(help="Which photos: a split's name, or 'all' for every photo.")
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help=f"Processes; default one per core, at most {MOST_WORKERS}."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def photos_to_measure(
    run: "TrainingRun", photos: Path, split: str, division: str | None = None
) -> "PhotoSet":
    """Read a sound photo set, divided so that the run has learnt from no photo it is measured on.

    Raises:
        PhotoSetError: the folder holds no sound photo set.
        SettingsError: `division` would mix photos in that the run knows.
    """
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.photos.split import divide

    photo_set = read_photo_set(photos).require_sound()
    name = photos.resolve().name
    if run.division != "signer" and run.config.get("photo_set") == name:
        if division not in (None, run.division):
            raise SettingsError(
                f"{run.name} learnt from a part of {name} that was divided {run.division!r}; "
                f"divided {division!r} the others would hold photos it knows."
            )
        # The run learnt from a random part of these photos: report on the part that was left.
        photo_set = divide(photo_set, run.division)  # type: ignore[arg-type]
    elif division is not None:
        photo_set = divide(photo_set, division)  # type: ignore[arg-type]
    elif split not in ("all", *photo_set.splits):
        photo_set = divide(photo_set, "signer")
    return photo_set


def measurement_of(
    command: str,
    run: "TrainingRun",
    material: tuple[str, Path],
    split: str,
    load: Callable[..., Loaded],
    workers: int | None,
    progress: Callable[[int, int], None],
    more: tuple[str, ...] = (),
    spread: "Spread | None" = None,
) -> "Measurement[Loaded]":
    """Set up what `command` measures of a run, on `material`: the option's name and its folder.

    `load(folder, threads=...)` makes what reads the pictures. `workers` None stands for
    `default_workers`, `more` are further words of the command that reproduces the report. `spread`
    is what the workers are; by default processes of this machine.
    """
    from asl_core.evaluation.measurement import Measurement, in_processes

    workers = workers or default_workers()
    return Measurement(
        run=run,
        material=material[1].resolve().name,
        split=split,
        command=reproducing(command, run, material, split, *more),
        load=functools.partial(load, run.folder, threads=threads_of(workers)),
        workers=workers,
        progress=progress,
        spread=spread or in_processes,
    )


def reproducing(
    command: str, run: "TrainingRun", material: tuple[str, Path], split: str, *more: str
) -> str:
    """Write the command that reproduces a report; `material` is the option and its folder."""
    option, folder = material
    words = ("python -m asl_core", command, run.name, option, plain_place(folder), "--split", split)
    return " ".join((*words, *more))


def plain_place(folder: Path) -> str:
    """Name a folder for a report, which travels: an absolute path of this machine stays out."""
    return folder.resolve().name if folder.is_absolute() else folder.as_posix()


def default_workers() -> int:
    """Return one process per core, at most MOST_WORKERS."""
    return min(os.cpu_count() or 1, MOST_WORKERS)


def threads_of(workers: int) -> int | None:
    """Return how many threads a network gets: one where workers share the cores, else torch's."""
    return 1 if workers > 1 else None


@contextmanager
def progress_bar(console: "Console", words: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with `words` before it; yield the function that takes (done, total)."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def tell_of(
    report: ReportT,
    heading: str,
    print_tables: Callable[[ReportT, "Console"], None],
    path: Path,
    as_json: bool,
) -> None:
    """Print a report that was written to `path`: its tables below `heading`, or one JSON object.

    Raises:
        typer.Exit: a picture could not be read; the exit status is 1.
    """
    from rich.console import Console

    if as_json:
        typer.echo(json.dumps(asdict(report)))
    else:
        console = Console()
        console.print(f"\n[bold]{report.run}[/] on {heading}, split {report.split}")
        print_tables(report, console)
        for sentence in report.unreadable:
            console.print(f"Not read: {sentence}", style="red", markup=False)
        console.print(f"Written: {path}", markup=False, soft_wrap=True)
    if report.unreadable:
        raise typer.Exit(1)
