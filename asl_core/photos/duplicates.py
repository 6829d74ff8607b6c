"""Finds photos that are the same picture, to the byte or to the eye.

Two files are exact duplicates if their SHA-256 is the same. They are near-duplicates if their
perceptual hashes differ in few bits: the ImageHash library's `phash`, the signs of the 16x16 lowest
frequencies of a discrete cosine transform of the grey picture at 64x64 pixels, 256 bits.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from asl_core import images
from asl_core.photos.photo_set import LabelledPhoto

HASH_SIDE = 16
HASH_BITS = HASH_SIDE**2

NEAR_BITS = 32
"""Most of the 256 bits in which two near-duplicates differ.

Measured: 200 photos saved anew (JPEG quality 40 and 75), shrunk to half or to 128 pixels, with
contrast or brightness changed by a quarter differ from themselves by at most 32 bits, those that
lost 1 % at each edge by 18 in the median. The closest of 230 million pairs of photos of different
signers differ by 56 bits, by 44 if one is mirrored. A cut of 2 % and more is not found any more.
"""

_WORDS = HASH_BITS // 64
_PAIRS_AT_ONCE = 200_000  # 1.6 MB for each intermediate array, which a cache holds


def _mirror_mask() -> NDArray[np.uint64]:
    odd_columns = np.zeros((HASH_SIDE, HASH_SIDE), np.bool_)
    odd_columns[:, 1::2] = True
    return np.packbits(odd_columns).view(np.uint64)


_MIRROR_MASK = _mirror_mask()
"""Mirroring negates a cosine transform's odd horizontal frequencies, so it flips those bits."""


@dataclass(frozen=True)
class Fingerprint:
    """What a photo is recognised by: its file's SHA-256, and `phash`, uint64 `(4,)`."""

    photo: LabelledPhoto
    sha256: str
    phash: NDArray[np.uint64]


@dataclass(frozen=True)
class DuplicateGroup:
    """Photos whose files are the same to the byte, with the splits and labels they have, sorted."""

    photo_ids: tuple[str, ...]
    splits: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class NearDuplicate:
    """A photo and the one in another split that is nearest to it.

    `bits` of 256 bits of the perceptual hash differ; `mirrored` says that one is the other's
    mirror image.
    """

    photo_id: str
    split: str
    twin_id: str
    twin_split: str
    bits: int
    mirrored: bool


def fingerprint(photo: LabelledPhoto) -> Fingerprint:
    """Decode a photo and take its fingerprint.

    Raises:
        ImageError: the file cannot be read or is not a usable picture.
    """
    picture = Image.fromarray(images.read(photo.path))
    with photo.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    bits = imagehash.phash(picture, hash_size=HASH_SIDE).hash
    return Fingerprint(photo, digest, np.packbits(bits).view(np.uint64))


def exact_duplicates(prints: Iterable[Fingerprint]) -> tuple[DuplicateGroup, ...]:
    """Group the photos whose files are the same to the byte, wherever they lie."""
    same: defaultdict[str, list[LabelledPhoto]] = defaultdict(list)
    for one in prints:
        same[one.sha256].append(one.photo)
    groups = (photos for photos in same.values() if len(photos) > 1)
    return tuple(
        DuplicateGroup(
            photo_ids=tuple(sorted(photo.photo_id for photo in photos)),
            splits=tuple(sorted({photo.split for photo in photos})),
            labels=tuple(sorted({photo.label for photo in photos})),
        )
        for photos in groups
    )


def near_duplicates(
    prints: Iterable[Fingerprint], limit: int = NEAR_BITS
) -> tuple[NearDuplicate, ...]:
    """Find photos of one split that nearly repeat a photo of another, nearest first.

    Of two splits, each photo of the smaller one is compared with all of the larger one, as it is
    and mirrored; its nearest is given if at most `limit` bits differ and the two are no exact
    duplicates.
    """
    splits: defaultdict[str, list[Fingerprint]] = defaultdict(list)
    for one in prints:
        splits[one.photo.split].append(one)
    found: list[NearDuplicate] = []
    for pair in combinations(sorted(splits), 2):
        small, large = sorted((splits[name] for name in pair), key=len)
        found += _near(small, large, limit)
    return tuple(sorted(found, key=lambda near: (near.bits, near.photo_id, near.twin_id)))


def _near(
    small: Sequence[Fingerprint], large: Sequence[Fingerprint], limit: int
) -> list[NearDuplicate]:
    few, many = (np.stack([one.phash for one in side]) for side in (small, large))
    upright, upright_at = _nearest(few, many)
    mirrored, mirrored_at = _nearest(few ^ _MIRROR_MASK, many)
    found = []
    for place in np.flatnonzero(np.minimum(upright, mirrored) <= limit).tolist():
        is_mirrored = bool(mirrored[place] < upright[place])
        one = small[place]
        twin = large[(mirrored_at if is_mirrored else upright_at)[place]]
        if one.sha256 != twin.sha256:
            found.append(
                NearDuplicate(
                    photo_id=one.photo.photo_id,
                    split=one.photo.split,
                    twin_id=twin.photo.photo_id,
                    twin_split=twin.photo.split,
                    bits=int(min(upright[place], mirrored[place])),
                    mirrored=is_mirrored,
                )
            )
    return found


def _nearest(
    few: NDArray[np.uint64], many: NDArray[np.uint64]
) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """Find for each hash `(N, 4)` its nearest in `(M, 4)`: bits that differ, row; both `(N,)`."""
    bits = np.empty(len(few), np.uint16)
    rows = np.empty(len(few), np.int64)
    step = max(1, _PAIRS_AT_ONCE // len(many))
    for start in range(0, len(few), step):
        part = few[start : start + step]
        differ = np.zeros((len(part), len(many)), np.uint16)
        for word in range(_WORDS):
            differ += np.bitwise_count(part[:, word, None] ^ many[None, :, word])
        nearest = differ.argmin(axis=1)
        rows[start : start + step] = nearest
        bits[start : start + step] = differ[np.arange(len(part)), nearest]
    return bits, rows
