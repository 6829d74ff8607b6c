"""Changes of a picture that need to know which of its pixels are the hand's.

Other scenes around it (`scenes.py`), gloves, and a bright window behind it.
"""

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from asl_core.images import Frame
from asl_core.photos.hand_crops import HandCrops
from asl_core.training.hand_masks import HandMasks
from asl_core.training.scenes import SceneMixer
from asl_core.training.settings import Augmentation

_GAMMA = 2.2
"""Exponent between pixel values and light, about that of sRGB."""


class CropChange(Protocol):
    """Changes some kept crops of a batch by lot."""

    def __call__(
        self, crops: Tensor, rows: NDArray[np.int64], generator: torch.Generator | None = None
    ) -> Tensor:
        """Give a changed copy of kept crops, uint8 `(B, K, K, 3)` of `rows`."""
        ...


def crop_changes(
    crops: HandCrops, chances: Augmentation, scenes_folder: Path | None, seed: int
) -> list[CropChange]:
    """Give the changes that `chances` ask for, from what is far behind the hand to the near.

    `scenes_folder` and `seed` are for the scenes; without a folder there are none.

    Raises:
        PhotoSetError: the scenes cannot be read.
    """
    changes: list[CropChange] = []
    if not chances.needs_hands:
        return changes
    masks = HandMasks(crops)
    if chances.background and scenes_folder is not None:
        changes.append(SceneMixer.read(masks, scenes_folder, chances.background, seed))
    if chances.gloves:
        changes.append(Gloves(masks, chances.gloves))
    if chances.against_light:
        changes.append(AgainstLight(masks, chances.against_light))
    return changes


class Gloves:
    """Puts gloves of any colour on hands, with their light and shade; `chance` is in 0-1.

    Half of them follow the fingers, half also fill what is between them.
    """

    def __init__(self, masks: HandMasks, chance: float) -> None:
        self.masks, self.chance = masks, chance

    def __call__(
        self, crops: Tensor, rows: NDArray[np.int64], generator: torch.Generator | None = None
    ) -> Tensor:
        """See `CropChange`."""
        lot = torch.rand(len(rows), 5, generator=generator).numpy()
        changed = crops.numpy().copy()
        for i in np.flatnonzero((lot[:, 0] < self.chance) & self.masks.found[rows]):
            _, hue, saturation, gain, shape = lot[i]
            row = int(rows[i])
            mask = self.masks.hull(row) if shape < 0.5 else self.masks.hand_and_arm(row)
            changed[i] = gloved(changed[i], mask, 360 * hue, saturation, 0.3 + 1.1 * gain)
        return torch.from_numpy(changed)


class AgainstLight:
    """Shows hands as a camera does before a bright window; `chance` is in 0-1."""

    def __init__(self, masks: HandMasks, chance: float) -> None:
        self.masks, self.chance = masks, chance

    def __call__(
        self, crops: Tensor, rows: NDArray[np.int64], generator: torch.Generator | None = None
    ) -> Tensor:
        """See `CropChange`."""
        lot = torch.rand(len(rows), 4, generator=generator).numpy()
        changed = crops.numpy().copy()
        for i in np.flatnonzero((lot[:, 0] < self.chance) & self.masks.found[rows]):
            _, behind, before, flare = lot[i]
            changed[i] = against_light(
                changed[i],
                self.masks.hand_and_arm(int(rows[i])),
                behind=1 + 3 * behind,
                before=0.08 + 0.5 * before,
                flare=0.08 * flare,
            )
        return torch.from_numpy(changed)


def gloved(
    crop: Frame, mask: NDArray[np.float32], hue: float, saturation: float, gain: float
) -> Frame:
    """Colour what `mask`, float32 `(K, K)` in 0-1, covers of an RGB crop `(K, K, 3)`.

    `hue` is in degrees, `saturation` in 0-1; brightness is multiplied by `gain`.
    """
    value = np.minimum(crop.max(axis=2) * np.float32(gain / 255), 1)
    painted = np.stack([np.full_like(value, hue), np.full_like(value, saturation), value], axis=-1)
    colour = cv2.cvtColor(painted, cv2.COLOR_HSV2RGB) * 255
    share = mask[..., None]
    return np.asarray(np.round(crop + (colour - crop) * share), np.uint8)


def against_light(
    crop: Frame, mask: NDArray[np.float32], behind: float, before: float, flare: float
) -> Frame:
    """Give the scene `behind` times its light and the hand in `mask` `before` times its own.

    `flare` is the light, in 0-1 of white, that the lens spreads over everything.
    """
    light = (crop * np.float32(1 / 255)) ** _GAMMA
    gains = behind + (before - behind) * mask[..., None]
    return np.asarray(
        np.round(np.clip(light * gains + flare, 0, 1) ** (1 / _GAMMA) * 255), np.uint8
    )
