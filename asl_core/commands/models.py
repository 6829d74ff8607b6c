"""`python -m asl_core models`: lists, verifies, builds, downloads and ships models."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

import typer

from asl_core.commands.model_checks import RECORDS_ONLY, all_checks, named_check, passes
from asl_core.errors import ModelFileError, RunError

if TYPE_CHECKING:
    from asl_core.records.training_run import TrainingRun

NOT_MEASURED = "not measured"
SHOWN_DIGITS = 12
"""Of a digest; enough to tell models apart."""

_WEIGHT_ENTRIES = ("weights", "landmark_weights")

app = typer.Typer(no_args_is_help=True, help="List, verify, build and download models.")


@app.command("list")
def list_models() -> None:
    """List the runs in models/ and runs/ with their version, digest, size and measured accuracy.

    The digest begins like the one that answers of the service and `/readyz` carry.

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
    headings = (
        "Run, version, digest",
        "Architecture",
        "Classes",
        "Parameters",
        "Size",
        "Static accuracy",
    )
    table = Table(*headings, box=box.SIMPLE_HEAD)
    table.columns[0].no_wrap = True
    table.columns[1].overflow = "fold"
    for run in runs:
        table.add_row(*_cells(run))
    Console().print(table)


@app.command()
def verify(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Runs, motion or fluent models; by default all."),
    ] = None,
) -> None:
    """Check that model files are complete and unaltered.

    Of hand_landmarker.task and the libraries for browsers the SHA-256 is checked; of each run,
    motion and fluent model the SHA-256 of its weights and whether they fit the network; of a run
    also the class order and its form for browsers. The exit status is 1 where a check fails.

    For example:

        python -m asl_core models verify

        python -m asl_core models verify stranger-resnet18
    """
    checks = [named_check(name) for name in names] if names else all_checks()
    failures = sum(not passes(name, check) for name, check in checks)
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


@app.command("web-libraries")
def fetch_web_libraries() -> None:
    """Fetch the two libraries that browsers read with from the npm registry.

    They come with the checkout; this fetches them anew, by npm, in the pinned versions. Files that
    differ from the pinned SHA-256 are refused.

    For example:

        python -m asl_core models web-libraries
    """
    from asl_core.commands.model_checks import check_web_libraries
    from asl_core.commands.npm_packages import fetch_libraries

    fetch_libraries(typer.echo)
    typer.echo(check_web_libraries())


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
    from asl_core.letters.weight_files import download_checkpoint

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
    from asl_core.records.training_run import named_run, run_folders, ship_run

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
    if not run.is_finished:
        return (run.name, "not finished", "", "", "", NOT_MEASURED)
    try:
        summary = _Summary.of(run)
    except RunError as error:
        return (run.name, "broken", "", "", "", str(error))
    return (
        f"{run.name}\n{summary.version} {summary.digest[:SHOWN_DIGITS]}",
        summary.architecture,
        str(summary.class_count),
        f"{summary.parameters:,}",
        f"{summary.weight_bytes / 2**20:.1f} MB" if summary.weight_bytes else RECORDS_ONLY,
        "\n".join(summary.accuracies) or NOT_MEASURED,
    )


@dataclass(frozen=True)
class _Summary:
    """A finished run in short; `parameters` and `weight_bytes` cover all of its networks.

    `weight_bytes` is 0 where the weights are not here: the run was shipped for its records.
    """

    version: str
    digest: str
    architecture: str
    class_count: int
    parameters: int
    weight_bytes: int
    accuracies: tuple[str, ...]

    @classmethod
    def of(cls, run: "TrainingRun") -> Self:
        """Read it from the run's files.

        Raises:
            RunError: `model.json`, a weight file or an evaluation is missing or broken.
        """
        from asl_core.letters.model_file import VERSION_KEY, model_digest
        from asl_core.records.training_run import MODEL_FILE

        try:
            entries = [run.model[key] for key in _WEIGHT_ENTRIES if run.model.get(key)]
            architecture = str(run.model["architecture"])
            parameters = sum(int(entry["parameters"]) for entry in entries)
            files = [run.folder / str(entry["file"]) for entry in entries]
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{run.name}/{MODEL_FILE} is incomplete: {error}.") from None
        missing = [file.name for file in files if not file.is_file()]
        if missing and not run.is_records_only:
            raise RunError(f"{run.name} has no {missing[0]}.")
        return cls(
            version=str(run.model.get(VERSION_KEY, "")),
            digest=model_digest(run.model),
            architecture=architecture,
            class_count=len(run.classes),
            parameters=parameters,
            weight_bytes=sum(file.stat().st_size for file in files if file.is_file()),
            accuracies=tuple(_accuracy(run, name) for name in run.evaluations),
        )


def _accuracy(run: "TrainingRun", evaluation: str) -> str:
    static = run.evaluation(evaluation).static
    return f"{static.accuracy:.1%} of {static.photos:,} ({evaluation})"
