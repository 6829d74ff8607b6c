"""Hand crops with what training needs to know of each: its class, its side, its weight."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from asl_core.photos.hand_crops import HandCrops
from asl_core.training.settings import TrainingSettings


@dataclass(frozen=True)
class LabelledCrops:
    """N hand crops with their class index, int64 `(N,)`; `mirror` and `taught` are bool `(N,)`."""

    crops: HandCrops
    targets: NDArray[np.int64]
    mirror: NDArray[np.bool_]
    """Where the crop is mirrored first, because left hands are shown as right ones."""
    taught: NDArray[np.bool_]
    """Where the crop may be learnt from: it is readable and has no note that is left out."""

    @classmethod
    def of(cls, crops: HandCrops, settings: TrainingSettings) -> Self:
        """Join crops with class indices by name; labels outside of the settings' classes go."""
        known = crops.select(np.isin(crops.labels, settings.classes))
        index = {name: i for i, name in enumerate(settings.classes)}
        targets = np.array([index[label] for label in known.labels.tolist()], np.int64)
        is_one_sided = settings.left_hands == "mirror"
        mirror = known.left_hand if is_one_sided else np.zeros(len(known), np.bool_)
        # A photo without a found hand would show the whole scene: another task than ours.
        taught = known.readable & ~np.isin(known.label_notes, settings.without_notes)
        return cls(known, targets, mirror, taught)

    def batch(self, chosen: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Return uint8 crops `(B, K, K, 3)`, targets `(B,)` and mirror flags `(B,)`."""
        rows = np.sort(chosen)  # rising rows read the file on disk forwards
        return (
            torch.from_numpy(self.crops.crops(rows)),
            torch.from_numpy(self.targets[rows]),
            torch.from_numpy(self.mirror[rows]),
        )


def sampling_weights(
    crops: HandCrops,
    chosen: NDArray[np.int64],
    signer_balance: float,
    label_balance: float = 0.0,
) -> NDArray[np.float64]:
    """Compute the chance of each `chosen` photo to be drawn, float64, with the sum 1.

    A signer with n photos is drawn in proportion to n^(1 - signer_balance): at 0 each photo weighs
    the same, at 1 each signer does, however many photos they gave. `label_balance` does the same
    for labels.
    """
    columns = (
        (crops.signers[chosen], signer_balance),
        (crops.labels[chosen], label_balance),
    )
    return balanced_weights(len(chosen), columns)


def balanced_weights(
    count: int, columns: Iterable[tuple[NDArray[Any], float]]
) -> NDArray[np.float64]:
    """Compute the chance of each of `count` rows to be drawn, float64, with the sum 1.

    `columns` are names `(count,)` and how far those with many rows are held back, 0-1.
    """
    weights = np.ones(count)
    for names, balance in columns:
        _, index, counts = np.unique(names, return_inverse=True, return_counts=True)
        weights *= counts.astype(np.float64)[index] ** -balance
    return np.asarray(weights / weights.sum(), np.float64)
