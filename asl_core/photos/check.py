"""Checks a photo set before anything is learnt from it, and says all that is wrong."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.pool import ThreadPool
from typing import TYPE_CHECKING, Any

from asl_core.alphabet import KAGGLE_CLASSES
from asl_core.errors import ImageError
from asl_core.photos.duplicates import (
    HASH_BITS,
    DuplicateGroup,
    Fingerprint,
    NearDuplicate,
    exact_duplicates,
    fingerprint,
    near_duplicates,
)
from asl_core.photos.hand_rates import HandRate, measure_hand_rates, sample_over_signers
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.photos.split import signers_in_two_splits

if TYPE_CHECKING:
    from asl_core.hands.detector import HandDetector

WORKERS = min(4, os.cpu_count() or 1)

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many photos are done, and how many there are."""


@dataclass(frozen=True)
class PhotoCount:
    """How many photos of a class, a source or a signer a split has."""

    split: str
    name: str
    photos: int


@dataclass(frozen=True)
class SignerCount:
    """How many photos of a signer a split has, and from where they are."""

    split: str
    source: str
    signer: str
    photos: int


@dataclass(frozen=True)
class PhotoSetCheck:
    """All that was found out about a photo set.

    `absent_classes` are those of the 29 without a photo, which is allowed. `unreadable` has a
    sentence for each photo that cannot be decoded, `set_problems` those of `PhotoSet.problems`,
    `shared_signers` one for each signer in two splits. `hands` is empty where no detector was
    asked; the class `nothing` is left out of it. `passed_over` are files that no class folder
    holds and that are no pictures.
    """

    root: str
    photos: int
    classes: tuple[PhotoCount, ...]
    sources: tuple[PhotoCount, ...]
    signers: tuple[SignerCount, ...]
    absent_classes: tuple[str, ...]
    set_problems: tuple[str, ...]
    unreadable: tuple[str, ...]
    shared_signers: tuple[str, ...]
    duplicates: tuple[DuplicateGroup, ...]
    near_duplicates: tuple[NearDuplicate, ...]
    hands: tuple[HandRate, ...]
    passed_over: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each thing that must be put right before the photos are learnt from.

        Files that repeat each other within one split and one class are no problem.
        """
        return (
            *self.set_problems,
            *self.unreadable,
            *self.shared_signers,
            *_repeated(self.duplicates),
            *_nearly_repeated(self.near_duplicates),
        )

    @property
    def is_sound(self) -> bool:
        """Whether there is no problem."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values, with `ok` and `problems` first."""
        return {"ok": self.is_sound, "problems": self.problems, **asdict(self)}


def check_photo_set(
    photos: PhotoSet,
    new_detector: "Callable[[], HandDetector] | None" = None,
    sample: int | None = None,
    workers: int = WORKERS,
    progress: Progress | None = None,
) -> PhotoSetCheck:
    """Decode every photo of a set, compare all, and look for a hand in them.

    Without `new_detector` no hand is looked for; with `sample` only in that many readable photos,
    drawn by turns from the signers. A fault of the set never raises: it is in the report.

    Raises:
        ModelFileError: the detector's model is missing or altered.
    """
    report = progress or _silent
    prints, unreadable = _fingerprints(photos.photos, workers, report)
    readable = [one.photo for one in prints]
    hands: tuple[HandRate, ...] = ()
    if new_detector is not None:
        drawn = readable if sample is None else sample_over_signers(readable, sample)
        hands = measure_hand_rates(
            drawn, new_detector, workers, lambda done, total: report("hands", done, total)
        )
    labels = {photo.label for photo in photos.photos}
    signers = Counter((p.split, p.source, p.signer) for p in photos.photos)
    return PhotoSetCheck(
        root=str(photos.root),
        photos=len(photos.photos),
        classes=_counts((p.split, p.label) for p in photos.photos),
        sources=_counts((p.split, p.source) for p in photos.photos),
        signers=tuple(SignerCount(*key, signers[key]) for key in sorted(signers)),
        absent_classes=tuple(name for name in KAGGLE_CLASSES if name not in labels),
        set_problems=photos.problems,
        unreadable=unreadable,
        shared_signers=signers_in_two_splits(photos.photos),
        duplicates=exact_duplicates(prints),
        near_duplicates=near_duplicates(prints),
        hands=hands,
        passed_over=photos.passed_over,
    )


def _silent(what: str, done: int, total: int) -> None:
    """Show no progress."""


def _fingerprints(
    photos: Sequence[LabelledPhoto], workers: int, report: Progress
) -> tuple[list[Fingerprint], tuple[str, ...]]:
    prints: list[Fingerprint] = []
    unreadable: list[str] = []
    with ThreadPool(workers) as pool:
        for done, result in enumerate(pool.imap(_fingerprint_or_reason, photos, 16), start=1):
            if isinstance(result, str):
                unreadable.append(result)
            else:
                prints.append(result)
            report("photos", done, len(photos))
    return prints, tuple(unreadable)


def _fingerprint_or_reason(photo: LabelledPhoto) -> Fingerprint | str:
    try:
        return fingerprint(photo)
    except (ImageError, OSError) as error:
        return f"{photo.photo_id} is unreadable: {error}"


def _counts(keys: Iterable[tuple[str, str]]) -> tuple[PhotoCount, ...]:
    counts = Counter(keys)
    return tuple(PhotoCount(*key, counts[key]) for key in sorted(counts))


def _repeated(groups: Sequence[DuplicateGroup]) -> list[str]:
    sentences = []
    for attribute, what in (("splits", "split"), ("labels", "class")):
        faulty = [group for group in groups if len(getattr(group, attribute)) > 1]
        if faulty:
            alike, places = faulty[0].photo_ids, ", ".join(getattr(faulty[0], attribute))
            sentences.append(
                f"The same file is in more than one {what} ({places}): {alike[0]} and {alike[-1]} "
                f"({len(faulty)} in all)."
            )
    return sentences


def _nearly_repeated(nears: Sequence[NearDuplicate]) -> list[str]:
    sentences = []
    for split, twin_split in dict.fromkeys((near.split, near.twin_split) for near in nears):
        between = [n for n in nears if (n.split, n.twin_split) == (split, twin_split)]
        closest = min(between, key=lambda near: near.bits)
        sentences.append(
            f"Photos of {split} nearly repeat some of {twin_split} ({len(between)} in all); the "
            f"closest are {closest.photo_id} and {closest.twin_id} "
            f"({closest.bits} of {HASH_BITS} bits differ)."
        )
    return sentences
