"""`python -m asl_core evaluate`: how well a run reads labelled photos."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from asl_core.records.evaluation_report import EvaluationReport, Summary
    from asl_core.records.training_run import TrainingRun

MOST_WORKERS = 4
"""Processes by default; each needs about half a gigabyte of memory."""


def evaluate(
    run: Annotated[str, typer.Argument(help="Name of a run, or its folder.")],
    photos: Annotated[Path, typer.Option(help="Folder of labelled photos.")],
    split: Annotated[
        str, typer.Option(help="Which photos: a split's name, or 'all' for every photo.")
    ] = "test",
    workers: Annotated[
        int | None,
        typer.Option(min=1, help=f"Processes; default one per core, at most {MOST_WORKERS}."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON object.")
    ] = False,
) -> None:
    """Measure a run on labelled photos and keep the report in its folder.

    Every photo is read as a person's own photo would be: the hand is sought in the whole picture,
    and a photo without a found hand counts as wrong. The headline is the accuracy over the 24
    letters that a still picture shows completely; J and Z, which are motions, stand apart.

    Writes report.json, classification_report.txt, confusion_matrix.png and sample_predictions.png
    to RUN/evaluations/PHOTOS-SPLIT, where the dashboard finds them, and class_mapping.json and
    training_history.png to RUN. Photos that cannot be read are listed, and the exit status is
    then 1.

    For example:

        python -m asl_core evaluate my-run --photos photos --split validation

        python -m asl_core evaluate my-run --photos asl_alphabet_train --split all --json
    """
    from rich.console import Console

    from asl_core.evaluation.figures import write_report_files, write_run_files
    from asl_core.records.training_run import EVALUATIONS_FOLDER, REPORT_FILE, named_run

    chosen = named_run(run)
    # Worker processes inherit the quiet.
    with quiet_libraries(), _progress_bar(Console(stderr=True)) as show:
        report = _measured(chosen, photos, split, workers or _default_workers(), show)
    path = chosen.folder / EVALUATIONS_FOLDER / f"{report.photo_set}-{split}" / REPORT_FILE
    report.save(path)
    written = (path, *write_report_files(report, path.parent), *write_run_files(chosen))
    if as_json:
        typer.echo(json.dumps(_as_json(report, written), ensure_ascii=False))
    else:
        _print_report(report, written, Console())
    if report.unreadable:
        raise typer.Exit(1)


def _measured(
    run: "TrainingRun", photos: Path, split: str, workers: int, show: Callable[[int, int], None]
) -> "EvaluationReport":
    from asl_core.evaluation.measure import measure
    from asl_core.evaluation.photo_results import PipelinePool, load_photo_pipeline
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.photos.split import divide

    photo_set = read_photo_set(photos).require_sound()
    name = photos.resolve().name
    if run.division == "random" and run.config.get("photo_set") == name:
        # The run learnt from a random part of these photos: report on the part that was left.
        photo_set = divide(photo_set, "random")
    elif split not in ("all", *photo_set.splits):
        photo_set = divide(photo_set, "signer")
    # A report travels with the run, so an absolute path of this machine stays out of it.
    place = name if photos.is_absolute() else photos.as_posix()
    # The workers share the cores, so the network of each keeps to one.
    load = functools.partial(load_photo_pipeline, run.folder, threads=1)
    return measure(
        load_photo_pipeline(run.folder),
        photo_set,
        split,
        run.name,
        name,
        f"python -m asl_core evaluate {run.name} --photos {place} --split {split}",
        show,
        PipelinePool(load, workers) if workers > 1 else None,
    )


def _default_workers() -> int:
    return min(os.cpu_count() or 1, MOST_WORKERS)


@contextmanager
def _progress_bar(console: "Console") -> Iterator[Callable[[int, int], None]]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("reading photos", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _as_json(report: "EvaluationReport", written: tuple[Path, ...]) -> dict[str, object]:
    """Give what the report says of all photos, without the photos themselves."""
    values = asdict(report)
    for name in ("photos", "confusion", "classes", "calibration"):
        del values[name]
    return values | {"files": [str(path) for path in written]}


def _print_report(
    report: "EvaluationReport", written: tuple[Path, ...], console: "Console"
) -> None:
    console.print(f"\n[bold]{report.run}[/] on {report.photo_set}, split {report.split}")
    console.print(_summary_table(report))
    console.print(_signer_table(report))
    console.print(
        f"Expected calibration error {report.expected_calibration_error:.3f}: the mean gap "
        "between confidence and accuracy, for photos with a hand."
    )
    for entry in report.left_out:
        console.print(
            f"Left out: {entry.label!r}, a class that the model does not know "
            f"({entry.photos:,} photos)."
        )
    for sentence in report.unreadable:
        console.print(f"Not read: {sentence}", style="red", markup=False)
    console.print("\nWritten:")
    for path in written:
        console.print(f"  {path}", markup=False, highlight=False, soft_wrap=True)


def _summary_table(report: "EvaluationReport") -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        caption="precision, recall and F1 are means over the letters",
        caption_justify="left",
    )
    table.add_column("", no_wrap=True)
    for name in ("photos", "accuracy", "top 3", "precision", "recall", "F1", "no hand"):
        table.add_column(name, justify="right")
    rows: list[tuple[str, Summary | None]] = [
        ("static letters", report.static),
        ("J and Z", report.motion),
        ("all classes", report.overall),
    ]
    for name, summary in rows:
        if summary:
            shares = (
                summary.accuracy,
                summary.top3_accuracy,
                summary.macro_precision,
                summary.macro_recall,
                summary.macro_f1,
                summary.no_hand_rate,
            )
            table.add_row(name, f"{summary.photos:,}", *(f"{share:.1%}" for share in shares))
    return table


def _signer_table(report: "EvaluationReport") -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        "signer",
        box=SIMPLE_HEAD,
        pad_edge=False,
        title="Static letters by signer",
        title_justify="left",
    )
    for name in ("photos", "accuracy", "no hand"):
        table.add_column(name, justify="right")
    for score in report.sources:
        table.add_row(
            score.signer, f"{score.photos:,}", f"{score.accuracy:.1%}", f"{score.no_hand_rate:.1%}"
        )
    return table
