"""Figures over photo results; a photo without a found hand is read as "no hand"."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from asl_core.alphabet import STATIC_LETTERS
from asl_core.records.evaluation_report import (
    NO_HAND,
    CalibrationBin,
    LetterScore,
    PhotoResult,
    SourceScore,
    Summary,
)

CALIBRATION_BINS = 15
"""Equal parts of 0-1 that confidences are sorted into, as in Guo et al. 2017."""


def static_only(photos: Sequence[PhotoResult]) -> list[PhotoResult]:
    """Return the photos of the 24 letters that a still picture shows completely."""
    return [photo for photo in photos if photo.label in STATIC_LETTERS]


def answers(photos: Sequence[PhotoResult]) -> list[str]:
    """Return what each photo was read as, as `PhotoResult.answer` tells it."""
    return [photo.answer for photo in photos]


def labels_in(photos: Sequence[PhotoResult], classes: Sequence[str]) -> list[str]:
    """Return those of `classes` that have photos, in their order."""
    present = {photo.label for photo in photos}
    return [name for name in classes if name in present]


def summarize(photos: Sequence[PhotoResult]) -> Summary:
    """Summarize one or more photos, as `Summary` defines it.

    A label that was never predicted has precision 0.
    """
    truth, read = [photo.label for photo in photos], answers(photos)
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, read, labels=sorted(set(truth)), average="macro", zero_division=0
    )
    return Summary(
        photos=len(photos),
        accuracy=float(accuracy_score(truth, read)),
        top3_accuracy=_share(
            photo.is_right or photo.label in [name for name, _ in photo.top] for photo in photos
        ),
        macro_precision=float(precision),
        macro_recall=float(recall),
        macro_f1=float(f1),
        no_hand_rate=_share(photo.predicted is None for photo in photos),
    )


def letter_scores(photos: Sequence[PhotoResult], classes: Sequence[str]) -> tuple[LetterScore, ...]:
    """Score each of `classes` that has photos, in their order."""
    labels = labels_in(photos, classes)
    columns = precision_recall_fscore_support(
        [photo.label for photo in photos], answers(photos), labels=labels, zero_division=0
    )
    return tuple(
        LetterScore(label, float(precision), float(recall), float(f1), int(support))
        for label, precision, recall, f1, support in zip(labels, *columns, strict=True)
    )


def confusion_counts(
    photos: Sequence[PhotoResult], classes: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """Count photos of each of C `classes` (rows) by answer: C columns and one for no hand."""
    table = confusion_matrix(
        [photo.label for photo in photos], answers(photos), labels=[*classes, NO_HAND]
    )
    return tuple(tuple(int(count) for count in row) for row in table[:-1])


def calibration_bins(photos: Sequence[PhotoResult]) -> tuple[CalibrationBin, ...]:
    """Sort the photos with a hand into CALIBRATION_BINS; empty bins are left out."""
    edges = np.linspace(0, 1, CALIBRATION_BINS + 1)
    bins = []
    for low, high in pairwise(edges.tolist()):
        inside = [p for p in photos if p.confidence is not None and low < p.confidence <= high]
        if inside:
            confidence = float(np.mean([photo.confidence for photo in inside]))
            accuracy = _share(photo.is_right for photo in inside)
            bins.append(CalibrationBin(low, high, len(inside), confidence, accuracy))
    return tuple(bins)


def expected_calibration_error(bins: Sequence[CalibrationBin]) -> float:
    """Sum over the bins photos / all photos * |accuracy - confidence|, in 0-1.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3. Without photos it is 0.
    """
    total = sum(part.photos for part in bins)
    gaps = (part.photos * abs(part.accuracy - part.confidence) for part in bins)
    return sum(gaps) / max(total, 1)


def source_scores(photos: Sequence[PhotoResult]) -> tuple[SourceScore, ...]:
    """Score each signer over the static letters, sorted by source and signer."""
    signers: dict[tuple[str, str], list[PhotoResult]] = {}
    for photo in static_only(photos):
        signers.setdefault((photo.source, photo.signer), []).append(photo)
    return tuple(
        SourceScore(
            source=source,
            signer=signer,
            photos=len(theirs),
            accuracy=_share(photo.is_right for photo in theirs),
            no_hand_rate=_share(photo.predicted is None for photo in theirs),
        )
        for (source, signer), theirs in sorted(signers.items())
    )


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)
