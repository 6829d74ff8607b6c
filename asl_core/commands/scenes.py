"""`python -m asl_core scenes`: which letters a run reads where nobody raises a hand."""

from pathlib import Path
from typing import Annotated

import typer

from asl_core.commands.measuring import (
    AsJson,
    RunName,
    Workers,
    measurement_of,
    progress_bar,
    tell_of,
)
from asl_core.commands.quiet_libraries import quiet_libraries


def scenes(
    run: RunName,
    scenes: Annotated[
        Path, typer.Option(help="Folder of pictures without a raised hand, with backgrounds.csv.")
    ],
    split: Annotated[str, typer.Option(help="Which scenes, as backgrounds.csv names them.")] = (
        "test"
    ),
    workers: Workers = None,
    as_json: AsJson = False,
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
    from asl_core.photos.scene_set import read_scenes
    from asl_core.records.scenes_report import SCENES_FILE
    from asl_core.records.training_run import EVALUATIONS_FOLDER, named_run

    chosen = named_run(run)
    listed = read_scenes(scenes, split)
    with quiet_libraries(), progress_bar(Console(stderr=True), "reading scenes") as show:
        report = scene_readings.measure_scenes(
            measurement_of(
                "scenes",
                chosen,
                ("--scenes", scenes),
                split,
                scene_readings.load_scene_reader,
                workers,
                show,
            ),
            listed,
        )
    path = chosen.folder / EVALUATIONS_FOLDER / f"{report.scenes}-{split}" / SCENES_FILE
    report.save(path)
    tell_of(report, report.scenes, print_scenes, path, as_json)
