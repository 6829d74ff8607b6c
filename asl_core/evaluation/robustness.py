"""Measures what a run withstands: the same photos read as they are and under each distortion."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asl_core.alphabet import STATIC_LETTERS
from asl_core.evaluation.distortions import DISTORTIONS, Distortion
from asl_core.evaluation.measurement import Measurement
from asl_core.images import Frame
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.records.photo_groups import Z_95
from asl_core.records.robustness_report import RobustnessReport, RobustnessRow

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline, FrameReading


@dataclass(frozen=True)
class Answer:
    """How one picture was read: as its label or not, and whether a hand was found.

    `is_changed` tells whether a distortion changed the picture.
    """

    is_right: bool
    has_hand: bool
    is_changed: bool


@dataclass(frozen=True)
class DistortedPhoto:
    """One photo as it is and, in the order of the distortions, distorted."""

    plain: Answer
    distorted: tuple[Answer, ...]


def measure_robustness(
    measurement: Measurement["FramePipeline"],
    photo_set: PhotoSet,
    photos_per_letter: int | None = None,
) -> RobustnessReport:
    """Read the static letters of the split as they are and under each of DISTORTIONS.

    `photos_per_letter` limits the photos of each signer and letter, see `spread_photos`; None
    takes all.

    Raises:
        PhotoSetError: there is no such split, or no readable photo of a static letter in it.
        RunError: the model's classes cannot be read, or a worker process ended unexpectedly.
    """
    known = set(STATIC_LETTERS) & set(measurement.run.classes)
    static = measurement.chosen(photo_set).with_labels(known).photos
    photos = spread_photos(static, photos_per_letter)
    read, unreadable = measurement.read(read_distorted, photos)
    if not read:
        raise measurement.nothing_read()
    plain = [photo.plain for photo in read]
    return RobustnessReport(
        **measurement.head,
        photo_set=measurement.material,
        photos=len(read),
        available=len(static),
        accuracy=_share(answer.is_right for answer in plain),
        no_hand_rate=_share(not answer.has_hand for answer in plain),
        rows=tuple(
            robustness_row(distortion, plain, [photo.distorted[i] for photo in read])
            for i, distortion in enumerate(DISTORTIONS)
        ),
        unreadable=unreadable,
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


def read_distorted(pipeline: "FramePipeline", photo: LabelledPhoto, frame: Frame) -> DistortedPhoto:
    """Read one photo as it is and under each of DISTORTIONS."""
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
    """Compute the 95 % interval of (lost - gained) / photos, each in -1 to 1.

    Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions":
    the Wald interval after half an observation was added to each of the four cells. It has a
    width even where nothing was lost or gained.
    """
    total = photos + 2
    difference = (lost - gained) / total
    spread = math.sqrt((lost + gained + 1) / total - difference**2) / math.sqrt(total)
    reach = Z_95 * spread
    return max(-1.0, difference - reach), min(1.0, difference + reach)


def _answer(reading: "FrameReading", label: str, seeks_hand: bool, *, is_changed: bool) -> Answer:
    named = reading.prediction.best.label if reading.prediction else None
    # A model of whole pictures misses no hand, as it seeks none.
    has_hand = reading.detection is not None or not seeks_hand
    return Answer(named == label, has_hand, is_changed)


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)
