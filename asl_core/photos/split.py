"""Divides a photo set into training, validation and test photos.

By signer is the measure of what a reader does for strangers, and the default. At random is how the
published recognizers were measured: frames of one burst fall on both sides, so its figures say
little, and it is kept for comparison only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from asl_core.errors import PhotoSetError, SettingsError
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)

RANDOM_SPLIT_SEED = 42

TWO_PARTS = "random-80-20"

Division = Literal["signer", "random", "random-80-20"]
"""How a run's photos were divided: by whole signers, the reference's way at random into three, or
the tutorial's at random into 80 % to train and 20 % to validate."""

Unit = Literal["signer", "source"]


@dataclass(frozen=True)
class Shares:
    """Share of all photos for each split, in 0-1; together 1.

    Raises:
        SettingsError: a share is not above 0, or they do not add up to 1.
    """

    train: float = 0.70
    validation: float = 0.15
    test: float = 0.15

    def __post_init__(self) -> None:
        if min(self.as_tuple()) <= 0 or abs(sum(self.as_tuple()) - 1) > 1e-9:
            raise SettingsError(
                f"The shares of a split must be above 0 and add up to 1, not {self.as_tuple()}."
            )

    def as_tuple(self) -> tuple[float, float, float]:
        """Return the shares in the order of SPLITS."""
        return (self.train, self.validation, self.test)


REFERENCE_SHARES = Shares()
"""The 70/15/15 of the published recognizer that this project compares itself with."""


def split_by_signer(
    photos: PhotoSet, shares: Shares = REFERENCE_SHARES, unit: Unit = "signer"
) -> PhotoSet:
    """Return the photos with `split` set so that no signer is on two sides.

    A set that has train and validation photos already keeps its splits. Otherwise whole
    signers (or whole sources, with `unit` "source") are dealt out, those with most photos first,
    each to the split that is furthest below its share; equals go by name, so the answer is always
    the same. Every split gets at least one signer.

    Raises:
        PhotoSetError: there are fewer than three signers (or sources), or a signer is on two
            sides, which happens where the set's own splits are wrong or a signer has two sources.
    """
    divided = photos if {TRAIN, VALIDATION} <= set(photos.splits) else _deal(photos, shares, unit)
    faults = signers_in_two_splits(divided.photos)
    if faults:
        raise PhotoSetError(f"{photos.root}: {faults[0]}")
    return divided


def split_at_random(
    photos: PhotoSet, shares: Shares = REFERENCE_SHARES, seed: int = RANDOM_SPLIT_SEED
) -> PhotoSet:
    """Return the photos with `split` drawn at random, stratified by class.

    Each class is shuffled by `seed` and cut at the shares, rounded to whole photos; every split
    gets at least one photo of each class. Signers and bursts are torn apart: use it only to
    compare with recognizers that were measured so.

    Raises:
        PhotoSetError: a class has fewer than three photos.
    """
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for photo in photos.photos:
        classes[photo.label].append(photo.photo_id)
    split_of: dict[str, str] = {}
    random = np.random.default_rng(seed)
    for label in sorted(classes):
        ids = sorted(classes[label])
        count = len(ids)
        if count < len(SPLITS):
            raise PhotoSetError(
                f"{photos.root} has only {count} photos of {label!r}; "
                f"a random split needs at least {len(SPLITS)} of each class."
            )
        train_end = min(max(1, round(count * shares.train)), count - 2)
        validation_end = round(count * (shares.train + shares.validation))
        validation_end = min(max(train_end + 1, validation_end), count - 1)
        for place, index in enumerate(random.permutation(count)):
            side = 0 if place < train_end else 1 if place < validation_end else 2
            split_of[ids[index]] = SPLITS[side]
    return _with_splits(photos, [split_of[photo.photo_id] for photo in photos.photos])


def split_in_two(photos: PhotoSet, train: float = 0.8, seed: int = RANDOM_SPLIT_SEED) -> PhotoSet:
    """Return the photos with the split `train` or `validation`, drawn at random within each class.

    `train` is the share of the first in 0-1, rounded to whole photos; each split gets at least
    one photo of each class. There is no test part. As `split_at_random`, for comparison only.

    Raises:
        PhotoSetError: a class has only one photo.
    """
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for photo in photos.photos:
        classes[photo.label].append(photo.photo_id)
    taught: set[str] = set()
    random = np.random.default_rng(seed)
    for label in sorted(classes):
        ids = sorted(classes[label])
        if len(ids) < 2:
            raise PhotoSetError(f"{photos.root} has only one photo of {label!r}; two are needed.")
        count = min(max(1, round(len(ids) * train)), len(ids) - 1)
        taught |= {ids[place] for place in random.permutation(len(ids))[:count]}
    sides = [TRAIN if photo.photo_id in taught else VALIDATION for photo in photos.photos]
    return _with_splits(photos, sides)


def divide(photos: PhotoSet, division: Division) -> PhotoSet:
    """Divide photos by whole signers or at random, always the same way.

    Raises:
        SettingsError: the division is another one.
        PhotoSetError: see `split_by_signer`, `split_at_random` and `split_in_two`.
    """
    if division == "signer":
        return split_by_signer(photos)
    if division == "random":
        return split_at_random(photos)
    if division == TWO_PARTS:
        return split_in_two(photos)
    raise SettingsError(f"division is {division!r}; choose 'signer', 'random' or {TWO_PARTS!r}.")


def signers_in_two_splits(photos: Iterable[LabelledPhoto]) -> tuple[str, ...]:
    """Return a sentence for each signer of whom photos lie in more than one split, by name."""
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for photo in photos:
        splits[photo.signer].add(photo.split)
    return tuple(
        f"The signer {signer!r} is in more than one split: {', '.join(sorted(splits[signer]))}."
        for signer in sorted(splits)
        if len(splits[signer]) > 1
    )


def _deal(photos: PhotoSet, shares: Shares, unit: Unit) -> PhotoSet:
    names = [photo.signer if unit == "signer" else photo.source for photo in photos.photos]
    sizes = Counter(names)
    if len(sizes) < len(SPLITS):
        raise PhotoSetError(
            f"{photos.root} has photos of {len(sizes)} {unit}{'s' * (len(sizes) > 1)} "
            f"({', '.join(sorted(sizes))}) and a split by {unit} needs at least {len(SPLITS)}; "
            "split it at random instead, and expect figures that do not hold for strangers."
        )
    split_of = _dealt(sizes, dict(zip(SPLITS, shares.as_tuple(), strict=True)))
    return _with_splits(photos, [split_of[name] for name in names])


def _dealt(sizes: Mapping[str, int], shares: Mapping[str, float]) -> dict[str, str]:
    """Deal out groups of the given sizes; return the split of each group's name."""
    total = sum(sizes.values())
    filled = dict.fromkeys(shares, 0)
    split_of: dict[str, str] = {}
    waiting = sorted(sizes, key=lambda name: (-sizes[name], name))
    for place, name in enumerate(waiting):
        empty = [split for split in shares if not filled[split]]
        must_fill = len(waiting) - place <= len(empty)
        choice = max(
            empty if must_fill else shares, key=lambda split: shares[split] - filled[split] / total
        )
        filled[choice] += sizes[name]
        split_of[name] = choice
    return split_of


def _with_splits(photos: PhotoSet, splits: Iterable[str]) -> PhotoSet:
    divided = tuple(
        replace(photo, split=split) for photo, split in zip(photos.photos, splits, strict=True)
    )
    return replace(photos, photos=divided)
