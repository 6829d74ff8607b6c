"""`python -m asl_core transcribe`: a video in, the spelled words with their times out."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.opened_pipeline import with_hand
from asl_core.commands.output_place import check_output_file, print_exactly
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import SettingsError
from asl_core.records.training_run import SHIPPED_RUN

if TYPE_CHECKING:
    from asl_core.frame_speller import FrameSpeller
    from asl_core.spelling.fluent.natural_reader import NaturalReader
    from asl_core.spelling.settings import SpellingSettings
    from asl_core.transcription import Progress, Transcription

MOST_MINUTES = 60.0


class OutputFormat(StrEnum):
    """What is written: the text alone, or letters or words with their times."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    SRT = "srt"


class Speed(StrEnum):
    """How long a letter is held, the names of SPELLING_PRESETS, and NATURAL: not at all."""

    BEGINNER = "beginner"
    STANDARD = "standard"
    FLUENT = "fluent"
    FAST = "fast"
    NATURAL = "natural"


@dataclass(frozen=True)
class _Reader:
    """What reads: a run, where it computes, and the file of the hand that it was taught."""

    model: str
    device: str | None
    hand: Path | None


def transcribe(
    video: Annotated[Path, typer.Argument(help="MP4, MOV, WebM, MKV or AVI file.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object; the same as --format json.")
    ] = False,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option("--format", help="Default: what the ending of --out says, else text."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file in place of stdout.")] = None,
    speed: Annotated[
        Speed, typer.Option(help="How long letters are held by this signer; natural: not at all.")
    ] = Speed.STANDARD,
    hold_seconds: Annotated[
        float | None, typer.Option(help="Hold time of a letter in place of the speed's own.")
    ] = None,
    model: Annotated[str, typer.Option(help="Name or folder of a run.")] = SHIPPED_RUN,
    device: Annotated[
        str | None, typer.Option(help="'cpu', 'cuda', 'mps' …; default: a GPU where there is one.")
    ] = None,
    max_minutes: Annotated[
        float, typer.Option(min=0.01, help="A longer video is refused.")
    ] = MOST_MINUTES,
    hand: Annotated[
        Path | None,
        typer.Option(help="File of the signer's own letters, made by `adapt`; not for natural."),
    ] = None,
) -> None:
    """Write down what a signer spells in a video, each letter with its time.

    A letter counts when it is held, but with --speed natural, which reads letters as people spell
    them, two to six a second; a lowered hand is a space. Progress, and what is to be said of
    the file, goes to stderr. A damaged or cut short video is read as far as it goes.

    For example:

        python -m asl_core transcribe spelling.mp4

        python -m asl_core transcribe spelling.mp4 --speed natural

        python -m asl_core transcribe spelling.mp4 --json > letters.json

        python -m asl_core transcribe spelling.mp4 --hand hand.json

        python -m asl_core transcribe spelling.mov --speed fluent --out spelling.srt
    """
    chosen = _chosen_format(as_json, output_format, out)
    settings = _settings(speed, hold_seconds)
    if hand is not None and settings is None:
        raise SettingsError("--hand and --speed natural do not go together.")
    if out is not None:
        check_output_file(out, "--out")
    with quiet_libraries():
        result = _read(video, settings, _Reader(model, device, hand), max_minutes)
    for note in result.notes:
        typer.secho(note, err=True, fg=typer.colors.YELLOW)
    content = _written(result, chosen)
    if out is None or not _is_written(content, out):
        print_exactly(content)
    else:
        typer.echo(f"{result.text}\nWritten to {out}.", err=True)


def _is_written(content: str, out: Path) -> bool:
    """Write to `out`; where that fails after all, say so, and the result is not lost."""
    try:
        out.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        sentence = f"{out} could not be written: {error.strerror}. The result is on stdout."
        typer.secho(sentence, err=True, fg=typer.colors.RED)
        return False
    return True


def _chosen_format(
    as_json: bool, output_format: OutputFormat | None, out: Path | None
) -> OutputFormat:
    if as_json:
        if output_format not in (None, OutputFormat.JSON):
            raise SettingsError(f"--json and --format {output_format} do not go together.")
        return OutputFormat.JSON
    if output_format is not None:
        return output_format
    ending = out.suffix.lower().removeprefix(".") if out is not None else ""
    return OutputFormat(ending) if ending in list(OutputFormat) else OutputFormat.TEXT


def _settings(speed: Speed, hold_seconds: float | None) -> "SpellingSettings | None":
    """Return how letters are held, None where they are spelled naturally."""
    from asl_core.spelling.settings import settings_of

    if speed is Speed.NATURAL:
        if hold_seconds is not None:
            raise SettingsError("--hold-seconds and --speed natural do not go together.")
        return None
    settings = settings_of(speed)
    return settings if hold_seconds is None else replace(settings, hold_seconds=hold_seconds)


def _written(result: "Transcription", output_format: OutputFormat) -> str:
    if output_format is OutputFormat.JSON:
        return json.dumps(result.as_json(), allow_nan=False) + "\n"
    if output_format is OutputFormat.CSV:
        return result.as_csv()
    return result.as_srt() if output_format is OutputFormat.SRT else f"{result.text}\n"


def _read(
    path: Path,
    settings: "SpellingSettings | None",
    reader: "_Reader",
    max_minutes: float,
) -> "Transcription":
    from asl_core.video_file import VideoLimits, open_video

    # Heavy libraries come later: a mistyped name must not wait for them.
    with open_video(path, limits=VideoLimits(most_seconds=max_minutes * 60)) as video:
        from asl_core.transcription import transcribe as transcribe_video

        with _open_speller(reader, settings) as speller, _progress_bar(path.name) as show:
            return transcribe_video(video, speller, show)


@contextmanager
def _open_speller(
    reader: "_Reader", settings: "SpellingSettings | None"
) -> Iterator["FrameSpeller"]:
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.transcription import shipped_motion_model, video_speller

    natural = _natural_reader() if settings is None else None
    loaded = LetterRecognizer.load(model_path(reader.model), reader.device)
    recognizer = with_hand(loaded, reader.hand)
    if settings is None:
        speller = video_speller(recognizer, motion=None, reader=natural)
    else:
        speller = video_speller(recognizer, shipped_motion_model(), settings)
    try:
        yield speller
    finally:
        speller.close()


def _natural_reader() -> "NaturalReader":
    from asl_core.spelling.fluent.model import FluentModel
    from asl_core.spelling.fluent.natural_reader import NaturalReader
    from asl_core.spelling.fluent.reader import FluentReader

    return NaturalReader(FluentReader(FluentModel.load()))


@contextmanager
def _progress_bar(name: str) -> Iterator[Callable[["Progress"], None]]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as ProgressBar

    columns = (
        TextColumn(f"Reading {escape(name)}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", style="bold"),
    )
    with ProgressBar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(progress: "Progress") -> None:
            total = 1.0 if progress.share is not None else None
            tail = progress.text[-30:]
            bar.update(task, completed=progress.share or 0.0, total=total, description=escape(tail))

        yield show
