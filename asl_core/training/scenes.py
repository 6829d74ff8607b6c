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
from asl_core.hands.crop import box_around
from asl_core.hands.landmarks import BONES, HandLandmarks
from asl_core.images import Frame
from asl_core.photos.hand_crops import CACHE_SCALE, CACHE_SIZE, HandCrops
from asl_core.photos.scene_set import read_scenes

PIECES_A_SCENE = 3
_PALM = (0, 1, 5, 9, 13, 17)
_FINGER_WIDTH = 0.32
_ARM_LENGTH = 1.2
"""In lengths of the palm from the wrist to the middle finger's knuckle."""


class SceneMixer:
    """Replaces what is around hands by pieces of scenes in which nobody shows a hand.

    `scenes` is RGB uint8 `(M, K, K, 3)` with K the size of kept crops; `chance` is in 0-1.
    """

    def __init__(self, crops: HandCrops, scenes: NDArray[np.uint8], chance: float) -> None:
        self.scenes, self.chance = scenes, chance
        self._found = crops.found
        self._points = _points_in_crops(crops)

    @classmethod
    def read(cls, crops: HandCrops, folder: Path, chance: float, seed: int) -> Self:
        """Cut pieces out of the pictures of `folder` that its `backgrounds.csv` calls `train`.

        Raises:
            PhotoSetError: the folder has no such list, or a picture cannot be read.
        """
        return cls(crops, _read_pieces(folder, seed), chance)

    def mix(
        self, crops: Tensor, rows: NDArray[np.int64], generator: torch.Generator | None = None
    ) -> Tensor:
        """Return kept crops, uint8 `(B, K, K, 3)` of `rows`, some with another scene behind."""
        drawn = torch.rand(len(rows), generator=generator).numpy() < self.chance
        which = torch.randint(0, len(self.scenes), (len(rows),), generator=generator).numpy()
        mixed = crops.numpy().copy()
        for i in np.flatnonzero(drawn & self._found[rows]):
            mask = hand_mask(self._points[rows[i]], CACHE_SIZE)[..., None]
            scene = self.scenes[which[i]].astype(np.float32)
            mixed[i] = np.round(scene + (mixed[i] - scene) * mask)
        return torch.from_numpy(mixed)


def hand_mask(points: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Cover a hand and the beginning of its arm, float32 `(size, size)` in 0-1, soft at the edge.

    `points` is float32 `(21, 2)` in pixels. It is drawn generously: a rim of the old scene does
    less harm than a finger that is cut off.
    """
    mask = np.zeros((size, size), np.uint8)
    palm = max(
        float(np.linalg.norm(points[9] - points[0])), float(np.ptp(points, axis=0).max()) / 3
    )
    width = max(2, round(_FINGER_WIDTH * palm))
    fixed = np.round(points).astype(np.int32)
    cv2.fillConvexPoly(mask, cv2.convexHull(fixed[list(_PALM)]), 255)
    for start, end in BONES:
        cv2.line(mask, fixed[start].tolist(), fixed[end].tolist(), 255, width)
    away = points[0] - points[9]
    arm = points[0] + away / max(float(np.linalg.norm(away)), 1e-6) * _ARM_LENGTH * palm
    cv2.line(mask, fixed[0].tolist(), np.round(arm).astype(int).tolist(), 255, round(0.8 * palm))
    soft = cv2.GaussianBlur(mask, (0, 0), max(1.0, 0.06 * palm))
    return np.asarray(soft / 255, np.float32)


def _points_in_crops(crops: HandCrops) -> NDArray[np.float32]:
    """Place the landmarks in pixels of the kept crops, float32 `(N, 21, 2)`; NaN without a hand."""
    placed = np.full((len(crops), 21, 2), np.nan, np.float32)
    sizes = crops.frame_sizes
    for i in np.flatnonzero(crops.found):
        width, height = (int(side) for side in sizes[i])
        box = box_around(HandLandmarks(crops.landmarks[i]), width, height, CACHE_SCALE)
        planar = crops.landmarks[i, :, :2] * np.array([width, height], np.float32)
        placed[i] = (planar - np.array([box.left, box.top])) * (CACHE_SIZE / box.side)
    return placed


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
