"""Plain words for how large a hand is in its photo and how bright the photo is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from asl_core.records.evaluation_report import PhotoResult


@dataclass(frozen=True)
class Band:
    """Values below `below` that no earlier band holds; `meaning` tells the limits in words."""

    name: str
    meaning: str
    below: float


SHARE_BANDS: tuple[Band, ...] = (
    Band("tiny", "under 20 %", 0.2),
    Band("small", "20 to 30 %", 0.3),
    Band("medium", "30 to 45 %", 0.45),
    Band("large", "45 to 70 %", 0.7),
    Band("very large", "70 % and more", math.inf),
)
"""Longer side of the landmarks' bounding box as a share of the photo's shorter side."""

PIXEL_BANDS: tuple[Band, ...] = (
    Band("under 60 px", "", 60),
    Band("60 to 80 px", "", 80),
    Band("80 to 120 px", "", 120),
    Band("120 to 200 px", "", 200),
    Band("200 px and more", "", math.inf),
)
"""Longer side of the landmarks' bounding box in pixels of the photo."""

BRIGHTNESS_BANDS: tuple[Band, ...] = (
    Band("dark", "under 70", 70),
    Band("dim", "70 to 100", 100),
    Band("ordinary", "100 to 170", 170),
    Band("bright", "170 to 210", 210),
    Band("very bright", "210 and more", math.inf),
)
"""Mean luma of the photo, 0-255. A room at night with only a screen's light measures 73 to 98."""


def band_of(value: float, bands: Sequence[Band]) -> Band:
    """Give the band that holds `value`, which is 0 or more."""
    return next(band for band in bands if value < band.below)


def hand_pixels(photo: PhotoResult) -> float | None:
    """Give the longer side of the landmarks' bounding box in pixels, None without landmarks."""
    if not photo.landmarks:
        return None
    xs = [x * photo.width for x, _ in photo.landmarks]
    ys = [y * photo.height for _, y in photo.landmarks]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def hand_share(photo: PhotoResult) -> float | None:
    """Give `hand_pixels` as a share of the photo's shorter side, None without landmarks."""
    pixels = hand_pixels(photo)
    return None if pixels is None else pixels / min(photo.width, photo.height)
