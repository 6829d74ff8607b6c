"""`python -m asl_core evaluate`: how well a run reads labelled photos."""

import functools
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.engine import Engine, EngineChoice, chosen_spread
from asl_core.commands.measuring import (
    AsJson,
    Photos,
    PhotoSplit,
    RunName,
    Workers,
    measurement_of,
    photos_to_measure,
    progress_bar,
)
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import SettingsError

if TYPE_CHECKING:
    from asl_core.evaluation.measurement import Spread
    from asl_core.records.evaluation_report import EvaluationReport
    from asl_core.records.training_run import TrainingRun


def evaluate(
    run: RunName,
    photos: Photos,
    split: PhotoSplit = "test",
    workers: Workers = None,
    picture_only: Annotated[
        bool, typer.Option(help="Leave out the landmark network; kept as PHOTOS-SPLIT-picture.")
    ] = False,
    division: Annotated[
        str | None,
        typer.Option(
            help="How photos without splits are divided: 'signer', 'random' or 'random-80-20'; "
            "default as the run's training did, else by signer."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="What the report is kept as below the run; default PHOTOS-SPLIT."),
    ] = None,
    as_json: AsJson = False,
    engine: EngineChoice = Engine.THREADS,
    ray_address: Annotated[
        str | None, typer.Option(help="Ray: a cluster, such as auto; default: this machine.")
    ] = None,
) -> None:
    """Measure a run on labelled photos and keep the report in its folder.

    Every photo is read as a person's own photo would be: the hand is sought in the whole picture,
    and a photo without a found hand counts as wrong. The headline is the accuracy over the 24
    letters that a still picture shows completely; J and Z, which are motions, stand apart, and so
    do del, nothing and space.

    Writes report.json, classification_report.txt, confusion_matrix.png and sample_predictions.png
    to RUN/evaluations/PHOTOS-SPLIT, where the dashboard finds them, and class_mapping.json and
    training_history.png to RUN. Photos that cannot be read are listed, and the exit status is
    then 1.

    For example:

        python -m asl_core evaluate my-run --photos photos --split validation

        python -m asl_core evaluate my-run --photos asl_alphabet_train --split all --json

        python -m asl_core evaluate my-run --photos photos --engine ray --ray-address auto
    """
    from rich.console import Console

    from asl_core.commands.result_tables import print_report, print_robustness
    from asl_core.evaluation.figures import write_report_files, write_run_files
    from asl_core.records.training_run import (
        EVALUATIONS_FOLDER,
        PICTURE_ONLY_ENDING,
        REPORT_FILE,
        named_run,
    )

    if name is not None and (not name or Path(name).name != name or name.startswith(".")):
        raise SettingsError(f"{name!r} is no name of a folder; choose one such as 'photos-test'.")
    spread = chosen_spread(engine, ray_address)
    chosen = named_run(run)
    # Worker processes inherit the quiet.
    with quiet_libraries(), progress_bar(Console(stderr=True), "reading photos") as show:
        report = _measured(
            chosen, photos, split, division, name, workers, picture_only, show, spread
        )
    kept = name or f"{report.photo_set}-{split}{PICTURE_ONLY_ENDING if picture_only else ''}"
    path = chosen.folder / EVALUATIONS_FOLDER / kept / REPORT_FILE
    report.save(path)
    written = (path, *write_report_files(report, path.parent), *write_run_files(chosen))
    if as_json:
        typer.echo(json.dumps(_as_json(report, written)))
    else:
        print_report(report, written, Console())
        robustness = chosen.robustness(kept)
        if robustness:
            print_robustness(robustness, Console())
    if report.unreadable:
        raise typer.Exit(1)


def _measured(
    run: "TrainingRun",
    photos: Path,
    split: str,
    division: str | None,
    name: str | None,
    workers: int | None,
    picture_only: bool,
    show: Callable[[int, int], None],
    spread: "Spread | None",
) -> "EvaluationReport":
    from asl_core.evaluation import measurement
    from asl_core.evaluation.accuracy import measure_accuracy

    more = (
        *(("--division", division) if division else ()),
        *(["--picture-only"] * picture_only),
        *(("--name", name) if name else ()),
        *(("--engine", "ray") if spread else ()),
    )
    return measure_accuracy(
        measurement_of(
            "evaluate",
            run,
            ("--photos", photos),
            split,
            functools.partial(measurement.load_photo_pipeline, picture_only=picture_only),
            workers,
            show,
            more,
            spread,
        ),
        photos_to_measure(run, photos, split, division),
    )


def _as_json(report: "EvaluationReport", written: tuple[Path, ...]) -> dict[str, object]:
    """Return what the report says of all photos, without the photos themselves."""
    values = asdict(report)
    for name in ("photos", "confusion", "classes", "calibration"):
        del values[name]
    return values | {"files": [str(path) for path in written]}
