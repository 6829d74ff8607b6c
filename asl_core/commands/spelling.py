"""`python -m asl_core spelling`: trains and measures the reader of letters that are not held."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.measuring import Photos, plain_place
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.commands.spelling_training import Sequences, ablation, train
from asl_core.errors import SettingsError
from asl_core.folders import MODELS_FOLDER
from asl_core.records.fluent_report import FLUENT_EVALUATIONS_FOLDER, FLUENT_TRAINING_FILE
from asl_core.records.training_run import SHIPPED_RUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from asl_core.frame_pipeline import FramePipeline
    from asl_core.records.fluent_report import FluentReport
    from asl_core.spelling.fluent.reader import FluentReader

app = typer.Typer(no_args_is_help=True, help="Train and measure the reader of natural spelling.")
app.command()(train)
app.command()(ablation)

SHIPPED = MODELS_FOLDER / "fluent-spelling"

FASTEST = 4.0


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of landmark sequences (.npz) and videos.")],
    as_json: Annotated[
        bool, typer.Option("--json", help='Print {"cer", "words_right", "sequences"} alone.')
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Score the suggested words in place of what was read.")
    ] = False,
    speed: Annotated[
        float, typer.Option(help="Play so many times as fast as signed, 0.25 to 4.")
    ] = 1.0,
    model: Annotated[Path, typer.Option(help="Folder of a fluent model.")] = SHIPPED,
    recognizer: Annotated[
        str, typer.Option(help="Run that names the letters in videos.")
    ] = SHIPPED_RUN,
    save: Annotated[
        str | None, typer.Option(help="Keep the report with the model under this name.")
    ] = None,
) -> None:
    """Read sequences of natural spelling and compare the letters with their texts.

    A landmark sequence holds its text. A video spells what its name says, up to the ending, or
    what `texts.csv` beside it says (columns `file` and `text`). Letters alone are compared.

    For example:

        python -m asl_core spelling evaluate sequences --json

        python -m asl_core spelling evaluate sequences --words --speed 1.5
    """
    if not 1 / FASTEST <= speed <= FASTEST:
        raise SettingsError(f"--speed is {speed}; allowed are {1 / FASTEST} to {FASTEST}.")
    with quiet_libraries():
        report = _measured(folder, model, recognizer, speed)
    _keep(report, model, save)
    if as_json:
        typer.echo(json.dumps(report.as_answer(words)))
    else:
        _print(report, words)


@app.command("made-up")
def made_up(
    photos: Photos,
    sequences: Sequences,
    crops: Annotated[Path, typer.Option(help="Where cut crops are kept.")] = Path("runs/crops"),
    split: Annotated[str, typer.Option(help="Signers whose hands spell.")] = "validation",
    model: Annotated[Path, typer.Option(help="Folder of a fluent model.")] = SHIPPED,
    recognizer: Annotated[
        str, typer.Option(help="Run whose report tells what is read on the photos.")
    ] = SHIPPED_RUN,
    each: Annotated[int, typer.Option(help="Words at each speed, and names.")] = 30,
    held: Annotated[int, typer.Option(help="Photographed hands that are held.")] = 300,
    minutes: Annotated[float, typer.Option(help="Minutes of hands that do not spell.")] = 10.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same sequences.")] = 0,
    save: Annotated[
        str | None, typer.Option(help="Keep the report with the model under this name.")
    ] = None,
) -> None:
    """Read made-up sequences of signers who were left out of training.

    Words at several speeds, names, held letters where the photo is read right, and hands that do
    not spell.

    For example:

        python -m asl_core spelling made-up sequences.npz --photos photos --save made-up
    """
    from asl_core.commands.spelling_material import made_up_sequences
    from asl_core.evaluation.fluent.measure import Measurement, measured

    with quiet_libraries():
        shown = made_up_sequences(
            photos, crops, split, sequences, recognizer, (each, held), minutes, seed
        )
        make_reader = _reader_maker(model)
    command = (
        f"python -m asl_core spelling made-up {plain_place(sequences)} "
        f"--photos {plain_place(photos)} "
        f"--split {split} --each {each} --held {held} --minutes {minutes:g} --seed {seed}"
    )
    about = Measurement(model.name, f"{split} signers", command, is_made_up=True)
    report = measured(shown, make_reader, about)
    _keep(report, model, save)
    _print_groups(report)


def _reader_maker(model: Path) -> "Callable[[], FluentReader]":
    from asl_core.spelling.fluent.model import FluentModel
    from asl_core.spelling.fluent.reader import FluentReader
    from asl_core.spelling.fluent.word_choice import WordChoice
    from asl_core.spelling.word_list import known_words

    loaded, choice = FluentModel.load(model), WordChoice(known_words())
    return lambda: FluentReader(loaded, choice)


def _measured(folder: Path, model: Path, recognizer: str, speed: float) -> "FluentReport":
    from asl_core.evaluation.fluent.measure import Measurement, folder_sequences, measured

    command = f"python -m asl_core spelling evaluate {plain_place(folder)}"
    command += f" --speed {speed:g}" if speed != 1 else ""
    sequences = folder_sequences(
        folder,
        _PipelineMaker(recognizer),
        speed,
        lambda file: typer.echo(f"Reading {file}", err=True),
    )
    about = Measurement(model.name, folder.name, command, times_as_fast=speed)
    return measured(sequences, _reader_maker(model), about)


class _PipelineMaker:
    """Loads the recognizer with the first video; a folder of landmarks needs none."""

    def __init__(self, recognizer: str) -> None:
        self._name = recognizer
        self._loaded: object | None = None

    def __call__(self) -> "FramePipeline":
        from asl_core.frame_pipeline import FramePipeline
        from asl_core.hands.detector import MediaPipeHandDetector
        from asl_core.letters.recognizer import LetterRecognizer

        if self._loaded is None:
            self._loaded = LetterRecognizer.load(model_path(self._name))
        assert isinstance(self._loaded, LetterRecognizer)
        return FramePipeline(MediaPipeHandDetector("video"), self._loaded)


def _keep(report: "FluentReport", model: Path, name: str | None) -> None:
    """Keep a report with its model, whose card then tells of it."""
    from asl_core.records.fluent_card import fluent_card

    if name is None:
        return
    report.save(model / FLUENT_EVALUATIONS_FOLDER / f"{name}.json")
    if (model / FLUENT_TRAINING_FILE).is_file():
        (model / "MODEL_CARD.md").write_text(fluent_card(model), encoding="utf-8")


def _print(report: "FluentReport", words: bool) -> None:
    for reading in report.sequences:
        read = reading.suggested if words else reading.read
        errors = reading.suggested_errors if words else reading.errors
        typer.echo(f"{reading.file}: {reading.text} read as {read or '-'}, {errors} errors")
    answer = report.as_answer(words)
    _print_groups(report)
    typer.echo(
        f"Character error rate {answer['cer']:.1%}; "
        f"{answer['words_right']} of {len(report.sequences)} sequences without an error."
    )


def _print_groups(report: "FluentReport") -> None:
    for group in report.groups:
        if not group.letters:
            typer.echo(
                f"{group.kind}: {group.added} letters in {group.minutes:.1f} minutes without any "
                f"({group.added_per_minute:.2f} a minute)"
            )
            continue
        typer.echo(
            f"{group.kind}: {group.cer:.1%} of {group.letters} letters wrong, with suggested words "
            f"{group.suggested_cer:.1%}; {group.right} of {group.sequences} sequences right, "
            f"{group.bent} of them bent into another word"
        )
