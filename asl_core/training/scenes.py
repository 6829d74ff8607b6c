"""Puts other scenes around hands: what is behind a hand must not tell its letter."""

from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from asl_core import images
from asl_core.errors import ImageError, PhotoSetError
from asl_core.images import Frame
from asl_core.photos.hand_crops import CACHE_SIZE
from asl_core.photos.scene_set import read_scenes
from asl_core.training.hand_masks import HandMasks

PIECES_A_SCENE = 3


class SceneMixer:
    """Replaces what is around hands by pieces of scenes in which nobody shows a hand.

    `scenes` is RGB uint8 `(M, K, K, 3)` with K the size of kept crops; `chance` is in 0-1.
    """

    def __init__(self, masks: HandMasks, scenes: NDArray[np.uint8], chance: float) -> None:
        self.masks, self.scenes, self.chance = masks, scenes, chance

    @classmethod
    def read(cls, masks: HandMasks, folder: Path, chance: float, seed: int) -> Self:
        """Cut pieces out of the pictures of `folder` that its `backgrounds.csv` calls `train`.

        Raises:
            PhotoSetError: the folder has no such list, or a picture cannot be read.
        """
        return cls(masks, _read_pieces(folder, seed), chance)

    def __call__(
        self, crops: Tensor, rows: NDArray[np.int64], generator: torch.Generator | None = None
    ) -> Tensor:
        """Give kept crops, uint8 `(B, K, K, 3)` of `rows`, some with another scene behind."""
        drawn = torch.rand(len(rows), generator=generator).numpy() < self.chance
        which = torch.randint(0, len(self.scenes), (len(rows),), generator=generator).numpy()
        mixed = crops.numpy().copy()
        for i in np.flatnonzero(drawn & self.masks.found[rows]):
            mask = self.masks.hand_and_arm(int(rows[i]))[..., None]
            scene = self.scenes[which[i]].astype(np.float32)
            mixed[i] = np.round(scene + (mixed[i] - scene) * mask)
        return torch.from_numpy(mixed)


def _read_pieces(folder: Path, seed: int) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    pieces: list[Frame] = []
    try:
        for scene in read_scenes(folder, "train"):
            frame = images.read(scene.path)
            pieces.extend(_piece(frame, random) for _ in range(PIECES_A_SCENE))
    except ImageError as error:
        raise PhotoSetError(f"The scenes in {folder} cannot be read: {error}") from None
    return np.stack(pieces)


def _piece(frame: Frame, random: np.random.Generator) -> Frame:
    height, width = frame.shape[:2]
    side = int(min(height, width) * random.uniform(0.3, 1.0))
    top, left = random.integers(0, height - side + 1), random.integers(0, width - side + 1)
    square = frame[top : top + side, left : left + side]
    return np.asarray(cv2.resize(square, (CACHE_SIZE, CACHE_SIZE), interpolation=cv2.INTER_AREA))
