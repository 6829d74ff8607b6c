"""How should left hands be handled? Measured on validation signers, for docs/experiments.md.

    python -m benchmarks.left_hands --crops runs/crops --run models/stranger-resnet18

Compares, for the landmark network, training on both sides with turning every left hand into a
right one; and for a trained image network what it is shown: the hand as it is, left hands
mirrored, or both looks. Accuracy is over the 24 static letters of all validation photos; one in
which no hand was found counts as wrong.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.landmark_features import landmark_features
from asl_core.letters.recognizer import landmark_log_probabilities
from asl_core.photos.hand_crops import HandCrops
from asl_core.training.calibration import image_looks
from asl_core.training.landmark_network import pixel_points, train_landmark_network
from benchmarks.kept_crops import is_right, is_static, letter_crops, targets_of

SEEDS = (1,)


def main(
    crops: Annotated[Path, typer.Option(help="Folder of kept crops.")] = Path("runs/crops"),
    run: Annotated[Path, typer.Option(help="A trained run.")] = Path("models/stranger-resnet18"),
) -> None:
    """Print one line per way of handling left hands: accuracy over all and over left hands."""
    train, validation = (letter_crops(crops / split) for split in ("train", "validation"))
    found = train.select(train.found)
    targets = targets_of(found)
    for both_sides in (True, False):
        name = "both sides trained" if both_sides else "left hands turned into right ones"
        for seed in SEEDS:
            network = train_landmark_network(
                pixel_points(found), found.left_hand, targets, 26, seed, both_sides=both_sides
            )
            points = np.nan_to_num(pixel_points(validation))
            if both_sides:
                answer = landmark_log_probabilities(network, points, validation.left_hand)
            else:
                features = landmark_features(points, validation.left_hand)
                with torch.inference_mode():
                    answer = network(torch.from_numpy(features)).numpy()
            _report(f"landmark network, {name}, seed {seed}", answer, validation)
    as_it_is, mirrored = image_looks(Checkpoint.load(run), validation)
    left = validation.left_hand[:, None]
    _report("image network, hand as it is", as_it_is, validation)
    _report("image network, left hands mirrored", np.where(left, mirrored, as_it_is), validation)
    _report("image network, both looks", as_it_is + mirrored, validation)


def _report(name: str, answer: NDArray[np.float32], crops: HandCrops) -> None:
    right, static = is_right(answer, crops), is_static(crops)
    carbonara = static & (np.array(crops.column("signer")) == "carbonara")
    typer.echo(
        f"{name}: {right[static].mean():.4f}, left-handed signer {right[carbonara].mean():.4f}"
    )


if __name__ == "__main__":
    typer.run(main)
