"""What do the further looks at a photo give, which find hands and settle doubts?

    python -m benchmarks.finder_ablation ../shared/photos

Reads the validation photos with one look, and beside it what the shipped run's evaluation says of
the same photos read the whole way. Clear static letters, no hand is wrong, each signer weighs the
same. docs/experiments.md tells what was found.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray

from asl_core import images
from asl_core.alphabet import STATIC_LETTERS
from asl_core.frame_pipeline import FramePipeline
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.hands.landmarks import HandDetection
from asl_core.images import Frame
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.evaluation_report import PhotoResult
from asl_core.records.signer_accuracy import CLEAR_NOTES
from asl_core.records.training_run import SHIPPED_RUN, named_run
from benchmarks.signer_ablation import with_interval

SPLIT = "validation"


class OneLook:
    """A detector that looks at a photo as it is, and never again."""

    def __init__(self, detector: MediaPipeHandDetector) -> None:
        self._detector = detector

    def detect(self, frame: Frame, timestamp_ms: int = 0) -> HandDetection | None:
        """Return the largest hand of an RGB uint8 `(H, W, 3)` Frame, or None."""
        return self._detector.detect(frame, timestamp_ms)

    def close(self) -> None:
        """Free the detector."""
        self._detector.close()


def clear_photos(photos: Iterable[PhotoResult]) -> list[PhotoResult]:
    """Return the photos of static letters that people tell by eye as well."""
    return [p for p in photos if p.label in STATIC_LETTERS and p.label_note in CLEAR_NOTES]


def shares_by_signer(
    photos: list[PhotoResult], answers: list[str | None]
) -> tuple[NDArray[np.float64], float]:
    """Return each signer's share of right answers, in the order of names, and that without one."""
    names = sorted({photo.signer for photo in photos})
    right: dict[str, list[bool]] = {name: [] for name in names}
    for photo, answer in zip(photos, answers, strict=True):
        right[photo.signer].append(answer == photo.label)
    none = float(np.mean([answer is None for answer in answers]))
    return np.array([np.mean(right[name]) for name in names]), none


def table(photos: list[PhotoResult], read: Callable[[PhotoResult], str | None]) -> str:
    """Compare what `read` says of each photo with what the evaluation says."""
    once, none_once = shares_by_signer(photos, [read(photo) for photo in photos])
    whole, none_whole = shares_by_signer(photos, [photo.predicted for photo in photos])
    gained = with_interval(whole - once, signed=True)
    return "\n".join(
        [
            "| looks | right | no hand | gained |",
            "|---|---:|---:|---:|",
            f"| one | {with_interval(once)} | {none_once:.2%} | |",
            f"| as shipped | {with_interval(whole)} | {none_whole:.2%} | {gained} |",
        ]
    )


def main(photos: Path) -> None:
    """Print the table."""
    run = named_run(SHIPPED_RUN)
    paths = {p.photo_id: p.path for p in read_photo_set(photos).of_split(SPLIT).photos}
    counted = clear_photos(run.evaluation(f"photos-{SPLIT}").photos)
    with MediaPipeHandDetector("photo") as detector:
        pipeline = FramePipeline(OneLook(detector), LetterRecognizer.load(run.folder))

        def read(photo: PhotoResult) -> str | None:
            reading = pipeline.read(images.read(paths[photo.photo_id]))
            return reading.prediction.best.label if reading.prediction is not None else None

        typer.echo(table(counted, read))


if __name__ == "__main__":
    typer.run(main)
