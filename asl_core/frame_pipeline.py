"""From a Frame to what can be read in it: detect, box, crop, recognise."""

import time
from dataclasses import dataclass

from asl_core.hands.crop import CropBox, box_around, cut
from asl_core.hands.detector import HandDetector
from asl_core.hands.landmarks import HandDetection
from asl_core.images import Frame
from asl_core.letters.prediction import LetterPrediction
from asl_core.letters.recognizer import HandView, LetterRecognizer


@dataclass(frozen=True)
class StageTimes:
    """Wall time of each stage in milliseconds; `classify` covers crop and recognition."""

    detect: float
    classify: float
    total: float


@dataclass(frozen=True)
class FrameReading:
    """What one Frame gave.

    Without a hand `detection`, `box`, `crop` and `prediction` are None. `width` and `height` are
    the Frame's, `crop` is the RGB square that the network saw, uint8 `(S, S, 3)`.
    """

    width: int
    height: int
    detection: HandDetection | None
    box: CropBox | None
    crop: Frame | None
    prediction: LetterPrediction | None
    ms: StageTimes


class FramePipeline:
    """One detector and one recognizer in a row; as thread-safe as its detector, that is not."""

    def __init__(self, detector: HandDetector, recognizer: LetterRecognizer) -> None:
        self.detector = detector
        self.recognizer = recognizer

    def read(self, frame: Frame, timestamp_ms: int = 0) -> FrameReading:
        """Read the largest hand of an RGB uint8 `(H, W, 3)` Frame.

        `timestamp_ms` is for detectors in video mode. Nothing is guessed where no hand is found.
        """
        started = time.perf_counter()
        height, width = frame.shape[:2]
        detection = self.detector.detect(frame, timestamp_ms)
        detected = time.perf_counter()
        box = crop = prediction = None
        if detection is not None:
            settings = self.recognizer.preprocessing
            box = box_around(detection.landmarks, width, height, settings.crop_scale)
            crop = cut(frame, box, settings.input_size)
            view = HandView(
                crop=crop,
                points=detection.landmarks.pixels_3d(width, height),
                is_left=detection.handedness == "Left",
            )
            prediction = self.recognizer.recognize([view])[0]
        finished = time.perf_counter()
        times = StageTimes(
            detect=(detected - started) * 1e3,
            classify=(finished - detected) * 1e3,
            total=(finished - started) * 1e3,
        )
        return FrameReading(width, height, detection, box, crop, prediction, times)
