"""Groups measured photos by signer, hand, size and light, to show for whom a model works."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asl_core.alphabet import STATIC_LETTERS
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult


@dataclass(frozen=True)
class Band:
    """Values below `below` that no earlier band holds; `meaning` is the limits in words."""

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
    """Return the band that holds `value`, which is 0 or more."""
    return next(band for band in bands if value < band.below)


def hand_pixels(photo: PhotoResult) -> float | None:
    """Return the longer side of the landmarks' bounding box in pixels, None without landmarks."""
    if not photo.landmarks:
        return None
    xs = [x * photo.width for x, _ in photo.landmarks]
    ys = [y * photo.height for _, y in photo.landmarks]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def hand_share(photo: PhotoResult) -> float | None:
    """Return `hand_pixels` as a share of the photo's shorter side, None without landmarks."""
    pixels = hand_pixels(photo)
    return None if pixels is None else pixels / min(photo.width, photo.height)


FEWEST_PHOTOS = 20
"""Groups with fewer photos are shown, but never called best or worst."""

WITHOUT_HAND = "no hand found"
"""Group of the photos in which no hand was found, where the hand decides the group."""

WHOLE_PICTURE = "whole picture"
"""Group of the photos that were read without a hand's landmarks."""

Z_95 = 1.959964
"""95 % of a normal variable lie within this many standard deviations."""


@dataclass(frozen=True)
class PhotoGroup:
    """What became of the photos of one group; a photo without a found hand counts as wrong.

    `name` is plain, such as "dim", `meaning` its limits, such as "70 to 100", empty where the
    name says all. `right` of `photos` (at least 1) were read right, in `no_hand` no hand was
    found. `signers` is the number of people in the group.
    """

    name: str
    meaning: str
    photos: int
    right: int
    no_hand: int
    signers: int

    @property
    def accuracy(self) -> float:
        """Right photos / photos, 0-1."""
        return self.right / self.photos

    @property
    def no_hand_share(self) -> float:
        """Photos without a found hand / photos, 0-1."""
        return self.no_hand / self.photos

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high end of the accuracy's 95 % interval; see `wilson_interval`."""
        return wilson_interval(self.right, self.photos)

    @property
    def is_small(self) -> bool:
        """Whether there are too few photos to call the group best or worst."""
        return self.photos < FEWEST_PHOTOS

    @property
    def is_measured(self) -> bool:
        """Whether what the groups differ in was known of these photos."""
        return self.name not in (WITHOUT_HAND, WHOLE_PICTURE)


def static_photos(report: EvaluationReport) -> tuple[PhotoResult, ...]:
    """Return the photos of the 24 letters that a still picture shows completely."""
    return tuple(photo for photo in report.photos if photo.label in STATIC_LETTERS)


def by_signer(photos: Sequence[PhotoResult]) -> tuple[PhotoGroup, ...]:
    """Group by signer, best first; the meaning is the source where it has another name."""
    sources = {photo.signer: photo.source for photo in photos}
    order = [(name, f"from {home}" if home != name else "") for name, home in sources.items()]
    groups = _grouped(photos, lambda photo: photo.signer, order)
    return tuple(sorted(groups, key=lambda group: (-group.accuracy, group.name)))


def by_handedness(photos: Sequence[PhotoResult]) -> tuple[PhotoGroup, ...]:
    """Group by the hand that the detector saw, right or left."""

    def hand_of(photo: PhotoResult) -> str | None:
        return f"{photo.handedness.lower()} hand" if photo.handedness else None

    return _grouped(photos, hand_of, [("right hand", ""), ("left hand", "")])


def by_hand_share(photos: Sequence[PhotoResult]) -> tuple[PhotoGroup, ...]:
    """Group by how much of the photo the hand takes, smallest first; see SHARE_BANDS."""
    return _banded(photos, hand_share, SHARE_BANDS)


def by_hand_pixels(photos: Sequence[PhotoResult]) -> tuple[PhotoGroup, ...]:
    """Group by the hand's size in pixels, smallest first; see PIXEL_BANDS."""
    return _banded(photos, hand_pixels, PIXEL_BANDS)


def by_brightness(photos: Sequence[PhotoResult]) -> tuple[PhotoGroup, ...]:
    """Group by the photo's mean luma, darkest first; see BRIGHTNESS_BANDS."""
    return _banded(photos, lambda photo: photo.brightness, BRIGHTNESS_BANDS)


def best_of(groups: Sequence[PhotoGroup]) -> tuple[PhotoGroup, ...]:
    """Return the group that is read best and those that equal it; none where no two differ.

    Groups of fewer than FEWEST_PHOTOS photos, and those that are not measured, take no part.
    """
    return _at_the_end(groups, max)


def worst_of(groups: Sequence[PhotoGroup]) -> tuple[PhotoGroup, ...]:
    """Return the group that is read worst and those that equal it, chosen as in `best_of`."""
    return _at_the_end(groups, min)


WILSON_DEFINITION = (
    "The 95 % interval of the share of photos read correctly: Wilson's score interval (Wilson "
    "1927), which stays within 0-100 % and holds for few photos too. It treats photos as "
    "independent; those of one signer are alike, so the true interval is wider."
)
"""What pages say of `wilson_interval`."""


def wilson_interval(right: int, photos: int) -> tuple[float, float]:
    """Return the 95 % interval (low, high) in 0-1 of the share of `right` in `photos` (1 or more).

    See WILSON_DEFINITION.
    """
    share, spread = right / photos, Z_95**2 / photos
    centre = (share + spread / 2) / (1 + spread)
    variance = share * (1 - share) / photos + spread / (4 * photos)
    half = Z_95 * math.sqrt(variance) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _at_the_end(
    groups: Sequence[PhotoGroup], choose: Callable[[list[float]], float]
) -> tuple[PhotoGroup, ...]:
    judged = [group for group in groups if group.is_measured and not group.is_small]
    accuracies = [group.accuracy for group in judged]
    if len(set(accuracies)) < 2:
        return ()
    end = choose(accuracies)
    return tuple(group for group in judged if group.accuracy == end)


def _banded(
    photos: Sequence[PhotoResult],
    measure: Callable[[PhotoResult], float | None],
    bands: Sequence[Band],
) -> tuple[PhotoGroup, ...]:
    def name_of(photo: PhotoResult) -> str | None:
        value = measure(photo)
        return None if value is None else band_of(value, bands).name

    return _grouped(photos, name_of, [(band.name, band.meaning) for band in bands])


def _grouped(
    photos: Sequence[PhotoResult],
    name_of: Callable[[PhotoResult], str | None],
    order: Sequence[tuple[str, str]],
) -> tuple[PhotoGroup, ...]:
    """Count the photos of each (name, meaning) of `order`, and those that have no name."""
    members: dict[str, list[PhotoResult]] = {}
    for photo in photos:
        name = name_of(photo)
        if name is None:
            name = WITHOUT_HAND if photo.predicted is None else WHOLE_PICTURE
        members.setdefault(name, []).append(photo)
    names = [*order, (WITHOUT_HAND, ""), (WHOLE_PICTURE, "")]
    return tuple(_counted(name, words, members[name]) for name, words in names if name in members)


def _counted(name: str, meaning: str, photos: Sequence[PhotoResult]) -> PhotoGroup:
    return PhotoGroup(
        name=name,
        meaning=meaning,
        photos=len(photos),
        right=sum(photo.is_right for photo in photos),
        no_hand=sum(photo.predicted is None for photo in photos),
        signers=len({photo.signer for photo in photos}),
    )
