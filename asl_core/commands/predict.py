"""`python -m asl_core predict`: pictures in, letters out."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.engine import Engine, EngineChoice, refuse_without_ray
from asl_core.commands.opened_pipeline import open_pipeline
from asl_core.commands.predict_table import table_place, write_table
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.photo_reading import PictureResult, public_line, read_pictures
from asl_core.records.training_run import SHIPPED_RUN

if TYPE_CHECKING:
    from rich.text import Text

    from asl_core.frame_pipeline import FrameReading
    from asl_core.letters.adaptation.whose_hand import WhoseHand
    from asl_core.letters.recognizer import LetterRecognizer

SHOWN_LABELS = 3
SHOWN_NAMES = 10


def predict(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Pictures, or folders to search for pictures."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line on stdout, at once.")
    ] = False,
    run: Annotated[
        str, typer.Option(help="Name or folder of a run, or a reference checkpoint (.pth).")
    ] = SHIPPED_RUN,
    device: Annotated[
        str | None, typer.Option(help="'cpu', 'cuda', 'mps' …; default: a GPU where there is one.")
    ] = None,
    hand: Annotated[
        Path | None, typer.Option(help="File of one person's own letters, made by `adapt`.")
    ] = None,
    engine: EngineChoice = Engine.THREADS,
    out: Annotated[
        Path | None, typer.Option(help="Ray: the table to write, FILE.parquet or FILE.csv.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Ray: go on after a kill with what was read.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Ray: processes that read; default one per core.")
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option(help="Ray: a cluster, such as auto; default: this machine.")
    ] = None,
) -> None:
    """Read the letter in photos of a hand.

    A folder is searched with all folders in it. Where no hand is found no letter is guessed, but
    a model that was made for whole pictures names one for any picture, and the answer says so. A
    picture that cannot be read is reported, the others go on, and the exit status is 1.

    For example:

        python -m asl_core predict hand.jpg

        python -m asl_core predict photos/ --json > letters.jsonl

        python -m asl_core predict hand.jpg --run best_model.pth

        python -m asl_core predict photos/ --hand hand.json

        python -m asl_core predict photos/ --engine ray --out letters.parquet --resume
    """
    from asl_core.letters.adaptation.whose_hand import STRANGER, WhoseHand

    if engine is Engine.RAY:
        place = table_place(out, as_json=as_json, hand=hand)
    else:
        refuse_without_ray(out=out, resume=resume, workers=workers, ray_address=ray_address)
    pictures = find_pictures(paths)
    for sentence in passed_over(paths):
        typer.secho(sentence, err=True, fg=typer.colors.YELLOW)
    if engine is Engine.RAY:
        write_table(pictures, place, run, device, workers, ray_address, resume)
        return
    whose = WhoseHand()
    with quiet_libraries(), open_pipeline(run, device, hand) as pipeline:
        results = watched(read_pictures(pipeline, pictures), whose)
        failures = (
            _print_json(results, pipeline.recognizer)
            if as_json
            else _print_table(results, len(pictures))
        )
    if whose.seems_another:
        typer.secho(STRANGER, err=True, fg=typer.colors.YELLOW)
    if failures:
        raise typer.Exit(1)


def watched(results: Iterable[PictureResult], whose: "WhoseHand") -> Iterator[PictureResult]:
    """Pass results on, and let `whose` see how near each hand is to the taught one."""
    for result in results:
        whose.see(result.reading.prediction if result.reading is not None else None)
        yield result


def find_pictures(paths: Iterable[Path]) -> list[tuple[Path, str | None]]:
    """List the pictures at `paths`, those of a folder sorted, each with its error or None.

    A folder is searched with all below it for the endings of what the decoder reads.
    """
    from asl_core.file_kinds import PICTURE_SUFFIXES

    found: list[tuple[Path, str | None]] = []
    for path in paths:
        if not path.is_dir():
            found.append((path, None if path.exists() else f"{path} does not exist."))
            continue
        inside = [file for file in _files_in(path) if file.suffix.lower() in PICTURE_SUFFIXES]
        found += [(file, None) for file in inside]
        if not inside:
            found.append((path, f"{path} holds no picture ({', '.join(PICTURE_SUFFIXES)})."))
    return found


def passed_over(paths: Iterable[Path]) -> Iterator[str]:
    """Yield a sentence for each folder in which other files than pictures lie."""
    from asl_core.file_kinds import PICTURE_SUFFIXES

    for path in paths:
        others = [file for file in _files_in(path) if file.suffix.lower() not in PICTURE_SUFFIXES]
        if not others:
            continue
        names = ", ".join(str(file.relative_to(path)) for file in others[:SHOWN_NAMES])
        more = f" and {len(others) - SHOWN_NAMES} more" if len(others) > SHOWN_NAMES else ""
        yield f"{path}: not read, as their endings are not those of pictures: {names}{more}."


def _files_in(folder: Path) -> list[Path]:
    """List the files in a folder and below it, without hidden ones; none where it is a file."""
    if not folder.is_dir():
        return []
    found = (file for file in folder.rglob("*") if not file.name.startswith("."))
    return sorted(file for file in found if file.is_file())


def _print_json(results: Iterable[PictureResult], recognizer: "LetterRecognizer") -> int:
    """Print one line a picture and return the number of those that could not be read."""
    failures = 0
    for result in results:
        if result.note:
            typer.secho(result.note, err=True, fg=typer.colors.YELLOW)
        # Not pydantic's own JSON: it has no escape for file names that are not UTF-8.
        line = public_line(result, recognizer).model_dump()
        print(json.dumps(line, allow_nan=False), flush=True)
        failures += result.error is not None
    return failures


def _print_table(results: Iterable[PictureResult], count: int) -> int:
    """Print a table of the readings, the errors on stderr; return the number of errors."""
    from rich import box
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    errors = Console(stderr=True)
    table = Table("Picture", "Letter", "Confidence", "Then", "Hand", "ms", box=box.SIMPLE_HEAD)
    table.columns[0].overflow = "fold"
    failures = 0
    shown = track(
        results, "Reading", total=count, console=errors, transient=True, disable=count < 2
    )
    for result in shown:
        if result.reading is None:
            failures += 1
            errors.print(result.error, markup=False, highlight=False, soft_wrap=True)
        else:
            if result.note:
                errors.print(result.note, style="yellow", markup=False, highlight=False)
            table.add_row(*_cells(result.path, result.reading))
    if table.row_count:
        Console().print(table)
    return failures


def _cells(path: Path, reading: "FrameReading") -> "tuple[Text, str, str, str, str, str]":
    from rich.text import Text

    # Names that are not UTF-8 would break the terminal's encoder.
    name = Text(os.fsencode(path).decode(errors="replace"))
    duration = f"{reading.ms.total:.0f}"
    if reading.prediction is None:
        return name, "-", "", "no hand found", "", duration
    best, *others = reading.prediction.top(SHOWN_LABELS)
    then = "  ".join(f"{scored.label} {scored.confidence:.0%}" for scored in others)
    hand = "whole picture"
    if reading.detection is not None:
        hand = reading.detection.handedness.lower()
        if reading.detection.hands_seen > 1:
            hand += f" (largest of {reading.detection.hands_seen})"
    return name, best.label, f"{best.confidence:.0%}", then, hand, duration
