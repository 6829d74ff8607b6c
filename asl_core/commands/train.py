"""`python -m asl_core train`: photos in, a run folder out."""

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asl_core.errors import SettingsError

if TYPE_CHECKING:
    from asl_core.records.history import EpochRow
    from asl_core.training.settings import TrainingSettings

DEFAULT_CLASSES = "A-Z"


def train(
    photos: Annotated[Path, typer.Option(help="Folder of labelled photos.")],
    name: Annotated[str, typer.Option(help="Name of the run; its folder below --runs.")],
    preset: Annotated[
        str,
        typer.Option(
            help="'stranger' (ours), 'stranger-second' (its second course) or 'reference' (the "
            "published recipe)."
        ),
    ] = "stranger",
    start: Annotated[
        str,
        # Not --start: torchrun would take that for its own --start-method.
        typer.Option(
            "--start-from", help="'imagenet', 'scratch', a file of ResNet18 weights, or a run."
        ),
    ] = "imagenet",
    epochs: Annotated[int | None, typer.Option(min=1, help="Other than the preset's.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=2, help="Over all processes.")] = None,
    photos_per_epoch: Annotated[int | None, typer.Option(min=0, help="0 for all.")] = None,
    seed: Annotated[int | None, typer.Option(help="Other than the preset's.")] = None,
    left_hands: Annotated[
        str | None, typer.Option(help="'mirror' to the right, or 'keep' as they are.")
    ] = None,
    stages: Annotated[
        str | None, typer.Option(help="Input sizes by share of all epochs, as '0.5:96,1:128'.")
    ] = None,
    division: Annotated[
        str,
        typer.Option(
            help="'signer' (a set's own splits, else whole signers), or 'random' 70/15/15, which "
            "puts one signer's neighbouring pictures on both sides: to compare with the reference."
        ),
    ] = "signer",
    runs: Annotated[Path, typer.Option(help="Where run folders are kept.")] = Path("runs"),
    crops: Annotated[
        Path | None, typer.Option(help="Where cut crops are kept; default RUNS/crops.")
    ] = None,
    scenes: Annotated[
        Path | None, typer.Option(help="Folder of scenes to put behind hands, for presets that do.")
    ] = None,
    precision: Annotated[
        str, typer.Option(help="'auto', '32-true', 'bf16-mixed' or '16-mixed'.")
    ] = "auto",
    devices: Annotated[int, typer.Option(min=1, help="Processes or GPUs on this machine.")] = 1,
) -> None:
    """Train a recogniser; a run that was cut off goes on where it stopped.

    Crops are cut once and kept. Each epoch adds a row to history.csv, which the dashboard shows at
    once. Photos of the split 'train' are learnt, 'validation' chooses the best epoch; 'test' is
    not touched.

    For example:

        python -m asl_core train --photos photos --name my-run

        python -m asl_core train --photos photos --name ref --preset reference --epochs 20

        torchrun --nproc-per-node 2 -m asl_core train --photos photos --name two --devices 2
    """
    import torch
    from lightning_fabric import Fabric

    from asl_core.alphabet import LETTERS
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.training.run import train_run
    from asl_core.training.settings import PRESETS, one_sided

    if preset not in PRESETS:
        raise SettingsError(f"There is no preset {preset!r}; choose from {', '.join(PRESETS)}.")
    changes: dict[str, Any] = {
        "epochs": epochs,
        "batch_size": batch_size,
        "photos_per_epoch": photos_per_epoch,
        "seed": seed,
        "left_hands": _left_hands(left_hands),
        "stages": _stages(stages),
    }
    settings: TrainingSettings = dataclasses.replace(
        PRESETS[preset], **{key: value for key, value in changes.items() if value is not None}
    )
    if left_hands == "mirror":
        settings = one_sided(settings)
    fabric = Fabric(
        accelerator="auto" if torch.cuda.is_available() else "cpu",
        devices=devices,
        strategy="ddp" if devices > 1 else "auto",
        precision=_precision(precision),  # type: ignore[arg-type]
    )
    fabric.launch()
    with _Screen(settings.epochs, is_shown=fabric.is_global_zero) as screen:
        train_run(
            read_photo_set(photos),
            division,  # type: ignore[arg-type]
            LETTERS,
            settings,
            runs / name,
            start,
            crops or runs / "crops",
            fabric,
            screen,
            screen.on_crop,
            scenes,
        )
    if fabric.is_global_zero:
        typer.echo(f"Finished: {runs / name}")
        typer.echo(f"Measure it: python -m asl_core evaluate {name} --photos {photos} --split test")


class _Screen:
    """Progress bars: photos while crops are cut, then the batches of each epoch with its ETA."""

    def __init__(self, epochs: int, is_shown: bool) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, TimeRemainingColumn(), disable=not is_shown)
        self._epochs, self._is_shown = epochs, is_shown
        self._tasks: dict[str, int] = {}
        self._started = time.monotonic()

    def __enter__(self) -> "_Screen":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def on_crop(self, split: str, done: int, total: int) -> None:
        """Show how many photos of a split are cut."""
        self._update(f"crops of {split}", done, total)

    def on_batch(self, epoch: int, done: int, total: int, loss: float) -> None:
        """Show a batch; the bar covers all epochs, so its ETA is the run's."""
        self._update("training", (epoch - 1) * total + done, self._epochs * total)

    def on_epoch(self, row: "EpochRow") -> None:
        """Print the epoch's figures."""
        if self._is_shown:
            self._progress.console.print(
                f"epoch {row.epoch}/{self._epochs} at {row.input_size} px: "
                f"train loss {row.train_loss:.3f}, accuracy {row.train_accuracy:.1%}; "
                f"validation loss {row.validation_loss:.3f}, "
                f"accuracy {row.validation_accuracy:.1%} ({row.seconds:.0f} s)"
            )

    def _update(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done)  # type: ignore[arg-type]


def _precision(name: str) -> str:
    """Choose bfloat16 only where the processor computes in it; elsewhere it is slower."""
    import torch

    if name not in ("auto", "32-true", "bf16-mixed", "16-mixed"):
        raise SettingsError(f"precision is {name!r}; see --help for those that exist.")
    if name != "auto":
        return name
    if torch.cuda.is_available():
        return "bf16-mixed" if torch.cuda.is_bf16_supported() else "16-mixed"
    able = torch.cpu.get_capabilities()
    return "bf16-mixed" if able.get("avx512_bf16") or able.get("amx_bf16") else "32-true"


def _left_hands(name: str | None) -> str | None:
    if name not in (None, "mirror", "keep"):
        raise SettingsError(f"left_hands is {name!r}; choose 'mirror' or 'keep'.")
    return name


def _stages(text: str | None) -> tuple[tuple[float, int], ...] | None:
    if text is None:
        return None
    try:
        pairs = [part.split(":") for part in text.split(",")]
        return tuple((float(share), int(size)) for share, size in pairs)
    except ValueError:
        raise SettingsError(f"stages is {text!r}; write it as '0.5:96,1:128'.") from None
