"""Hand crops without photos: each class is a colour, so that a few steps learn it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from asl_core.photos.hand_crops import CACHE_SIZE, HandCrops, KeptPhoto

MakeCrops = Callable[..., HandCrops]


@pytest.fixture
def make_crops() -> MakeCrops:
    """Return a function that makes crops: label A is dark, B bright, C middling, all found."""
    shades = {"A": 30, "B": 220, "C": 125}

    def make(labels: str, found: str | None = None, seed: int = 0) -> HandCrops:
        random = np.random.default_rng(seed)
        crops = np.stack(
            [np.full((CACHE_SIZE, CACHE_SIZE, 3), shades[label], np.uint8) for label in labels]
        )
        crops += random.integers(0, 20, crops.shape, dtype=np.uint8)
        photos = [
            KeptPhoto(
                photo_id=f"train/s/{label}/{i}.png",
                label=label,
                source="s",
                signer=f"s{i % 2}",
                label_note="ok",
                found=(found or "1" * len(labels))[i] == "1",
                handedness="Right",
                width=200,
                height=100,
            )
            for i, label in enumerate(labels)
        ]
        landmarks = random.normal(0.5, 0.1, (len(labels), 21, 3)).astype(np.float32)
        return HandCrops.of(crops, landmarks, photos)

    return make


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """Return an empty folder for a run."""
    folder = tmp_path / "run"
    folder.mkdir()
    return folder
