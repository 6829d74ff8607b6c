"""The command line: `python -m asl_core --help`."""

import errno
import io
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from asl_core import __version__
from asl_core.commands import models, motion, photos, spelling
from asl_core.commands.adapt import adapt
from asl_core.commands.benchmark import benchmark
from asl_core.commands.compare import compare
from asl_core.commands.dashboard import app as dashboard
from asl_core.commands.evaluate import evaluate
from asl_core.commands.export import export
from asl_core.commands.own_hand import own_hand
from asl_core.commands.predict import predict
from asl_core.commands.robustness import robustness
from asl_core.commands.scenes import scenes
from asl_core.commands.serve import serve
from asl_core.commands.train import train
from asl_core.commands.transcribe import transcribe
from asl_core.commands.typical_hands import typical_hands
from asl_core.errors import AslError

PROGRAM = "python -m asl_core"
TRAINING_PACKAGES = (
    *("torch", "torchvision", "lightning_fabric", "sklearn", "scipy", "imagehash"),
    *("matplotlib", "kagglehub", "huggingface_hub", "onnx", "onnxscript"),
)
"""What the light installation (requirements-light.txt) leaves out."""

FULL_INSTALL = "pip install -r requirements.txt, or 'asl-fingerspelling-dashboard[train]'"

READ, LEARN, MODELS = "Read letters", "Train and measure", "Models"


class SentenceGroup(TyperGroup):
    """Shows each error that a person can mend as one sentence on stderr, with exit status 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program; marks that the terminal's or file's encoding lacks are replaced."""
        for stream in (sys.stdout, sys.stderr):
            # Elsewhere a redirect on Windows, or LANG=C, would end the command at a "…".
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except AslError as error:
            sentence = str(error)
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package not in TRAINING_PACKAGES:
                raise
            sentence = (
                f"{package} is not installed: this is the light installation, which only reads. "
                f"To train and measure: {FULL_INSTALL}"
            )
        except OSError as error:
            if error.errno == errno.EPIPE or error.filename is None:
                raise
            sentence = f"{error.filename}: {error.strerror}."
        typer.secho(sentence, err=True, fg=typer.colors.RED)
        raise typer.Exit(1)


app = typer.Typer(
    cls=SentenceGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"asl_core {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """Read American Sign Language fingerspelling from photos.

    The dashboard starts with `streamlit run app.py` or `python -m asl_core app`. Here is the same
    without a browser, and what makes the model behind it.

    For example:

        python -m asl_core predict hand.jpg

        python -m asl_core transcribe spelling.mp4

        python -m asl_core models list

        python -m asl_core evaluate stranger-resnet18 --photos photos --split test

    `python -m asl_core COMMAND --help` explains a command.
    """


app.command(rich_help_panel=READ)(predict)
app.command(rich_help_panel=READ)(transcribe)
app.command(rich_help_panel=READ)(adapt)
app.command(rich_help_panel=READ)(serve)
app.command(
    name="app",
    rich_help_panel=READ,
    # Options of `streamlit run` pass through.
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(dashboard)
app.command(rich_help_panel=LEARN)(train)
app.command(rich_help_panel=LEARN)(evaluate)
app.command(rich_help_panel=LEARN)(robustness)
app.command(rich_help_panel=LEARN)(scenes)
app.command(rich_help_panel=LEARN)(own_hand)
app.command(rich_help_panel=LEARN)(compare)
app.command(rich_help_panel=LEARN)(benchmark)
app.command(rich_help_panel=LEARN)(typical_hands)
app.add_typer(photos.app, name="photos", rich_help_panel=LEARN)
app.add_typer(motion.app, name="motion", rich_help_panel=LEARN)
app.add_typer(spelling.app, name="spelling", rich_help_panel=LEARN)
app.add_typer(models.app, name="models", rich_help_panel=MODELS)
app.command(rich_help_panel=MODELS)(export)


if __name__ == "__main__":
    app(prog_name=PROGRAM)
