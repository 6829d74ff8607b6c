"""What did the later signers and the landmark sets give the landmark network?

    python -m benchmarks.signer_ablation ../shared/photos ../shared/landmarks/letters.npz \
        ../shared/later_sources.csv --crops runs/crops --suspects docs/label-noise.csv

Trains it anew on the first signers alone, on all, on all with the landmark sets, and on those
without photos whose label is wrong, each with several seeds, and joins each with the shipped
picture network, with a share that is chosen as in training. Measured on the validation signers:
clear static letters, no hand is wrong, each signer weighs the same. docs/experiments.md tells what
was found.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from asl_core.alphabet import STATIC_LETTERS
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.torch_networks import landmark_log_probabilities
from asl_core.photos.hand_crops import load_or_cut
from asl_core.photos.landmark_set import LandmarkSet, read_landmark_set
from asl_core.photos.photo_set import PhotoSet, read_photo_set
from asl_core.records.signer_accuracy import CLEAR_NOTES, interval_over_signers
from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.landmark_network import train_landmark_network
from asl_core.training.presets import STRANGER_SECOND
from asl_core.training.validation import best_share, image_log_probabilities, signer_weights

Accuracies = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Of each signer: by the landmarks alone, and with the picture network."""


class Validation:
    """The validation signers' photos, and what the shipped picture network says of each."""

    def __init__(self, photos: LabelledCrops, shipped: Checkpoint) -> None:
        crops = photos.crops
        is_counted = np.isin(crops.labels, STATIC_LETTERS) & np.isin(crops.label_notes, CLEAR_NOTES)
        self._signers = crops.signers[is_counted]
        self._is_found = crops.found[is_counted]
        self._crops = crops.select(is_counted & crops.found)
        self._truth = photos.targets[is_counted & crops.found]
        self._depth = shipped.preprocessing.landmark_depth
        self._picture = image_log_probabilities(shipped, self._crops)

    def by_signer(self, train: LabelledCrops, further: LandmarkSet | None, seed: int) -> Accuracies:
        """Train a landmark network and return each signer's accuracy, alone and joined."""
        settings = replace(STRANGER_SECOND, seed=seed)
        network = train_landmark_network(train, settings, further)
        found = self._crops
        alone = landmark_log_probabilities(
            network, found.pixel_points, found.left_hand, self._depth
        )
        share = best_share(self._picture, alone, self._truth, signer_weights(found.signers))
        return self._shares(alone), self._shares((1 - share) * self._picture + share * alone)

    def _shares(self, answers: NDArray[np.float32]) -> NDArray[np.float64]:
        is_right = np.zeros(len(self._signers))
        is_right[self._is_found] = answers.argmax(1) == self._truth
        names = np.unique(self._signers)
        return np.array([is_right[self._signers == name].mean() for name in names])


def rows(
    train: LabelledCrops,
    later: frozenset[str],
    further: LandmarkSet,
    measure: Callable[[LabelledCrops, LandmarkSet | None], Accuracies],
    certain: LabelledCrops | None = None,
) -> Iterator[tuple[str, Accuracies]]:
    """Yield what was learnt from, and the accuracies of each signer, alone and joined.

    `certain` are the photos of `train`, those that show another letter noted as suspect.
    """
    is_first = ~np.isin(train.crops.signers, sorted(later))
    first = LabelledCrops.of(train.crops.select(is_first), STRANGER_SECOND)
    yield f"the first {len(np.unique(first.crops.signers))} signers", measure(first, None)
    everyone = len(np.unique(train.crops.signers))
    yield f"all {everyone} signers", measure(train, None)
    sets = len(np.unique(further.signers))
    yield f"and {sets} signers of {further.name}", measure(train, further)
    if certain is not None:
        fewer = int(train.taught.sum() - certain.taught.sum())
        yield f"without {fewer} photos that show another letter", measure(certain, further)


def with_interval(values: NDArray[np.float64], signed: bool = False) -> str:
    """Write a mean over signers in percent, and its interval."""
    low, high = interval_over_signers(values)
    form = "{:+.2f}" if signed else "{:.2f}"
    mean = round(100 * float(values.mean()), 2) + 0.0  # turns -0.0 into 0.0
    return f"{form.format(mean)} ({100 * low:.2f} to {100 * high:.2f})"


def main(
    photos: Path,
    landmarks: Path,
    later: Annotated[Path, typer.Argument(help="CSV with the later signers in `signer`.")],
    crops: Annotated[Path, typer.Option(help="Where cut crops are kept.")] = Path("runs/crops"),
    suspects: Annotated[
        Path | None, typer.Option(help="CSV of photos to leave out in a last row.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=20)] = 3,
) -> None:
    """Print a row for each training."""
    photo_set: PhotoSet = read_photo_set(photos)

    def cut(photos: PhotoSet, split: str) -> LabelledCrops:
        kept = load_or_cut(photos.of_split(split), crops / split)
        return LabelledCrops.of(kept, STRANGER_SECOND)

    train, validation = cut(photo_set, "train"), cut(photo_set, "validation")
    certain = cut(photo_set.with_suspects(suspects), "train") if suspects is not None else None
    with later.open(encoding="utf-8", newline="") as file:
        names = frozenset(row["signer"] for row in csv.DictReader(file))
    shown = Validation(validation, Checkpoint.load(named_run(SHIPPED_RUN).folder))

    def measure(learnt: LabelledCrops, further: LandmarkSet | None) -> Accuracies:
        each = [shown.by_signer(learnt, further, seed) for seed in range(seeds)]
        alone, joined = (np.mean(values, axis=0) for values in zip(*each, strict=True))
        return alone, joined

    typer.echo(
        "| learnt from | landmarks alone | with the picture | gained |\n|---|---:|---:|---:|"
    )
    before: NDArray[np.float64] | None = None
    further = read_landmark_set(landmarks)
    for name, (alone, joined) in rows(train, names, further, measure, certain):
        gained = "" if before is None else with_interval(joined - before, signed=True)
        typer.echo(f"| {name} | {with_interval(alone)} | {with_interval(joined)} | {gained} |")
        before = joined


if __name__ == "__main__":
    typer.run(main)
