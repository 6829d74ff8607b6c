"""Small photo sets on disk: smooth random scenes, each told from the others by its seed."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

DrawScene = Callable[..., Path]
MakeListed = Callable[..., Path]

SHARED_PHOTOS = Path(__file__).parents[3] / "shared" / "photos"


def scene(seed: int, width: int = 96, height: int = 80) -> Image.Image:
    """Draw a colourful picture of coarse and fine blobs; another seed gives another picture."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), 110.0)
    for blobs, strength in ((4, 35), (10, 25), (24, 20)):
        grain = Image.fromarray(random.integers(0, 256, (blobs, blobs, 3), np.uint8))
        layer = np.asarray(grain.resize((width, height), Image.Resampling.BICUBIC), np.float32)
        picture += (layer / 127.5 - 1) * strength
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


@pytest.fixture
def draw_scene() -> DrawScene:
    """Return a function that writes the scene of a seed to a path, with its folders."""

    def draw(path: Path, seed: int, **save) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        scene(seed).save(path, **save)
        return path

    return draw


@pytest.fixture
def make_listed(tmp_path: Path, draw_scene: DrawScene) -> MakeListed:
    """Return a function that makes a set with a photos.csv from paths; each photo is its own."""

    def make(photo_ids: Iterable[str], sources: dict[str, str] | None = None) -> Path:
        root = tmp_path / "listed"
        lines = ["path,split,source,signer,label,label_note"]
        for seed, photo_id in enumerate(photo_ids):
            split, signer, label, _ = photo_id.split("/")
            draw_scene(root / photo_id, seed)
            source = (sources or {}).get(signer, signer)
            lines.append(f"{photo_id},{split},{source},{signer},{label},ok")
        (root / "photos.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return root

    return make


@pytest.fixture
def shared_photos() -> Path:
    """Return the folder of real photos beside the checkout, or skip."""
    if not SHARED_PHOTOS.is_dir():
        pytest.skip("the photos in ../shared are not here")
    return SHARED_PHOTOS
