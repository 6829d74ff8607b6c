"""`python -m asl_core scenes`: which letters a run reads where nobody raises a hand."""

import functools
from pathlib import Path
from typing import Annotated

import typer

from asl_core.commands.measuring import (
    MOST_WORKERS,
    default_workers,
    progress_bar,
    reproducing,
    tell_of,
    threads_of,
)
from asl_core.commands.quiet_libraries import quiet_libraries


def scenes(
    run: Annotated[str, typer.Argument(help="Name of a run, or its folder.")],
    scenes: Annotated[
        Path, typer.Option(help="Folder of pictures without a raised hand, with backgrounds.csv.")
    ],
    split: Annotated[str, typer.Option(help="Which scenes, as backgrounds.csv names them.")] = (
        "test"
    ),
    workers: Annotated[
        int | None,
        typer.Option(min=1, help=f"Processes; default one per core, at most {MOST_WORKERS}."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON object.")
    ] = False,
) -> None:
    """Count the letters that a run reads in empty scenes; the fewer, the better.

    Each scene is read as a person's photo is, and then shown for two seconds to a fresh camera
    run with the live page's rules. Counted apart: a hand was found; a letter was named, however
    unsure; a letter was named as sure; a letter was written.

    Writes scenes.json to RUN/evaluations/SCENES-SPLIT, where the dashboard and the model card
    find it.

    For example:

        python -m asl_core scenes my-run --scenes backgrounds --split test
    """
    from rich.console import Console

    from asl_core.commands.result_tables import print_scenes
    from asl_core.evaluation import scene_readings
    from asl_core.evaluation.measurement import Measurement
    from asl_core.photos.scene_set import read_scenes
    from asl_core.records.scenes_report import SCENES_FILE
    from asl_core.records.training_run import EVALUATIONS_FOLDER, named_run

    chosen = named_run(run)
    listed = read_scenes(scenes, split)
    workers = workers or default_workers()
    with quiet_libraries(), progress_bar(Console(stderr=True), "reading scenes") as show:
        report = scene_readings.measure_scenes(
            Measurement(
                run=chosen,
                material=scenes.resolve().name,
                split=split,
                command=reproducing("scenes", chosen, ("--scenes", scenes), split),
                load=functools.partial(
                    scene_readings.load_scene_reader, chosen.folder, threads=threads_of(workers)
                ),
                workers=workers,
                progress=show,
            ),
            listed,
        )
    path = chosen.folder / EVALUATIONS_FOLDER / f"{report.scenes}-{split}" / SCENES_FILE
    report.save(path)
    tell_of(report, report.scenes, print_scenes, path, as_json)
