"""`python -m asl_core photos`: gets a photo set and says what is wrong with it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.measuring import AsJson

if TYPE_CHECKING:
    from asl_core.hands.detector import HandDetector

app = typer.Typer(no_args_is_help=True, help="Check a set of labelled photos, or download one.")


@app.command()
def check(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="A folder with a photos.csv, or the Kaggle ASL Alphabet.",
            show_default=False,
        ),
    ],
    as_json: AsJson = False,
    no_hands: Annotated[
        bool, typer.Option("--no-hands", help="Do not look for hands; much quicker.")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="Look for hands in this many photos, by turns of each signer."),
    ] = None,
) -> None:
    """Decode and compare all photos of DIR, look for hands in them, and report.

    Reported are the photos per class, source and signer; unreadable pictures; empty and unknown
    class folders; signers in two splits; files that repeat one of another split, to the byte or
    nearly, or that have two labels; and in how many photos a hand is found.

    DIR holds SPLIT/SIGNER/LABEL/* with a photos.csv, or asl_alphabet_train/CLASS/*. The exit
    status is 1 if there is any problem; nothing is changed or left out in silence.

    For example:

        python -m asl_core photos check photos --no-hands

        python -m asl_core photos check photos --sample 500

        python -m asl_core photos check photos --json > check.json
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    from asl_core.commands.photo_tables import print_check
    from asl_core.commands.quiet_libraries import quiet_libraries
    from asl_core.photos.check import check_photo_set
    from asl_core.photos.photo_set import read_photo_set

    photos = read_photo_set(folder)
    stages = ("photos",) if no_hands else ("photos", "hands")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with (
        quiet_libraries(),
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        tasks = {stage: progress.add_task(stage, total=None) for stage in stages}

        def show(stage: str, done: int, total: int) -> None:
            progress.update(tasks[stage], completed=done, total=total)

        found = check_photo_set(
            photos, None if no_hands else _detector_class(), sample, progress=show
        )
    if as_json:
        typer.echo(json.dumps(found.as_json(), allow_nan=False))
    else:
        print_check(found)
    if not found.is_sound:
        raise typer.Exit(1)


@app.command()
def download(
    to: Annotated[
        Path | None, typer.Option(help="Folder for the photos; default is kagglehub's cache.")
    ] = None,
) -> None:
    """Download the Kaggle ASL Alphabet: 87,000 photos of one signer, 29 classes, about 1 GB.

    It is the set that most published recognizers learn from and are measured on. All photos are
    of one signer, so what is learnt from it alone reads strangers poorly. Kaggle may ask for
    credentials: create a token at https://www.kaggle.com/settings and set KAGGLE_API_TOKEN.

    For example:

        python -m asl_core photos download

        python -m asl_core photos download --to kaggle
    """
    from asl_core.photos.download import download_kaggle_set
    from asl_core.photos.photo_set import read_photo_set

    folder = download_kaggle_set(to)
    photos = read_photo_set(folder)
    typer.echo(f"{folder} has {len(photos.photos):,} photos of {len(photos.labels)} classes.")
    typer.echo(f'Check it: python -m asl_core photos check "{folder}" --sample 500')


def _detector_class() -> "type[HandDetector]":
    from asl_core.hands.detector import MediaPipeHandDetector

    return MediaPipeHandDetector
