"""From a Frame to what can be read in it: detect, box, crop, recognise."""

import time
from dataclasses import dataclass

from asl_core.hands.crop import CropBox, WholeFrame, box_around, cut, stretch
from asl_core.hands.detector import HandDetector
from asl_core.hands.landmarks import HandDetection
from asl_core.images import Frame
from asl_core.letters.prediction import LetterPrediction
from asl_core.letters.recognizer import HandView, LetterRecognizer


@dataclass(frozen=True)
class StageTimes:
    """Wall time of each stage in milliseconds; `classify` covers crop and recognition.

    `detect` is 0 where no hand is sought.
    """

    detect: float
    classify: float
    total: float


@dataclass(frozen=True)
class FrameReading:
    """What one Frame gave.

    Without a hand `detection`, `box`, `crop` and `prediction` are None. `width` and `height` are
    the Frame's, `crop` is the RGB square that the network saw, uint8 `(S, S, 3)`. A model of whole
    pictures reads every Frame: `detection` is None and `box` is the whole Frame.
    """

    width: int
    height: int
    detection: HandDetection | None
    box: CropBox | WholeFrame | None
    crop: Frame | None
    prediction: LetterPrediction | None
    ms: StageTimes

    @property
    def is_whole_frame(self) -> bool:
        """Whether the whole Frame was read, with no look at where a hand is."""
        return isinstance(self.box, WholeFrame)


class FramePipeline:
    """One detector and one recognizer in a row; as thread-safe as its detector, that is not."""

    def __init__(self, detector: HandDetector, recognizer: LetterRecognizer) -> None:
        self.detector = detector
        self.recognizer = recognizer

    def read(self, frame: Frame, timestamp_ms: int = 0) -> FrameReading:
        """Read the largest hand of an RGB uint8 `(H, W, 3)` Frame.

        `timestamp_ms` is for detectors in video mode. Nothing is guessed where no hand is found,
        unless the model was made for whole pictures: then no hand is sought.
        """
        if self.recognizer.preprocessing.view == "whole":
            return self._read_whole(frame)
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

    def _read_whole(self, frame: Frame) -> FrameReading:
        started = time.perf_counter()
        height, width = frame.shape[:2]
        crop = stretch(frame, self.recognizer.preprocessing.input_size)
        prediction = self.recognizer.recognize([HandView(crop, points=None)])[0]
        spent = (time.perf_counter() - started) * 1e3
        times = StageTimes(detect=0.0, classify=spent, total=spent)
        box = WholeFrame(width, height)
        return FrameReading(width, height, None, box, crop, prediction, times)
