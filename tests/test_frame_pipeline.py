import numpy as np
import pytest

from asl_core.frame_pipeline import FramePipeline
from asl_core.hands.crop import CropBox
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.letters.prediction import LetterPrediction
from asl_core.letters.preprocessing import Preprocessing

WIDTH, HEIGHT = 80, 60


class FixedDetector:
    """Finds one hand whose bounding box is 20 to 40 across and 10 to 40 down, or none."""

    def __init__(self, handedness="Right"):
        self.handedness, self.timestamps = handedness, []

    def detect(self, frame, timestamp_ms=0):
        self.timestamps.append(timestamp_ms)
        if self.handedness is None:
            return None
        points = np.zeros((21, 3), np.float32)
        points[:, 0] = np.linspace(20, 40, 21) / WIDTH
        points[:, 1] = np.linspace(10, 40, 21) / HEIGHT
        points[:, 2] = 0.25
        return HandDetection(HandLandmarks(points), self.handedness, 0.8)

    def close(self):
        """Nothing to free."""


class NotingRecognizer:
    """Keeps the views that it was given; says B."""

    classes = ("A", "B")
    preprocessing = Preprocessing(input_size=30, crop_scale=1.0)

    def __init__(self):
        self.views = []

    def recognize(self, hands):
        self.views += hands
        return [LetterPrediction(self.classes, np.array([0.2, 0.8], np.float32)) for _ in hands]


@pytest.fixture
def frame():
    return np.random.default_rng(4).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


def test_a_hand_is_boxed_cut_and_read(frame):
    recognizer = NotingRecognizer()
    reading = FramePipeline(FixedDetector(), recognizer).read(frame)
    assert (reading.width, reading.height) == (WIDTH, HEIGHT)
    assert reading.detection.handedness == "Right"
    assert reading.box == CropBox(15, 10, 30)
    assert (reading.crop == frame[10:40, 15:45]).all()
    assert reading.prediction.best.label == "B"
    (view,) = recognizer.views
    assert view.crop is reading.crop
    assert view.points[0].tolist() == [20, 10, 20]
    assert view.points[20].tolist() == [40, 40, 20]
    assert view.is_left is False


def test_a_left_hand_is_announced(frame):
    recognizer = NotingRecognizer()
    FramePipeline(FixedDetector("Left"), recognizer).read(frame)
    assert recognizer.views[0].is_left is True


def test_without_a_hand_nothing_is_guessed(frame):
    recognizer = NotingRecognizer()
    reading = FramePipeline(FixedDetector(None), recognizer).read(frame)
    assert recognizer.views == []
    assert reading.detection is reading.box is reading.crop is reading.prediction is None
    assert (reading.width, reading.height) == (WIDTH, HEIGHT)


def test_the_timestamp_reaches_the_detector(frame):
    detector = FixedDetector()
    pipeline = FramePipeline(detector, NotingRecognizer())
    pipeline.read(frame)
    pipeline.read(frame, 33)
    assert detector.timestamps == [0, 33]


def test_the_stages_add_up_to_the_total(frame):
    ms = FramePipeline(FixedDetector(), NotingRecognizer()).read(frame).ms
    assert min(ms.detect, ms.classify) > 0
    assert ms.total == pytest.approx(ms.detect + ms.classify)


def test_a_model_of_whole_pictures_seeks_no_hand(frame):
    detector, recognizer = FixedDetector(), NotingRecognizer()
    recognizer.preprocessing = Preprocessing(input_size=40, view="whole")
    reading = FramePipeline(detector, recognizer).read(frame)
    assert detector.timestamps == []
    assert reading.detection is None
    assert reading.is_whole_frame
    assert reading.box.as_list() == [0, 0, WIDTH, HEIGHT]
    assert reading.crop.shape == (40, 40, 3)
    assert reading.prediction.best.label == "B"
    (view,) = recognizer.views
    assert view.points is None
    assert (reading.ms.detect, reading.ms.classify) == (0.0, reading.ms.total)


def test_a_hand_crop_is_no_whole_frame(frame):
    assert not FramePipeline(FixedDetector(), NotingRecognizer()).read(frame).is_whole_frame
