import dataclasses

import numpy as np
import pytest

from asl_core.frame_pipeline import FramePipeline
from asl_core.hands.crop import CropBox
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.letters.model_file import Calibration
from asl_core.letters.prediction import HandEvidence, LetterPrediction
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

    classes: tuple[str, ...] = ("A", "B")
    preprocessing = Preprocessing(input_size=30, crop_scale=1.0)
    calibration = Calibration(rejection_threshold=0.75)

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


def hand_from(left, is_sure):
    """A hand whose bounding box starts `left` pixels from the left and is 20 by 30 pixels."""
    points = np.zeros((21, 3), np.float32)
    points[:, 0] = np.linspace(left, left + 20, 21) / WIDTH
    points[:, 1] = np.linspace(10, 40, 21) / HEIGHT
    return HandDetection(HandLandmarks(points), "Right", 0.8, is_sure=is_sure)


class SearchingDetector:
    """Finds `first` in the Frame itself, then `further`; counts what was asked for."""

    def __init__(self, first, further):
        self.found, self.looks = [hand for hand in (first, *further) if hand is not None], 0

    def detect(self, frame, timestamp_ms=0):
        raise AssertionError("a detector that can search is asked to")

    def search(self, frame, timestamp_ms=0):
        for hand in self.found:
            self.looks += 1
            yield hand

    def close(self):
        """Nothing to free."""


class RecognizerByPlace(NotingRecognizer):
    """Gives B the share that is written for the hand's left edge in pixels."""

    def __init__(self, shares):
        super().__init__()
        self.shares = shares

    def recognize(self, hands):
        self.views += hands
        given = [self.shares[round(float(hand.points[0, 0]))] for hand in hands]
        return [LetterPrediction(self.classes, np.array([1 - b, b], np.float32)) for b in given]


def read_by_search(frame, first, further, shares):
    detector, recognizer = SearchingDetector(first, further), RecognizerByPlace(shares)
    return FramePipeline(detector, recognizer).read(frame), detector


def test_a_certain_answer_needs_no_further_look(frame):
    further = [hand_from(21, False)]
    reading, detector = read_by_search(frame, hand_from(20, True), further, {20: 0.76, 21: 0.1})
    assert (detector.looks, reading.views) == (1, 1)


def test_no_look_is_made_once_the_mean_of_them_is_certain(frame):
    further = [hand_from(left, False) for left in (21, 22, 23)]
    shares = {20: 0.6, 21: 0.8, 22: 0.9, 23: 0.0}
    reading, detector = read_by_search(frame, hand_from(20, True), further, shares)
    assert (detector.looks, reading.views) == (3, 3)
    assert reading.prediction.best.confidence == pytest.approx(2.3 / 3)


def test_an_answer_that_stays_uncertain_takes_every_look_of_the_detector(frame):
    reading, detector = read_by_search(frame, None, [hand_from(20, False)] * 9, {20: 0.6})
    assert detector.looks == reading.views == 9


@pytest.mark.parametrize(
    ("shares", "looks"),
    [
        ({20: 0.55, 21: 0.55, 22: 0.55, 23: 0.55}, 4),
        ({20: 0.7, 21: 0.72, 22: 0.7, 23: 0.7}, 3),
        ({20: 0.72, 21: 0.76, 22: 0.1, 23: 0.1}, 4),
    ],
    ids=["open", "decided", "open again"],
)
def test_no_further_look_is_made_that_is_unlikely_to_change_the_letter(frame, shares, looks):
    """After three looks the first letter is ahead by 0.3, 1.24 or 0.16, and one look is left."""
    further = [hand_from(left, False) for left in (21, 22, 23)]
    reading, detector = read_by_search(frame, hand_from(20, True), further, shares)
    assert (detector.looks, reading.views) == (looks, looks)


