"""`python -m asl_core compare`: what each step from a tutorial's network to ours adds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.output_place import check_output_file
from asl_core.errors import RunError

if TYPE_CHECKING:
    from asl_core.records.comparison import Comparison

INTRODUCTION = """\
# What each step adds

Others' recipes and ours, measured on the same photos of signers that none has learnt from: the 24
letters that a still picture shows. A photo in which no hand is found counts as wrong; a recognizer
of whole pictures seeks none. "Own signer" is the figure that such systems report: pictures of the
one signer they were trained on, left over by a random division; the tutorial's epoch was chosen on
these same pictures, since its recipe has no third part. Written by
`python -m asl_core compare --write docs/comparison.md` from the evaluation files of the runs.

"""


def compare(
    write: Annotated[
        Path | None,
        typer.Option(help="Markdown file to write; the plot goes beside it as a PNG."),
    ] = None,
) -> None:
    """Compare the tutorial's recognizer, the reference's and ours on the same strangers.

    Every figure is read from an evaluation of a run in models/ or runs/.

    For example:

        python -m asl_core compare

        python -m asl_core compare --write docs/comparison.md
    """
    from asl_core.records import comparison
    from asl_core.records.training_run import find_runs

    if write is not None:
        check_output_file(write, "--write")
    found = comparison.compare(find_runs())
    if not found.results:
        raise RunError(f"No step was measured yet. {' '.join(found.missing)}")
    _print(found)
    if write is not None:
        from asl_core.evaluation.figure_style import save_png
        from asl_core.evaluation.run_figures import comparison_figure

        plot = save_png(comparison_figure(found.results), write.with_suffix(".png"))
        text = INTRODUCTION + comparison.comparison_markdown(found, plot.name)
        write.write_text(text, encoding="utf-8")
        typer.echo(f"Written: {write} and {plot.name}")


def _print(found: "Comparison") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table("Recognizer", "Run", box=SIMPLE_HEAD)
    for name in ("photos", "strangers", "first three", "macro F1", "no hand", "own signer"):
        table.add_column(name, justify="right")
    for row in found.results:
        shares = (row.accuracy, row.top3_accuracy, row.macro_f1, row.no_hand_rate)
        known = "-" if row.known_accuracy is None else f"{row.known_accuracy:.1%}"
        figures = (f"{share:.1%}" for share in shares)
        table.add_row(row.step.title, row.step.run, f"{row.photos:,}", *figures, known)
    console = Console()
    console.print(table)
    for sentence in found.missing:
        console.print(f"Not measured: {sentence}", markup=False)
