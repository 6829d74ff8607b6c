"""Reads labelled photos the way a person's own photo is read, in this process or in several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from asl_core import images
from asl_core.errors import ImageError
from asl_core.evaluation.worker_pool import WorkerPool
from asl_core.images import Frame
from asl_core.photos.photo_set import LabelledPhoto
from asl_core.records.evaluation_report import PhotoResult

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline, FrameReading

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in the brightness that people see (ITU-R BT.601)."""


@dataclass(frozen=True)
class UnreadablePhoto:
    """A photo that could not be decoded, and the sentence that says why."""

    photo_id: str
    reason: str


PhotoOutcome = PhotoResult | UnreadablePhoto


@dataclass(frozen=True)
class PipelinePool(WorkerPool["FramePipeline"]):
    """Several processes, each with a pipeline of its own that `load` makes.

    `load` must be picklable, such as `functools.partial(load_photo_pipeline, folder, threads=1)`.
    """

    def read(self, photos: Sequence[LabelledPhoto]) -> Iterator[PhotoOutcome]:
        """Give the outcome of each photo, in the order of `photos`.

        Raises:
            RunError: a process ended unexpectedly.
        """
        return self.each(read_photo, photos)


def load_photo_pipeline(
    run_folder: Path, threads: int | None = None, picture_only: bool = False
) -> "FramePipeline":
    """Load the model of a run with a detector in photo mode.

    `threads` limits how many processor cores the network uses, None leaves it to torch. With
    `picture_only` the landmark network has no say.

    Raises:
        ModelFileError: the model or the detector's file is missing, altered or does not fit.
    """
    # Imported here, so that a worker needs torch and MediaPipe only where its pipeline does.
    import torch

    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import MediaPipeHandDetector
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.recognizer import LetterRecognizer

    if threads is not None:
        torch.set_num_threads(threads)
    checkpoint = Checkpoint.load(run_folder)
    if picture_only:
        checkpoint = checkpoint.without_landmarks()
    return FramePipeline(MediaPipeHandDetector("photo"), LetterRecognizer(checkpoint))


def read_photo(pipeline: "FramePipeline", photo: LabelledPhoto) -> PhotoOutcome:
    """Decode and read one photo."""
    try:
        frame = images.read(photo.path)
    except ImageError as error:
        # A report travels, so it names the photo and not where it lies on this machine.
        return UnreadablePhoto(photo.photo_id, str(error).replace(str(photo.path), "The file"))
    return _result(photo, frame, pipeline.read(frame))


def _result(photo: LabelledPhoto, frame: Frame, reading: "FrameReading") -> PhotoResult:
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
