"""A frame that was read in the visitor's own browser: what was found there, and no pixels."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from asl_core.frame_pipeline import FrameReading, StageTimes
from asl_core.frame_speller import StreamReader
from asl_core.hands.crop import box_around
from asl_core.hands.landmarks import HandDetection
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import MotionReader
from asl_core.letters.networks import PictureAnswer
from asl_core.live.camera_hints import Light

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer


@dataclass(frozen=True)
class DeviceFrame:
    """What a browser found in one frame of its camera.

    `width` and `height` are the unmirrored frame's in pixels; `number` and `time_s` rise from frame
    to frame, `time_s` in seconds of the browser's own clock. Without a hand `detection` and
    `log_probabilities` are None; with one the latter are the picture network's, float32 `(C,)` in
    the model's class order, None where the browser was told to leave it out, and `features`,
    float32 `(F,)`, its features by which hands are compared, `(0,)` where the browser was not asked
    for them. `detect_ms` and `classify_ms` are the times that the browser needed.
    """

    number: int
    time_s: float
    width: int
    height: int
    light: Light
    detection: HandDetection | None = None
    log_probabilities: NDArray[np.float32] | None = None
    features: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    detect_ms: float = 0.0
    classify_ms: float = 0.0


class DevicePipeline:
    """Names the letter of a DeviceFrame: the other half of a FramePipeline.

    The landmark network, the fusion of both networks and the calibration are the recognizer's.
    """

    def __init__(self, recognizer: "LetterRecognizer") -> None:
        self.recognizer = recognizer

    def read(self, seen: DeviceFrame, timestamp_ms: int = 0, /) -> FrameReading:
        """Read one frame; `timestamp_ms` is not needed, as no detector runs here.

        The times of the reading are the browser's, with those of this half added.

        Raises:
            ValueError: the log-probabilities are not those of the model's classes; or there are
                none, and the model reads no hand without its picture.
        """
        del timestamp_ms
        started = time.perf_counter()
        box = prediction = None
        if seen.detection is not None:
            landmarks = seen.detection.landmarks
            scale = self.recognizer.preprocessing.crop_scale
            box = box_around(landmarks, seen.width, seen.height, scale)
            picture = None
            if seen.log_probabilities is not None:
                picture = PictureAnswer(seen.log_probabilities, seen.features)
            prediction = self.recognizer.recognize_seen(
                picture,
                landmarks.pixels_3d(seen.width, seen.height),
                seen.detection.handedness == "Left",
            )
        classify = seen.classify_ms + (time.perf_counter() - started) * 1e3
        times = StageTimes(seen.detect_ms, classify, seen.detect_ms + classify)
        return FrameReading(seen.width, seen.height, seen.detection, box, None, prediction, times)

    def close(self) -> None:
        """Nothing is held."""


def device_stream(
    recognizer: "LetterRecognizer", motion: MotionModel | None
) -> StreamReader[DeviceFrame]:
    """Open a stream of what one browser finds, around the shared models."""
    return StreamReader(DevicePipeline(recognizer), MotionReader(motion) if motion else None)
