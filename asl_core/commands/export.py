"""`python -m asl_core export`: writes a run in a format that other programs read, or serve with."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asl_core.commands.chosen_model import model_path
from asl_core.commands.output_place import check_output_file
from asl_core.errors import RunError, SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from asl_core.records.serving_record import ServingRecord


class ExportFormat(StrEnum):
    """Formats that a run can be written in."""

    ONNX = "onnx"
    REFERENCE = "reference"
    SERVING = "serving"
    WEB = "web"


def export(
    run: Annotated[str, typer.Argument(help="Name or folder of a run, or a .pth checkpoint.")],
    format: Annotated[
        ExportFormat,
        typer.Option(
            help="'onnx', 'reference' for the published .pth layout, 'serving' for the files in "
            "the run's own folder that photos and video are read with, or 'web' for browsers."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; for 'onnx' and 'reference'."),
    ] = None,
    photos: Annotated[
        Path | None,
        typer.Option(help="Folder of labelled photos that it was trained on; 'serving', 'web'."),
    ] = None,
    crops: Annotated[
        Path | None,
        typer.Option(help="Where cut crops are kept; for 'serving', default runs/crops."),
    ] = None,
) -> None:
    """Write the networks of a run as ONNX or as a reference checkpoint.

    'onnx' and 'reference' are the image network alone, without the landmark network and the look
    at the mirror image. The ONNX file takes normalised float32 pictures (B, 3, S, S); class order
    and preprocessing are in its metadata.

    'serving' is what `train` does last: both networks in the form that ONNX Runtime reads with on
    a processor, the image network also in eight bits, with ranges taken from training photos. Each
    form is compared with torch on the validation photos; files and comparison are noted in the
    run's model.json.

    'web' writes into the run's folder what browsers need to read with it themselves: forms of the
    image network are tried from the smallest until one reads validation photos as well as float32.

    For example:

        python -m asl_core export stranger-resnet18 --format onnx --output letters.onnx

        python -m asl_core export stranger-resnet18 --format reference --output best_model.pth

        python -m asl_core export stranger-resnet18 --format serving --photos photos

        python -m asl_core export stranger-resnet18 --format web --photos photos
    """
    if format is ExportFormat.WEB:
        _export_web(run, output, photos, crops or Path("runs") / "crops")
        return
    if format is ExportFormat.SERVING:
        _export_serving(run, output, photos, crops or Path("runs") / "crops")
        return
    if output is None:
        raise SettingsError(f"--format {format} needs --output, the file to write.")
    _export_file(run, format, output)


def _export_file(run: str, format: ExportFormat, output: Path) -> None:
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


def _export_serving(run: str, output: Path | None, photos: Path | None, crops: Path) -> None:
    from rich.console import Console

    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.training.serving.files import write_serving
    from asl_core.training.serving.pictures import serving_pictures

    if output is not None:
        raise SettingsError("--format serving writes into the run's folder, not to --output.")
    if photos is None:
        raise SettingsError("--format serving needs --photos, those that the run was trained on.")
    source = model_path(run)
    if not source.is_dir():
        raise SettingsError(f"{source.name} is no run's folder; only a run can be served.")
    checkpoint = Checkpoint.load(source)
    train, validation = serving_pictures(source, read_photo_set(photos), crops, typer.echo)
    name = photos.resolve().name
    record = write_serving(checkpoint, source, train, validation, name, typer.echo)
    _print_record(record, Console())


def _export_web(run: str, output: Path | None, photos: Path | None, crops: Path) -> None:
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.training.serving.pictures import serving_pictures
    from asl_core.training.serving.web import write_web

    if output is not None:
        raise SettingsError("--format web writes into the run's folder, not to --output.")
    if photos is None:
        raise SettingsError("--format web needs --photos, those that the run was trained on.")
    source = model_path(run)
    if not source.is_dir():
        raise SettingsError(
            f"{source.name} is no run's folder; only a run has a form for browsers."
        )
    train, validation = serving_pictures(source, read_photo_set(photos), crops, typer.echo)
    command = (
        f"python -m asl_core export {source.name} --format web --photos {photos.resolve().name}"
    )
    model = write_web(Checkpoint.load(source), source, train, validation, command, typer.echo)
    chosen = model.parity.forms[-1]
    typer.echo(
        f"Wrote web.json: {model.form}, {model.size / 1e6:.1f} MB; {chosen.accuracy:.2%} of "
        f"{model.parity.photos:,} validation crops right, {model.parity.accuracy:.2%} in float32."
    )


def _print_record(record: "ServingRecord", console: "Console") -> None:
    from rich import box
    from rich.table import Table

    headings = ("form", "looks", "photos", "torch", "this form", "same answer", "mean difference")
    table = Table(*headings, box=box.SIMPLE_HEAD)
    for row in record.parity:
        table.add_row(
            row.form,
            str(row.looks),
            f"{row.photos:,}",
            f"{row.torch_accuracy:.2%}",
            f"{row.accuracy:.2%}",
            f"{row.same_answer:.2%}",
            f"{row.mean_difference:.5f}",
        )
    console.print(table)
    if record.int8 is None:
        console.print("Eight bits cost too much accuracy; the run is read in float32.")


def _validation_percent(source: Path) -> float:
    from asl_core.records.history import best_row
    from asl_core.records.training_run import TrainingRun

    if source.is_file():
        raise RunError(f"{source.name} is a reference checkpoint already.")
    row = best_row(TrainingRun(source).history)
    if row is None:
        raise RunError(f"{source.name} has no finished epoch in its history.")
    return 100 * row.validation_accuracy
