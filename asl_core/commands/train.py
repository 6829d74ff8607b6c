"""`python -m asl_core train`: photos in, a run folder out."""

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asl_core.commands.measuring import Photos
from asl_core.errors import SettingsError

if TYPE_CHECKING:
    from asl_core.records.history import EpochRow
    from asl_core.training.settings import TrainingSettings


class TrainingScreen:
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

    def __enter__(self) -> "TrainingScreen":
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


def train(
    photos: Photos,
    name: Annotated[str, typer.Option(help="Name of the run; its folder below --runs.")],
    preset: Annotated[
        str | None,
        typer.Option(
            help="'stranger' (ours, the default), 'stranger-second' (its second course), "
            "'commands' (a short course for 29 classes), 'reference' (the published recipe), "
            "'tutorial' (the tutorial's; default for its network) or 'tutorial-crops'."
        ),
    ] = None,
    arch: Annotated[
        str | None, typer.Option(help="'resnet18_head' or 'baseline_cnn'; default the preset's.")
    ] = None,
    start: Annotated[
        str | None,
        # Not --start: torchrun would take that for its own --start-method.
        typer.Option(
            "--start-from",
            help="'imagenet' (default for a ResNet18), 'scratch' (default for other networks), a "
            "file of ResNet18 weights, or a run.",
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Other than the preset's; 0 keeps the picture network as it starts and trains the "
            "landmark network alone.",
        ),
    ] = None,
    batch_size: Annotated[int | None, typer.Option(min=2, help="Over all processes.")] = None,
    photos_per_epoch: Annotated[int | None, typer.Option(min=0, help="0 for all.")] = None,
    seed: Annotated[int | None, typer.Option(help="Other than the preset's.")] = None,
    left_hands: Annotated[
        str | None, typer.Option(help="'mirror' to the right, or 'keep' as they are.")
    ] = None,
    stages: Annotated[
        str | None, typer.Option(help="Input sizes by share of all epochs, as '0.5:96,1:128'.")
    ] = None,
    frozen_stages: Annotated[
        int | None, typer.Option(min=0, max=4, help="Stages of a ResNet18 that stay as they are.")
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(help="'letters', or 'kaggle29' with del, nothing, space; default by preset."),
    ] = None,
    division: Annotated[
        str | None,
        typer.Option(
            help="'signer' (a set's own splits, else whole signers), or 'random' 70/15/15 and "
            "'random-80-20', which put one signer's neighbouring pictures on both sides: to "
            "compare with others. Default by preset."
        ),
    ] = None,
    runs: Annotated[Path, typer.Option(help="Where run folders are kept.")] = Path("runs"),
    crops: Annotated[
        Path | None, typer.Option(help="Where cut crops are kept; default RUNS/crops.")
    ] = None,
    scenes: Annotated[
        Path | None, typer.Option(help="Folder of scenes to put behind hands, for presets that do.")
    ] = None,
    landmarks: Annotated[
        Path | None,
        typer.Option(help="An .npz of hand landmarks of further people, for the landmark network."),
    ] = None,
    suspects: Annotated[
        Path | None,
        typer.Option(help="A CSV with the photo_id of photos that show another letter."),
    ] = None,
    precision: Annotated[
        str, typer.Option(help="'auto', '32-true', 'bf16-mixed' or '16-mixed'.")
    ] = "auto",
    devices: Annotated[int, typer.Option(min=1, help="Processes or GPUs on this machine.")] = 1,
) -> None:
    """Train a recognizer; a run that was cut off goes on where it stopped.

    Pictures are cut once and kept. Each epoch adds a row to history.csv, which the dashboard shows
    at once. Photos of the split 'train' are learnt, 'validation' chooses the best epoch; 'test' is
    not touched.

    For example:

        python -m asl_core train --photos photos --name my-run

        python -m asl_core train --photos photos --name ref --preset reference --epochs 20

        python -m asl_core train --photos asl_alphabet_train --name cnn --arch baseline_cnn

        torchrun --nproc-per-node 2 -m asl_core train --photos photos --name two --devices 2
    """
    import torch
    from lightning_fabric import Fabric

    from asl_core.photos.landmark_set import read_landmark_set
    from asl_core.photos.photo_set import read_photo_set
    from asl_core.training.run import TrainingPlan, flush_denormals, train_run

    flush_denormals()
    changes: dict[str, Any] = {
        "epochs": epochs,
        "batch_size": batch_size,
        "photos_per_epoch": photos_per_epoch,
        "seed": seed,
        "left_hands": _left_hands(left_hands),
        "stages": _stages(stages),
        "frozen_stages": frozen_stages,
        "architecture": arch,
        "class_set": classes,
        "division": division,
    }
    settings = _settings(preset, changes)
    photo_set = read_photo_set(photos)
    plan = TrainingPlan(
        photos=photo_set if suspects is None else photo_set.with_suspects(suspects),
        settings=settings,
        folder=runs / name,
        start=start or _default_start(settings),
        crops_folder=crops or runs / "crops",
        scenes_folder=scenes,
        landmarks=read_landmark_set(landmarks) if landmarks is not None else None,
    )
    fabric = Fabric(
        accelerator="auto" if torch.cuda.is_available() else "cpu",
        devices=devices,
        strategy="ddp" if devices > 1 else "auto",
        precision=_precision(precision),  # type: ignore[arg-type]
    )
    fabric.launch()
    with TrainingScreen(settings.epochs, is_shown=fabric.is_global_zero) as screen:
        train_run(plan, fabric, screen)
    if fabric.is_global_zero:
        split = "validation" if settings.division == "random-80-20" else "test"
        typer.echo(f"Finished: {runs / name}")
        typer.echo(
            f"Measure it: python -m asl_core evaluate {name} --photos {photos} --split {split}"
        )


def _settings(preset: str | None, changes: dict[str, Any]) -> "TrainingSettings":
    """Return a preset's settings with what was asked for instead; None keeps the preset's."""
    from asl_core.letters.architectures import BASELINE_CNN
    from asl_core.training.presets import PRESETS, STRANGER, TUTORIAL, one_sided

    is_baseline = changes["architecture"] == BASELINE_CNN.name
    name = preset or (TUTORIAL if is_baseline else STRANGER).preset
    if name not in PRESETS:
        raise SettingsError(f"There is no preset {name!r}; choose from {', '.join(PRESETS)}.")
    asked = {key: value for key, value in changes.items() if value is not None}
    settings = dataclasses.replace(PRESETS[name], **asked)
    return one_sided(settings) if asked.get("left_hands") == "mirror" else settings


def _default_start(settings: "TrainingSettings") -> str:
    from asl_core.letters.architectures import RESNET18
    from asl_core.training.starting_weights import IMAGENET, SCRATCH

    return IMAGENET if settings.architecture == RESNET18.name else SCRATCH


def _precision(name: str) -> str:
    """Choose bfloat16 only where the processor has matrix tiles for it; elsewhere it is slower."""
    import torch

    if name not in ("auto", "32-true", "bf16-mixed", "16-mixed"):
        raise SettingsError(f"precision is {name!r}; see --help for those that exist.")
    if name != "auto":
        return name
    if torch.cuda.is_available():
        return "bf16-mixed" if torch.cuda.is_bf16_supported() else "16-mixed"
    able = torch.cpu.get_capabilities()
    # With avx512_bf16 alone an Intel Xeon learns a ResNet18 at 0.7 of float32's pace.
    return "bf16-mixed" if able.get("amx_bf16") else "32-true"


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
