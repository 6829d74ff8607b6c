"""Counts the errors of taught hands: on the signer's own other photos, and on other signers'."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import numpy as np

from asl_core.alphabet import MOTION_LETTERS
from asl_core.evaluation.accuracy import CALIBRATION_BINS
from asl_core.evaluation.measurement import Measurement
from asl_core.evaluation.own_hand import Lesson, SeenPhoto, read_with
from asl_core.letters.adaptation.whose_hand import MOST_SEEN, WhoseHand
from asl_core.records.own_hand_report import OwnHandReport, OwnHandSeed, OwnHandSigner

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEARLY_ALIKE = 0.98


@dataclass(frozen=True)
class _Read:
    """A photo read in one way: was it right, how sure, how near to a taught one."""

    is_right: bool
    confidence: float
    nearness: float


class OwnHandScores:
    """The tested photos of all signers, read without and with each taught hand."""

    def __init__(
        self,
        classes: tuple[str, ...],
        lessons: Sequence[Lesson],
        photos: Sequence[SeenPhoto],
    ) -> None:
        """`photos` are those that were not taught."""
        self._classes = classes
        self._lessons = lessons
        found = [photo for photo in photos if photo.looks]
        self._static = [photo for photo in found if photo.label not in MOTION_LETTERS]
        self._motion = [photo for photo in found if photo.label in MOTION_LETTERS]
        self._missed = [p for p in photos if not p.looks and p.label not in MOTION_LETTERS]
        self._before = [self._read(photo, None) for photo in self._static]

    def report(
        self,
        measurement: Measurement[Any],
        unreadable: tuple[str, ...],
        photos_a_letter: int,
    ) -> OwnHandReport:
        """Count everything and put it into a report."""
        names = sorted({lesson.signer for lesson in self._lessons})
        names = [name for name in names if any(p.signer == name for p in self._static)]
        told, sittings, owners, own_sittings = self._sittings()
        return OwnHandReport(
            photo_set=measurement.material,
            **measurement.head,
            photos_a_letter=photos_a_letter,
            signers=tuple(self._signer(name) for name in names),
            before_calibration=_calibration_error(self._of(names, is_after=False)),
            after_calibration=_calibration_error(self._of(names, is_after=True)),
            motion=len([p for p in self._motion if p.signer in names]),
            motion_before=sum(
                not self._read(p, None).is_right for p in self._motion if p.signer in names
            ),
            motion_after=self._motion_after(),
            sittings=sittings,
            strangers_told=told,
            own_sittings=own_sittings,
            owners_told=owners,
            seconds=round(max(lesson.seconds for lesson in self._lessons), 3),
            largest_file=max(lesson.file_bytes for lesson in self._lessons),
            unreadable=unreadable,
        )

    def _read(self, photo: SeenPhoto, lesson: Lesson | None) -> _Read:
        adaptation = lesson.adaptation if lesson is not None else None
        shares, nearness = read_with(photo, adaptation)
        best = int(shares.argmax())
        return _Read(self._classes[best] == photo.label, float(shares[best]), nearness)

    def _signer(self, name: str) -> OwnHandSigner:
        own = [(p, r) for p, r in zip(self._static, self._before, strict=True) if p.signer == name]
        lessons = [lesson for lesson in self._lessons if lesson.signer == name]
        before = sum(not read.is_right for _, read in own)
        strangers = strangers_before = strangers_after = 0
        for lesson in lessons:
            if lesson.trial.helps:
                for photo, read in zip(self._static, self._before, strict=True):
                    if photo.signer != name:
                        strangers += 1
                        strangers_before += not read.is_right
                        strangers_after += not self._read(photo, lesson).is_right
        return OwnHandSigner(
            signer=name,
            photos=len(own),
            no_hand=sum(photo.signer == name for photo in self._missed),
            before=before,
            seeds=tuple(self._seed(lesson, [p for p, _ in own], before) for lesson in lessons),
            strangers=strangers,
            strangers_before=strangers_before,
            strangers_after=strangers_after,
        )

    def _seed(self, lesson: Lesson, own: Sequence[SeenPhoto], before: int) -> OwnHandSeed:
        trial = lesson.trial
        after = sum(not self._read(photo, lesson).is_right for photo in own)
        alike = [_likeness(photo, lesson) for photo in own]
        known = [value for value in alike if value is not None]
        return OwnHandSeed(
            seed=lesson.seed,
            letters=trial.letters,
            taught=len(lesson.hand.photos),
            left_out=trial.tested,
            left_out_before=trial.before,
            left_out_after=trial.after,
            verdict=trial.verdict,
            after=after if trial.helps else before,
            after_if_on=after,
            likeness=round(median(known), 4) if known else 0.0,
            nearly_alike=round(mean(value > NEARLY_ALIKE for value in known), 4) if known else 0.0,
        )

    def _of(self, names: Sequence[str], is_after: bool) -> list[_Read]:
        """Return the readings of each signer's own photos, in each draw."""
        reads = []
        for lesson in self._lessons:
            used = lesson if is_after and lesson.trial.helps else None
            reads += [
                self._read(photo, used)
                for photo in self._static
                if photo.signer == lesson.signer and photo.signer in names
            ]
        return reads

    def _motion_after(self) -> float:
        wrong = 0
        for lesson in self._lessons:
            used = lesson if lesson.trial.helps else None
            own = [photo for photo in self._motion if photo.signer == lesson.signer]
            wrong += sum(not self._read(photo, used).is_right for photo in own)
        return wrong / len({lesson.seed for lesson in self._lessons})

    def _sittings(self) -> tuple[int, int, int, int]:
        """Count sequences of letters told to be another's: of strangers, of the signer's own."""
        told = sittings = owners = own_sittings = 0
        signers = sorted({photo.signer for photo in self._static})
        for lesson in (lesson for lesson in self._lessons if lesson.trial.helps):
            for number, signer in enumerate(signers):
                photos = [photo for photo in self._static if photo.signer == signer]
                random = np.random.default_rng(100 * lesson.seed + number)
                chosen = random.permutation(len(photos))[:MOST_SEEN]
                whose = WhoseHand()
                for index in chosen:
                    whose.add(self._read(photos[index], lesson).nearness)
                if signer == lesson.signer:
                    own_sittings += 1
                    owners += whose.seems_another
                else:
                    sittings += 1
                    told += whose.seems_another
        return told, sittings, owners, own_sittings


def _likeness(photo: SeenPhoto, lesson: Lesson) -> float | None:
    """How like a photo is to the nearest taught one of its letter; None where none was taught."""
    of_letter = [n for n, taught in enumerate(lesson.hand.photos) if taught.label == photo.label]
    if not of_letter or photo.shown is None:
        return None
    return float(lesson.adaptation.likeness(photo.shown)[of_letter].max())


def _calibration_error(reads: Sequence[_Read]) -> float:
    """Return the expected calibration error of Guo et al. 2017, as `scores` defines it."""
    sure: NDArray[np.float64] = np.array([read.confidence for read in reads])
    right = np.array([read.is_right for read in reads])
    part = np.clip(np.ceil(sure * CALIBRATION_BINS).astype(int) - 1, 0, CALIBRATION_BINS - 1)
    gaps = [
        abs(float(right[part == n].sum()) - float(sure[part == n].sum()))
        for n in range(CALIBRATION_BINS)
    ]
    return sum(gaps) / max(len(reads), 1)
