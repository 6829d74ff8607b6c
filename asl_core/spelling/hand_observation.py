"""What one frame says to the speller."""

from dataclasses import dataclass

from asl_core.letters.motion_letter import MotionLetter
from asl_core.letters.prediction import LetterPrediction


@dataclass(frozen=True)
class HandObservation:
    """One frame of a stream, as far as spelling is concerned.

    `time_s` is in seconds of a clock that only rises. `prediction` is None where no hand was seen.
    `speed` is the hand's, in palm lengths per second. `motion_letter` is the J or Z that this frame
    completed. `is_tracing` says that the stroke of a J or Z seems to be under way.
    """

    time_s: float
    prediction: LetterPrediction | None
    speed: float
    motion_letter: MotionLetter | None = None
    is_tracing: bool = False
