"""`python -m asl_core own-hand`: what teaching the model one's own letters gives."""

import json
from dataclasses import asdict
from pathlib import Path
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
)
from asl_core.commands.quiet_libraries import quiet_libraries


def own_hand(
    run: RunName,
    photos: Photos,
    split: PhotoSplit = "test",
    workers: Workers = None,
    as_json: AsJson = False,
    page: Annotated[
        Path | None,
        typer.Option(help="Also write a page of all that was measured so, as docs/my-hand.md is."),
    ] = None,
) -> None:
    """Measure what it gives that a signer teaches the model their own letters.

    Each signer teaches two photos of each static letter, drawn three times from the first third of
    their photos; counted are the errors on the last third, before and after, on other signers'
    photos read with the same hand, and how often the hand is found not to be the taught one.

    Writes own-hand.json to RUN/evaluations/PHOTOS-SPLIT, where the dashboard and docs/my-hand.md
    find it.

    For example:

        python -m asl_core own-hand my-run --photos photos --split validation
    """
    from rich.console import Console

    from asl_core.evaluation.measurement import load_photo_pipeline
    from asl_core.evaluation.own_hand import measure_own_hand
    from asl_core.records.own_hand_page import own_hand_page, own_hand_table
    from asl_core.records.own_hand_report import OWN_HAND_FILE
    from asl_core.records.training_run import EVALUATIONS_FOLDER, named_run

    chosen = named_run(run)
    photo_set = photos_to_measure(chosen, photos, split)
    with quiet_libraries(), progress_bar(Console(stderr=True), "reading photos") as show:
        report = measure_own_hand(
            measurement_of(
                "own-hand", chosen, ("--photos", photos), split, load_photo_pipeline, workers, show
            ),
            photo_set,
        )
    path = chosen.folder / EVALUATIONS_FOLDER / f"{report.photo_set}-{split}" / OWN_HAND_FILE
    report.save(path)
    if page is not None:
        measured = [chosen.own_hand(name) for name in reversed(chosen.evaluations)]
        page.write_text(own_hand_page([r for r in measured if r is not None]), encoding="utf-8")
    typer.echo(json.dumps(asdict(report)) if as_json else own_hand_table(report))
    if not as_json:
        typer.echo(f"Written: {path}")
    if report.unreadable:
        raise typer.Exit(1)
