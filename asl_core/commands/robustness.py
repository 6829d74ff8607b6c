"""`python -m asl_core robustness`: what darkness, blur, gloves and the like cost a run."""

from typing import Annotated

import typer

from asl_core.commands.measuring import (
    AsJson,
    Photos,
    PhotoSplit,
    RunName,
    Workers,
    measurement_of,
    photos_to_measure,
    progress_bar,
    tell_of,
)
from asl_core.commands.quiet_libraries import quiet_libraries


def robustness(
    run: RunName,
    photos: Photos,
    split: PhotoSplit = "test",
    photos_per_letter: Annotated[
        int | None,
        typer.Option(
            min=1, help="Read at most so many photos of each signer and letter; default all."
        ),
    ] = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Measure what a run withstands, on labelled photos of the 24 static letters.

    Each photo is read as it is, in low light, with motion blur, as JPEG of quality 20, with a hand
    of 40 pixels, turned by 30° to either side, mirrored, and with the colours of gloves, each time
    the whole way from the search for the hand on. What each costs is counted in points of
    accuracy, on the same photos. Nothing is drawn by chance anew: two calls give the same figures.

    Writes robustness.json to RUN/evaluations/PHOTOS-SPLIT, where the dashboard and the model card
    find it.

    For example:

        python -m asl_core robustness my-run --photos photos --split validation

        python -m asl_core robustness my-run --photos photos --split test --photos-per-letter 3
    """
    from rich.console import Console

    from asl_core.commands.result_tables import print_robustness
    from asl_core.evaluation import measurement
    from asl_core.evaluation.robustness import measure_robustness
    from asl_core.records.robustness_report import ROBUSTNESS_FILE
    from asl_core.records.training_run import EVALUATIONS_FOLDER, named_run

    chosen = named_run(run)
    limit = () if photos_per_letter is None else ("--photos-per-letter", str(photos_per_letter))
    with quiet_libraries(), progress_bar(Console(stderr=True), "distorting photos") as show:
        report = measure_robustness(
            measurement_of(
                "robustness",
                chosen,
                ("--photos", photos),
                split,
                measurement.load_photo_pipeline,
                workers,
                show,
                limit,
            ),
            photos_to_measure(chosen, photos, split),
            photos_per_letter,
        )
    path = chosen.folder / EVALUATIONS_FOLDER / f"{report.photo_set}-{split}" / ROBUSTNESS_FILE
    report.save(path)
    tell_of(report, report.photo_set, print_robustness, path, as_json)
