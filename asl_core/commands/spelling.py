"""`python -m asl_core spelling`: trains and measures the reader of letters that are not held."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import SettingsError
from asl_core.records.fluent_report import FLUENT_EVALUATIONS_FOLDER
from asl_core.records.training_run import MODELS_FOLDER, SHIPPED_RUN

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.records.fluent_report import FluentReport

app = typer.Typer(no_args_is_help=True, help="Train and measure the reader of natural spelling.")

SHIPPED = MODELS_FOLDER / "fluent-spelling"

FASTEST = 4.0


@app.command()
def evaluate(
    folder: Annotated[
        Path, typer.Argument(help="Folder of landmark sequences (.npz) and videos.")
    ],
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
    if save is not None:
        report.save(model / FLUENT_EVALUATIONS_FOLDER / f"{save}.json")
    if as_json:
        typer.echo(json.dumps(report.as_answer(words)))
    else:
        _print(report, words)


def _measured(folder: Path, model: Path, recognizer: str, speed: float) -> "FluentReport":
    from asl_core.evaluation.fluent_measure import measure_folder
    from asl_core.spelling.fluent.model import FluentModel
    from asl_core.spelling.fluent.reader import FluentReader
    from asl_core.spelling.fluent.word_choice import WordChoice
    from asl_core.spelling.word_list import known_words

    loaded = FluentModel.load(model)
    choice = WordChoice(known_words())
    plain = folder.name if folder.is_absolute() else folder.as_posix()
    command = f"python -m asl_core spelling evaluate {plain}"
    command += f" --speed {speed:g}" if speed != 1 else ""
    return measure_folder(
        folder,
        lambda: FluentReader(loaded, choice),
        _pipeline_maker(recognizer),
        model.name,
        command,
        speed,
        lambda file: typer.echo(f"Reading {file}", err=True),
    )


class _pipeline_maker:
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


def _print(report: "FluentReport", words: bool) -> None:
    for reading in report.sequences:
        read = reading.suggested if words else reading.read
        errors = reading.suggested_errors if words else reading.errors
        typer.echo(f"{reading.file}: {reading.text} read as {read or '-'}, {errors} errors")
    for group in report.groups:
        cer = group.suggested_cer if words else group.cer
        typer.echo(f"{group.kind}: {cer:.1%} of {group.letters} letters wrong")
    answer = report.as_answer(words)
    typer.echo(
        f"Character error rate {answer['cer']:.1%}; "
        f"{answer['words_right']} of {len(report.sequences)} sequences without an error."
    )
