"""What each step of the recogniser gives on validation, with three seeds for the last steps.

    SHARED=../shared scripts/train_ablation.sh
    python -m benchmarks.ablation --runs runs --crops runs/crops --output docs/ablation.md

Every row is measured on the kept crops of the 24 static letters of all validation photos; one in
which no hand was found counts as wrong. Test signers are not touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.recognizer import landmark_log_probabilities
from asl_core.photos.hand_crops import HandCrops
from asl_core.training.calibration import best_share, image_looks, signer_weights
from asl_core.training.landmark_network import pixel_points, train_landmark_network
from benchmarks.kept_crops import is_right, is_static, letter_crops, targets_of

LANDMARK_SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Step:
    """One row: what it is, the runs that show it (one for each seed), and how they were trained."""

    name: str
    runs: tuple[str, ...]
    command: str


STEPS = (
    Step("first course, 96 px", ("stranger-first",), "scripts/train_shipped.sh"),
    Step(
        "+ a short course like the first",
        ("short-first-1", "short-first-2", "short-first-3"),
        "scripts/train_ablation.sh",
    ),
    Step(
        "+ the same, shortened second course: 112 px, dark rooms, other scenes, signers balanced",
        ("short-second-1", "short-second-2", "short-second-3"),
        "scripts/train_ablation.sh",
    ),
    Step("+ the whole second course; shipped", ("stranger-resnet18",), "scripts/train_shipped.sh"),
)


@dataclass(frozen=True)
class Row:
    """Accuracies in 0-1, one for each seed."""

    step: Step
    one_look: tuple[float, ...]
    both_looks: tuple[float, ...]
    fused: tuple[float, ...]


def main(
    runs: Annotated[Path, typer.Option(help="Folder of the trained runs.")] = Path("runs"),
    crops: Annotated[Path, typer.Option(help="Folder of kept crops.")] = Path("runs/crops"),
    output: Annotated[Path, typer.Option(help="Where the page is written.")] = Path(
        "docs/ablation.md"
    ),
) -> None:
    """Measure every step and write the page."""
    train, validation = (letter_crops(crops / split) for split in ("train", "validation"))
    views = landmark_views(train, validation)
    alone = tuple(_accuracy(view, validation) for view in views)
    rows = []
    for step in STEPS:
        rows.append(measured(step, _folders(step, runs), views, validation))
        typer.echo(f"{step.name}: {_cell(rows[-1].both_looks)}, {_cell(rows[-1].fused)}")
    output.write_text(page(rows, alone, int(is_static(validation).sum())), encoding="utf-8")


def landmark_views(train: HandCrops, validation: HandCrops) -> list[NDArray[np.float32]]:
    """Train the landmark network with each seed; give its log-probabilities on `validation`."""
    found = train.select(train.found)
    points = np.nan_to_num(pixel_points(validation))
    return [
        landmark_log_probabilities(
            train_landmark_network(
                pixel_points(found), found.left_hand, targets_of(found), 26, seed
            ),
            points,
            validation.left_hand,
        )
        for seed in LANDMARK_SEEDS
    ]


def measured(
    step: Step,
    folders: Sequence[Path],
    views: Sequence[NDArray[np.float32]],
    validation: HandCrops,
) -> Row:
    """Measure the runs of a step, the first with all landmark views, the others with one each."""
    one_look, both_looks, fused = [], [], []
    for number, folder in enumerate(folders):
        as_it_is, mirrored = image_looks(Checkpoint.load(folder), validation)
        both = np.asarray((as_it_is + mirrored) / 2, np.float32)
        one_look.append(_accuracy(as_it_is, validation))
        both_looks.append(_accuracy(both, validation))
        joined = views if len(folders) == 1 else (views[number % len(views)],)
        fused += [_fused_accuracy(both, view, validation) for view in joined]
    return Row(step, tuple(one_look), tuple(both_looks), tuple(fused))


def page(rows: Sequence[Row], alone: Sequence[float], photos: int) -> str:
    """Write the page in Markdown."""
    lines = [
        "# What each step gives",
        "",
        "Made by `python -m benchmarks.ablation`, not written by hand, "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        "",
        f"Share of {photos:,} validation photos of the 24 static letters read right from their "
        "kept crops; a photo without a found hand counts as wrong. Mean of the seeds, in brackets "
        "the lowest and the highest. Configurations: the presets `stranger` (first) and "
        "`stranger-second` in `asl_core/training/presets.py`, changed as the script says; a run "
        "keeps its own in `config.json`. A short course has 2 epochs of 4,000 photos.",
        "",
        "| step | trained by | seeds | picture, one look | both looks | with the landmarks |",
        "|---|---|---:|---:|---:|---:|",
        f"| the 21 landmarks alone | `benchmarks/ablation.py` | {len(alone)} | | "
        f"| {_cell(alone)} |",
    ]
    for row in rows:
        cells = (_cell(row.one_look), _cell(row.both_looks), _cell(row.fused))
        lines.append(
            f"| {row.step.name} | `{row.step.command}` | {len(row.one_look)} | "
            + " | ".join(cells)
            + " |"
        )
    lines += [
        "",
        "Where a step has one seed, the last column is its picture network with three seeds of the "
        "landmark network; else each picture network has a landmark network of its own seed. The "
        "landmarks' share is chosen for each pair on these photos, each signer weighing the same.",
        "",
        "What comes after the crop, the second opinion for photos in doubt, is in "
        "[experiments.md](experiments.md).",
        "",
    ]
    return "\n".join(lines)


def _fused_accuracy(
    image: NDArray[np.float32], landmarks: NDArray[np.float32], crops: HandCrops
) -> float:
    chosen = is_static(crops) & crops.found
    weights = signer_weights(crops.select(chosen).column("signer"))
    share = best_share(image[chosen], landmarks[chosen], targets_of(crops)[chosen], weights)
    return _accuracy(np.asarray((1 - share) * image + share * landmarks, np.float32), crops)


def _accuracy(answer: NDArray[np.float32], crops: HandCrops) -> float:
    return float(is_right(answer, crops)[is_static(crops)].mean())


def _folders(step: Step, runs: Path) -> list[Path]:
    shipped = Path("models")
    return [runs / name if (runs / name).is_dir() else shipped / name for name in step.runs]


def _cell(values: Sequence[float]) -> str:
    mean = sum(values) / len(values)
    if len(values) == 1:
        return f"{mean:.2%}"
    return f"{mean:.2%} ({min(values):.2%} to {max(values):.2%})"


if __name__ == "__main__":
    typer.run(main)
