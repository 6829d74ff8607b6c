"""Measures a run on labelled photos: every photo goes the way a person's own photo goes."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from asl_core.alphabet import COMMAND_CLASSES, KAGGLE_CLASSES, MOTION_LETTERS
from asl_core.evaluation.measurement import Measurement, created_now
from asl_core.evaluation.scores import (
    calibration_bins,
    confusion_counts,
    expected_calibration_error,
    letter_scores,
    source_scores,
    static_only,
    summarize,
)
from asl_core.images import LUMA, Frame
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.records.evaluation_report import EvaluationReport, LeftOut, PhotoResult

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
        run=measurement.run.name,
        photo_set=measurement.material,
        split=measurement.split,
        command=measurement.command,
        created=created_now(),
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
