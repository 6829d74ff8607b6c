"""`python -m asl_core models`: which models are here, and are they what they say?"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import AslError, ModelFileError, RunError

if TYPE_CHECKING:
    from asl_core.records.training_run import TrainingRun

NOT_MEASURED = "not measured"
RECORDS_ONLY = "records only"

app = typer.Typer(no_args_is_help=True, help="List, verify, build and download models.")


@app.command("list")
def list_models() -> None:
    """List the runs in models/ and runs/ with their size and measured accuracy.

    The accuracy is over the 24 letters that a still picture shows completely; photos in which no
    hand was found count as wrong. Each evaluation has a line.

    For example:

        python -m asl_core models list
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from asl_core.records.training_run import find_runs

    runs = find_runs()
    if not runs:
        typer.echo("There is no run yet; see: python -m asl_core train --help")
        return
    headings = ("Run", "Architecture", "Classes", "Parameters", "Size", "Static accuracy")
    table = Table(*headings, box=box.SIMPLE_HEAD)
    table.columns[0].no_wrap = True
    table.columns[1].overflow = "fold"
    for run in runs:
        table.add_row(run.name, *_cells(run))
    Console().print(table)


@app.command()
def verify(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Runs; by default all, and the hand landmarker."),
    ] = None,
) -> None:
    """Check that model files are complete and unaltered.

    Of hand_landmarker.task the SHA-256 is checked; of each run the SHA-256 of its weights, whether
    they fit the network, and the class order. The exit status is 1 where a check fails.

    For example:

        python -m asl_core models verify

        python -m asl_core models verify stranger-resnet18
    """
    from asl_core.hands.landmarker_model import LANDMARKER_PATH
    from asl_core.records.training_run import find_runs, named_run

    checks: list[tuple[str, Callable[[], str]]] = []
    if names:
        runs = [named_run(name) for name in names]
    else:
        checks.append((LANDMARKER_PATH.name, _check_landmarker))
        runs = [run for run in find_runs() if run.is_finished]
    checks += [(run.name, _RunCheck(run)) for run in runs]
    failures = sum(not _passes(name, check) for name, check in checks)
    if failures:
        raise typer.Exit(1)


@app.command("build-landmarker")
def build() -> None:
    """Build models/hand_landmarker.task from the mediapipe 0.10.21 wheel.

    pip downloads the wheel; its two networks are packed as MediaPipe 1.x expects them.

    For example:

        python -m asl_core models build-landmarker
    """
    from asl_core.hands.landmarker_model import (
        LANDMARKER_PATH,
        LANDMARKER_SHA256,
        build_landmarker,
    )

    digest = build_landmarker()
    if digest != LANDMARKER_SHA256:
        raise ModelFileError(
            f"{LANDMARKER_PATH.name} was built with SHA-256 {digest}, expected {LANDMARKER_SHA256}."
        )
    typer.echo(f"Built {LANDMARKER_PATH} (SHA-256 {digest}).")


@app.command()
def download(
    repo_id: Annotated[str, typer.Argument(help="Repository on the Hugging Face Hub, OWNER/NAME.")],
    file: Annotated[str, typer.Option(help="Checkpoint in that repository.")] = "best_model.pth",
) -> None:
    """Download a published reference checkpoint and check that it loads.

    The file stays in the cache of huggingface_hub; its path is printed for use with --run.

    For example:

        python -m asl_core models download OWNER/NAME
    """
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.hub import download_checkpoint

    typer.echo(f"Asking the Hugging Face Hub for {file} of {repo_id} …")
    path = download_checkpoint(repo_id, file)
    checkpoint = Checkpoint.load(path)
    typer.echo(f"{path} loads: {len(checkpoint.classes)} classes.")
    typer.echo(f'Use it: python -m asl_core predict hand.jpg --run "{path}"')


@app.command()
def ship(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A finished run, or its folder.")],
    records_only: Annotated[
        bool, typer.Option(help="Leave the weights out: history, settings and evaluations only.")
    ] = False,
) -> None:
    """Copy a finished run to models/, without the checkpoints of its training.

    For example:

        python -m asl_core models ship my-run

        python -m asl_core models ship my-run --records-only
    """
    from asl_core.records.shipping import ship_run
    from asl_core.records.training_run import named_run, run_folders

    folder = ship_run(named_run(name), run_folders()[0], records_only)
    typer.echo(f"Shipped: {folder}")


@app.command()
def card(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A run, or its folder.")],
) -> None:
    """Write MODEL_CARD.md of a run from its settings, history and evaluations.

    For example:

        python -m asl_core models card my-run
    """
    from asl_core.records.model_card import MODEL_CARD_FILE, model_card
    from asl_core.records.training_run import named_run

    run = named_run(name)
    path = run.folder / MODEL_CARD_FILE
    path.write_text(model_card(run), encoding="utf-8")
    typer.echo(f"Written: {path}")


def _cells(run: "TrainingRun") -> tuple[str, ...]:
    from asl_core.records.model_summary import ModelSummary

    if not run.is_finished:
        return ("not finished", "", "", "", NOT_MEASURED)
    try:
        summary = ModelSummary.of(run)
    except RunError as error:
        return ("broken", "", "", "", str(error))
    measured = [f"{m.accuracy:.1%} of {m.photos:,} ({m.evaluation})" for m in summary.accuracies]
    return (
        summary.architecture,
        str(summary.class_count),
        f"{summary.parameters:,}",
        f"{summary.weight_bytes / 2**20:.1f} MB" if summary.weight_bytes else RECORDS_ONLY,
        "\n".join(measured) or NOT_MEASURED,
    )


def _passes(name: str, check: Callable[[], str]) -> bool:
    try:
        typer.echo(f"ok      {name}: {check()}")
    except AslError as error:
        typer.echo(f"FAILED  {name}: {error}")
        return False
    return True


def _check_landmarker() -> str:
    from asl_core.hands.detector import MediaPipeHandDetector

    with quiet_libraries(), MediaPipeHandDetector("photo"):
        return "SHA-256 as expected, opens in MediaPipe"


class _RunCheck:
    """Loads a run and compares its class order with its class_mapping.json."""

    def __init__(self, run: "TrainingRun") -> None:
        self.run = run

    def __call__(self) -> str:
        from asl_core.letters.checkpoint import Checkpoint
        from asl_core.records.json_file import read_json
        from asl_core.records.training_run import CLASS_MAPPING_FILE

        if self.run.is_records_only:
            return f"{RECORDS_ONLY}, the weights are left out on purpose"
        classes = Checkpoint.load(self.run.folder).classes
        mapping = self.run.folder / CLASS_MAPPING_FILE
        expected = {str(index): name for index, name in enumerate(classes)}
        if mapping.is_file() and read_json(mapping) != expected:
            raise RunError(f"{CLASS_MAPPING_FILE} has another class order than model.json.")
        return f"weights as expected, {len(classes)} classes"
