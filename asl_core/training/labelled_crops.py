"""Hand crops with what the training loop needs to know of each: its class, its side, its turn."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from asl_core.photos.hand_crops import HandCrops
from asl_core.training.settings import TrainingSettings


@dataclass(frozen=True)
class LabelledCrops:
    """Hand crops with their class index, int64 `(N,)`."""

    crops: HandCrops
    targets: NDArray[np.int64]
    mirror: NDArray[np.bool_]
    """Where the crop is mirrored first, because left hands are shown as right ones."""

    def batch(self, chosen: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Give uint8 crops `(B, K, K, 3)`, targets `(B,)` and mirror flags `(B,)`."""
        rows = np.sort(chosen)  # rising rows read the file on disk forwards
        return (
            torch.from_numpy(self.crops.crops(rows)),
            torch.from_numpy(self.targets[rows]),
            torch.from_numpy(self.mirror[rows]),
        )


def label_crops(
    crops: HandCrops, classes: tuple[str, ...], settings: TrainingSettings
) -> LabelledCrops:
    """Join crops with class indices by name; every label must be one of `classes`."""
    index = {name: i for i, name in enumerate(classes)}
    targets = np.array([index[label] for label in crops.column("label")], np.int64)
    mirror = crops.left_hand if settings.left_hands == "mirror" else np.zeros(len(crops), np.bool_)
    return LabelledCrops(crops, targets, mirror)


def turn_weights(
    crops: HandCrops,
    chosen: NDArray[np.int64],
    signer_balance: float,
    label_balance: float = 0.0,
) -> NDArray[np.float64]:
    """Give the chance of each `chosen` photo to be drawn, float64, with the sum 1.

    A signer with n photos is drawn in proportion to n^(1 - signer_balance): at 0 each photo weighs
    the same, at 1 each signer does, however many photos they gave. `label_balance` does the same
    for labels.
    """
    weights = np.ones(len(chosen))
    for column, balance in (("signer", signer_balance), ("label", label_balance)):
        names = np.array(crops.column(column))[chosen]
        _, index, counts = np.unique(names, return_inverse=True, return_counts=True)
        weights *= counts.astype(np.float64)[index] ** -balance
    return np.asarray(weights / weights.sum(), np.float64)
