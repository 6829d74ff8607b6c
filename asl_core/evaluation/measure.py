"""Measures a run on labelled photos: every photo goes the way a person's own photo goes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from asl_core.alphabet import COMMAND_CLASSES, KAGGLE_CLASSES, MOTION_LETTERS
from asl_core.errors import PhotoSetError
from asl_core.evaluation.photo_results import (
    PhotoOutcome,
    PipelinePool,
    UnreadablePhoto,
    read_photo,
)
from asl_core.evaluation.scores import (
    calibration_bins,
    confusion_counts,
    expected_calibration_error,
    letter_scores,
    source_scores,
    static_only,
    summarise,
)
from asl_core.frame_pipeline import FramePipeline
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.records.evaluation_report import EvaluationReport, LeftOut, PhotoResult

EVERY_SPLIT = "all"


def measure(
    pipeline: FramePipeline,
    photo_set: PhotoSet,
    split: str,
    run_name: str,
    photo_set_name: str,
    command: str,
    progress: Callable[[int, int], None] | None = None,
    pool: PipelinePool | None = None,
) -> EvaluationReport:
    """Read every photo of a split and score the answers.

    `split` is a split's name, or "all" for every photo. Photos whose label is not a class of the
    model are counted in `left_out` and not read; photos that cannot be decoded are listed in
    `unreadable` and are in no figure. `command` is what reproduces the report. `progress(done,
    total)` is called after each photo. With `pool` its processes read the photos, and `pipeline`
    gives only the classes.

    Raises:
        PhotoSetError: there is no such split, or no readable photo of a static letter in it.
        RunError: a process of `pool` ended unexpectedly.
    """
    classes = pipeline.recognizer.classes
    chosen = photo_set if split == EVERY_SPLIT else photo_set.of_split(split)
    known = chosen.with_labels(classes).photos
    outcomes = pool.read(known) if pool else (read_photo(pipeline, photo) for photo in known)
    results, unreadable = _sorted_out(outcomes, len(known), progress)
    if not static_only(results):
        raise PhotoSetError(
            f"{photo_set_name}, split {split!r}, has no readable photo of a static letter that "
            f"{run_name} knows."
        )
    motion = [photo for photo in results if photo.label in MOTION_LETTERS]
    commands = [photo for photo in results if photo.label in COMMAND_CLASSES]
    bins = calibration_bins(results)
    return EvaluationReport(
        run=run_name,
        photo_set=photo_set_name,
        split=split,
        command=command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        classes=classes,
        overall=summarise(results),
        static=summarise(static_only(results)),
        motion=summarise(motion) if motion else None,
        letters=letter_scores(results, classes),
        confusion=confusion_counts(results, classes),
        expected_calibration_error=expected_calibration_error(bins),
        calibration=bins,
        sources=source_scores(results),
        photos=tuple(results),
        unreadable=tuple(unreadable),
        left_out=_left_out(chosen.photos, classes),
        commands=summarise(commands) if commands else None,
    )


def _sorted_out(
    outcomes: Iterable[PhotoOutcome], total: int, progress: Callable[[int, int], None] | None
) -> tuple[list[PhotoResult], list[str]]:
    results: list[PhotoResult] = []
    unreadable: list[str] = []
    for done, outcome in enumerate(outcomes, start=1):
        if isinstance(outcome, UnreadablePhoto):
            unreadable.append(f"{outcome.photo_id}: {outcome.reason}")
        else:
            results.append(outcome)
        if progress:
            progress(done, total)
    return results, unreadable


def _left_out(photos: Sequence[LabelledPhoto], classes: Sequence[str]) -> tuple[LeftOut, ...]:
    counts = Counter(photo.label for photo in photos if photo.label not in classes)
    return tuple(LeftOut(label, counts[label]) for label in KAGGLE_CLASSES if counts[label])
