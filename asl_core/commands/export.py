"""`python -m asl_core export`: writes a run in a format that other programs read."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.output_place import check_output_file
from asl_core.errors import RunError


class ExportFormat(StrEnum):
    """Formats that a run can be written in."""

    ONNX = "onnx"
    REFERENCE = "reference"


def export(
    run: Annotated[str, typer.Argument(help="Name or folder of a run, or a .pth checkpoint.")],
    format: Annotated[
        ExportFormat, typer.Option(help="'onnx', or 'reference' for the published .pth layout.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
) -> None:
    """Write the image network of a run as ONNX or as a reference checkpoint.

    Both are the ResNet18 alone, without the landmark network and the look at the mirror image.
    The ONNX file takes normalised float32 pictures (B, 3, S, S); class order and preprocessing
    are in its metadata.

    For example:

        python -m asl_core export stranger-resnet18 --format onnx --output letters.onnx

        python -m asl_core export stranger-resnet18 --format reference --output best_model.pth
    """
    from asl_core.letters.checkpoint import Checkpoint, export_reference
    from asl_core.letters.export import export_onnx

    check_output_file(output, "--output")
    source = model_path(run)
    checkpoint = Checkpoint.load(source)
    accuracy = _validation_percent(source) if format is ExportFormat.REFERENCE else 0.0
    if format is ExportFormat.REFERENCE:
        export_reference(checkpoint, output, accuracy)
    else:
        export_onnx(checkpoint, output)
    size = output.stat().st_size / 2**20
    typer.echo(f"Wrote {output} ({size:.1f} MB, {len(checkpoint.classes)} classes).")
    if checkpoint.landmark_network is not None:
        typer.echo("It reads the picture alone; the run's landmark network is not part of it.")


def _validation_percent(source: Path) -> float:
    from asl_core.records.history import best_row
    from asl_core.records.training_run import TrainingRun

    if source.is_file():
        raise RunError(f"{source.name} is a reference checkpoint already.")
    row = best_row(TrainingRun(source).history)
    if row is None:
        raise RunError(f"{source.name} has no finished epoch in its history.")
    return 100 * row.validation_accuracy
