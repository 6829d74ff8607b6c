"""Measures what a run withstands: the same photos read as they are and under each distortion."""

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from asl_core import images
from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import ImageError, PhotoSetError
from asl_core.evaluation.distortions import DISTORTIONS, Distortion
from asl_core.evaluation.photo_results import PipelinePool, UnreadablePhoto
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.records.robustness_report import RobustnessReport, RobustnessRow

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline, FrameReading

_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Answer:
    """What one picture gave: whether it is the label, and whether a hand was found."""

    is_right: bool
    has_hand: bool
    is_changed: bool


@dataclass(frozen=True)
class DistortedPhoto:
    """One photo as it is and, in the order of the distortions, distorted."""

    plain: Answer
    distorted: tuple[Answer, ...]


DistortedOutcome = DistortedPhoto | UnreadablePhoto


def measure_robustness(
    pipeline: "FramePipeline",
    photo_set: PhotoSet,
    split: str,
    run_name: str,
    photo_set_name: str,
    command: str,
    photos_per_letter: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    pool: PipelinePool | None = None,
) -> RobustnessReport:
    """Read the static letters of a split as they are and under each of DISTORTIONS.

    `split` is a split's name, or "all". `photos_per_letter` limits the photos of each signer and
    letter, see `spread_photos`; None takes all. With `pool` its processes read, and `pipeline`
    gives only the classes. `progress(done, total)` is called after each photo.

    Raises:
        PhotoSetError: there is no such split, or no readable photo of a static letter in it.
        RunError: a process of `pool` ended unexpectedly.
    """
    chosen = photo_set if split == "all" else photo_set.of_split(split)
    static = chosen.with_labels(set(STATIC_LETTERS) & set(pipeline.recognizer.classes)).photos
    photos = spread_photos(static, photos_per_letter)
    outcomes: Iterable[DistortedOutcome] = (
        pool.each(read_distorted, photos)
        if pool
        else map(functools.partial(read_distorted, pipeline), photos)
    )
    read: list[DistortedPhoto] = []
    unreadable: list[str] = []
    for done, outcome in enumerate(outcomes, start=1):
        if isinstance(outcome, UnreadablePhoto):
            unreadable.append(f"{outcome.photo_id}: {outcome.reason}")
        else:
            read.append(outcome)
        if progress:
            progress(done, len(photos))
    if not read:
        raise PhotoSetError(
            f"{photo_set_name}, split {split!r}, has no readable photo of a static letter that "
            f"{run_name} knows."
        )
    plain = [photo.plain for photo in read]
    return RobustnessReport(
        run=run_name,
        photo_set=photo_set_name,
        split=split,
        command=command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        photos=len(read),
        available=len(static),
        accuracy=_share(answer.is_right for answer in plain),
        no_hand_rate=_share(not answer.has_hand for answer in plain),
        rows=tuple(
            robustness_row(distortion, plain, [photo.distorted[i] for photo in read])
            for i, distortion in enumerate(DISTORTIONS)
        ),
        unreadable=tuple(unreadable),
    )


def spread_photos(
    photos: Sequence[LabelledPhoto], photos_per_letter: int | None
) -> tuple[LabelledPhoto, ...]:
    """Take up to `photos_per_letter` photos of each signer and letter, None for all.

    Of n photos in the order of their names those at i * n // k are taken, so that a burst of
    neighbouring frames is not the whole choice. The order of `photos` is kept.
    """
    if photos_per_letter is None:
        return tuple(photos)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for photo in photos:
        groups.setdefault((photo.source, photo.signer, photo.label), []).append(photo.photo_id)
    taken: set[str] = set()
    for names in groups.values():
        names.sort()
        count = min(photos_per_letter, len(names))
        taken |= {names[i * len(names) // count] for i in range(count)}
    return tuple(photo for photo in photos if photo.photo_id in taken)


def read_distorted(pipeline: "FramePipeline", photo: LabelledPhoto) -> DistortedOutcome:
    """Read one photo as it is and under each of DISTORTIONS."""
    try:
        frame = images.read(photo.path)
    except ImageError as error:
        return UnreadablePhoto(photo.photo_id, str(error).replace(str(photo.path), "The file"))
    seeks_hand = pipeline.recognizer.preprocessing.view != "whole"
    reading = pipeline.read(frame)
    detection = reading.detection if seeks_hand else pipeline.detector.detect(frame)
    hand = detection.landmarks if detection else None

    def answers() -> Iterator[Answer]:
        for distortion in DISTORTIONS:
            changed = distortion.apply(frame, hand, photo.photo_id)
            if changed is frame:
                yield _answer(reading, photo.label, seeks_hand, is_changed=False)
            else:
                yield _answer(pipeline.read(changed), photo.label, seeks_hand, is_changed=True)

    plain = _answer(reading, photo.label, seeks_hand, is_changed=False)
    return DistortedPhoto(plain, tuple(answers()))


def robustness_row(
    distortion: Distortion, plain: Sequence[Answer], distorted: Sequence[Answer]
) -> RobustnessRow:
    """Compare the answers to one or more photos as they are and distorted, pair by pair."""
    lost = sum(a.is_right and not b.is_right for a, b in zip(plain, distorted, strict=True))
    gained = sum(b.is_right and not a.is_right for a, b in zip(plain, distorted, strict=True))
    low, high = paired_interval(lost, gained, len(plain))
    return RobustnessRow(
        name=distortion.name,
        description=distortion.description,
        changed=sum(answer.is_changed for answer in distorted),
        accuracy=_share(answer.is_right for answer in distorted),
        no_hand_rate=_share(not answer.has_hand for answer in distorted),
        lost=lost,
        gained=gained,
        cost_points=round((lost - gained) / len(plain) * 100, 4),
        cost_low=round(low * 100, 4),
        cost_high=round(high * 100, 4),
    )


def paired_interval(lost: int, gained: int, photos: int) -> tuple[float, float]:
    """Give the 95 % interval of (lost - gained) / photos, each in -1 to 1.

    Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions":
    the Wald interval after half an observation was added to each of the four cells. It has a
    width even where nothing was lost or gained.
    """
    total = photos + 2
    difference = (lost - gained) / total
    spread = math.sqrt((lost + gained + 1) / total - difference**2) / math.sqrt(total)
    reach = _NORMAL_95 * spread
    return max(-1.0, difference - reach), min(1.0, difference + reach)


def _answer(reading: "FrameReading", label: str, seeks_hand: bool, *, is_changed: bool) -> Answer:
    named = reading.prediction.best.label if reading.prediction else None
    # A model of whole pictures misses no hand, as it seeks none.
    has_hand = reading.detection is not None or not seeks_hand
    return Answer(named == label, has_hand, is_changed)


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)