@pytest.mark.parametrize(("own", "looks"), [(0.6, 2), (0.8, 1)])
def test_whether_to_search_is_decided_by_the_model_before_its_taught_hand(
    frame, own, looks, monkeypatch
):
    """A taught hand that is sure, and may be another's, must not spare the further looks."""
    detector = SearchingDetector(hand_from(20, True), [hand_from(20, False)])
    recognizer = RecognizerByPlace({20: 0.99})
    evidence = HandEvidence(np.log(np.array([1 - own, own], np.float32)), np.ones(1), None)
    plain = recognizer.recognize

    def with_evidence(hands):
        return [dataclasses.replace(answer, evidence=evidence) for answer in plain(hands)]

    monkeypatch.setattr(recognizer, "recognize", with_evidence)
    reading = FramePipeline(detector, recognizer).read(frame)
    assert detector.looks == looks
    assert reading.prediction.best.confidence == pytest.approx(0.99)


def test_an_uncertain_answer_is_averaged_with_those_of_other_views(frame):
    further = [hand_from(21, False), hand_from(22, False)]
    shares = {20: 0.7, 21: 0.1, 22: 0.25}
    reading, _ = read_by_search(frame, hand_from(20, True), further, shares)
    assert reading.views == 3
    assert reading.prediction.best.label == "A"
    assert reading.prediction.probabilities.tolist() == pytest.approx([0.65, 0.35])
    assert reading.box == CropBox(15, 10, 30)
    assert reading.ms.total == pytest.approx(reading.ms.detect + reading.ms.classify)


def test_an_uncertain_answer_stays_where_no_other_view_finds_a_hand(frame):
    reading, detector = read_by_search(frame, hand_from(20, True), [], {20: 0.6})
    assert (detector.looks, reading.views) == (1, 1)
    assert reading.prediction.best.confidence == pytest.approx(0.6)


def test_a_hand_that_only_other_views_find_is_shown_by_the_surest_of_them(frame):
    shares = {21: 0.6, 22: 0.9}
    further = [hand_from(21, False), hand_from(22, False)]
    reading, _ = read_by_search(frame, None, further, shares)
    assert reading.views == 2
    assert reading.prediction.best.confidence == pytest.approx(0.75)
    assert reading.box == CropBox(17, 10, 30)


@pytest.mark.parametrize("confidence", [0.6, 0.88, 0.92], ids=str)
def test_a_single_other_view_must_be_very_sure(frame, confidence):
    reading, _ = read_by_search(frame, None, [hand_from(21, False)], {21: confidence})
    assert (reading.detection is not None) == (confidence > 0.9)


@pytest.mark.parametrize(("count", "is_hand"), [(1, False), (2, True), (3, True)], ids=str)
def test_two_other_views_need_half_the_confidence(frame, count, is_hand):
    further = [hand_from(21, False)] * count
    reading, _ = read_by_search(frame, None, further, {21: 0.55})
    assert (reading.detection is not None) == is_hand


class UndecidedRecognizer(NotingRecognizer):
    """Does not know: every one of its letters is as probable."""

    def __init__(self, letters):
        super().__init__()
        self.classes = tuple(letters)

    def recognize(self, hands):
        share = np.full(len(self.classes), 1 / len(self.classes), np.float32)
        return [LetterPrediction(self.classes, share) for _ in hands]


def test_a_doubtful_hand_without_a_clear_letter_is_none(frame):
    detector = SearchingDetector(None, [hand_from(21, False)])
    reading = FramePipeline(detector, UndecidedRecognizer("ABCD")).read(frame)
    assert reading.detection is reading.box is reading.crop is reading.prediction is None


@pytest.mark.parametrize(("letters", "is_likely"), [("ABCD", True), ("ABCDEF", False)])
@pytest.mark.parametrize("count", [3, 4, 7])
def test_a_hand_that_four_other_views_show_needs_only_a_likely_letter(
    frame, count, letters, is_likely
):
    detector = SearchingDetector(None, [hand_from(21, False)] * count)
    reading = FramePipeline(detector, UndecidedRecognizer(letters)).read(frame)
    assert (reading.detection is not None) == (count >= 4 and is_likely)
