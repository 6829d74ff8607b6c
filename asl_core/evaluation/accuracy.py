"""Measures a run on labelled photos: every photo goes the way a person's own photo goes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from asl_core.alphabet import COMMAND_CLASSES, KAGGLE_CLASSES, MOTION_LETTERS, STATIC_LETTERS
from asl_core.evaluation.measurement import Measurement
from asl_core.images import LUMA, Frame
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.records.evaluation_report import (
    NO_HAND,
    CalibrationBin,
    EvaluationReport,
    LeftOut,
    LetterScore,
    PhotoResult,
    SourceScore,
    Summary,
)

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline


def measure_accuracy(
    measurement: Measurement["FramePipeline"], photo_set: PhotoSet
) -> EvaluationReport:
    """Read every photo of the split and score the answers.

    Photos whose label is not a class of the model are counted in `left_out` and not read; photos
    that cannot be decoded are listed in `unreadable` and are in no figure.

    Raises:
        PhotoSetError: there is no such split, or no readable photo of a static letter in it.
        RunError: the model's classes cannot be read, or a worker process ended unexpectedly.
    """
    classes = measurement.run.classes
    chosen = measurement.chosen(photo_set)
    results, unreadable = measurement.read(read_photo, chosen.with_labels(classes).photos)
    if not static_only(results):
        raise measurement.nothing_read()
    motion = [photo for photo in results if photo.label in MOTION_LETTERS]
    commands = [photo for photo in results if photo.label in COMMAND_CLASSES]
    bins = calibration_bins(results)
    return EvaluationReport(
        **measurement.head,
        photo_set=measurement.material,
        classes=classes,
        overall=summarize(results),
        static=summarize(static_only(results)),
        motion=summarize(motion) if motion else None,
        letters=letter_scores(results, classes),
        confusion=confusion_counts(results, classes),
        expected_calibration_error=expected_calibration_error(bins),
        calibration=bins,
        sources=source_scores(results),
        photos=tuple(results),
        unreadable=unreadable,
        left_out=_left_out(chosen.photos, classes),
        commands=summarize(commands) if commands else None,
    )


def _left_out(photos: Sequence[LabelledPhoto], classes: Sequence[str]) -> tuple[LeftOut, ...]:
    counts = Counter(photo.label for photo in photos if photo.label not in classes)
    return tuple(LeftOut(label, counts[label]) for label in KAGGLE_CLASSES if counts[label])


def read_photo(pipeline: "FramePipeline", photo: LabelledPhoto, frame: Frame) -> PhotoResult:
    """Read one photo the way a person's own photo is read."""
    reading = pipeline.read(frame)
    detection, box, prediction = reading.detection, reading.box, reading.prediction
    points = detection.landmarks.points[:, :2].tolist() if detection else []
    ranked = prediction.top(3) if prediction else ()
    top = tuple((entry.label, round(entry.confidence, 4)) for entry in ranked)
    return PhotoResult(
        photo_id=photo.photo_id,
        source=photo.source,
        signer=photo.signer,
        label=photo.label,
        label_note=photo.label_note,
        predicted=top[0][0] if top else None,
        confidence=top[0][1] if top else None,
        top=top,
        handedness=detection.handedness if detection else None,
        box=(box.left, box.top, box.right, box.bottom) if box else None,
        landmarks=tuple((round(x, 4), round(y, 4)) for x, y in points),
        width=reading.width,
        height=reading.height,
        brightness=round(float(frame.mean(axis=(0, 1)) @ np.array(LUMA)), 1),
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
