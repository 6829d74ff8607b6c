"""A lesson before a camera: of video, and as a visitor's browser reads it."""

import threading

import numpy as np
import pytest

from asl_core.errors import ModelFileError
from asl_core.frame_speller import StreamReader
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, LetterPrediction
from asl_core.letters.preprocessing import Preprocessing
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame, DevicePipeline
from asl_core.live.lesson_visit import LessonVisit

EMPTY = TaughtHand("fake", "ab" * 32)


@pytest.fixture
def closings():
    return []


@pytest.fixture
def pictures_of_letters(colour_pipeline, closings):
    """Return a pipeline that reads A in red 100, with evidence; its closings are counted."""
    plain = colour_pipeline.recognizer.recognize

    def recognize(hands):
        evidence = HandEvidence(np.log(np.full(3, 1 / 3, np.float32)), np.ones(2, np.float32), None)
        return [
            LetterPrediction(p.classes, p.probabilities, evidence=evidence) for p in plain(hands)
        ]

    colour_pipeline.recognizer.recognize = recognize
    colour_pipeline.detector.close = lambda: closings.append(True)
    return colour_pipeline


def red(value):
    frame = np.zeros((60, 80, 3), np.uint8)
    frame[..., 0] = value
    return frame


def test_a_camera_teaches_and_frees_its_detector(pictures_of_letters, closings):
    clock = iter(np.arange(0, 60, 0.05))
    visit = LessonVisit(
        lambda source: StreamReader(pictures_of_letters), EMPTY, clock=lambda: float(next(clock))
    )
    for _ in range(40):
        shown = visit.on_frame(red(100))
        assert shown.shape == (60, 80, 3)
    assert visit.hand.letters == ("A",)
    assert visit.state.letter == "B"
    assert visit.error is None
    visit.end_stream()
    visit.end_stream()
    assert closings == [True]
    assert visit.hand.letters == ("A",)


def test_frames_from_several_threads_teach_a_letter_once(pictures_of_letters):
    visit = LessonVisit(lambda source: StreamReader(pictures_of_letters), EMPTY)

    def send():
        for _ in range(60):
            visit.on_frame(red(100))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert visit.hand.count("A") <= 1
    assert not visit.hand.without_letter("A").photos
    visit.end_stream()


def test_a_missing_detector_becomes_a_sentence_and_the_plain_frame_comes_back():
    def refuse(source):
        raise ModelFileError("hand_landmarker.task is missing.")

    visit = LessonVisit(refuse, EMPTY)
    frame = red(100)
    assert visit.on_frame(frame) is frame
    assert visit.error == "hand_landmarker.task is missing."


def seen_by_a_browser(number, letter=0):
    """Make what a browser finds in a frame: a hand that the picture network takes for A."""
    points = np.linspace(0.3, 0.6, 63, dtype=np.float32).reshape(21, 3)
    shares = np.full(3, 0.02, np.float32)
    shares[letter] = 0.96
    return DeviceFrame(
        *(number, number * 0.05, 640, 480, Light(120.0, 120.0)),
        HandDetection(HandLandmarks(points), "Right", 0.9),
        np.log(shares),
        np.ones(4, np.float32),
    )


class BrowserRecognizer:
    """Believes the browser's picture network, and keeps its features as evidence."""

    preprocessing = Preprocessing(input_size=16, crop_scale=1.4)

    def recognize_seen(self, picture, points, is_left):
        evidence = HandEvidence(picture.log_probabilities, picture.features, None)
        shares = np.exp(picture.log_probabilities)
        return LetterPrediction(("A", "B", "J"), shares, evidence=evidence)


def lesson_on_a_device():
    clock = iter(np.arange(0, 60, 0.05))
    lesson = LessonVisit(
        lambda source: StreamReader(DevicePipeline(BrowserRecognizer())),
        EMPTY,
        clock=lambda: float(next(clock)),
    )
    lesson.source = "device"
    return lesson


def test_what_a_browser_finds_teaches_its_features():
    lesson = lesson_on_a_device()
    marks = [lesson.on_device_frame(seen_by_a_browser(n), n * 0.05) for n in range(1, 40)]
    assert all(marks)
    assert lesson.hand.letters == ("A",)
    assert lesson.hand.photos[0].evidence.picture.shape == (4,)
    assert lesson.state.letter == "B"


def test_frames_of_a_source_that_was_left_are_not_taken():
    lesson = lesson_on_a_device()
    frame = red(100)
    assert lesson.on_frame(frame, "video") is frame
    lesson.on_device_frame(seen_by_a_browser(1), 0.05)
    lesson.source = "video"
    assert lesson.snapshot() is None
    assert lesson.on_device_frame(seen_by_a_browser(2), 0.1) is None
    lesson.end_device()
    assert lesson.hand is EMPTY


def test_a_frame_that_is_read_while_the_lesson_stops_teaches_nothing(pictures_of_letters):
    clock = iter(np.arange(0, 60, 0.05))
    lesson = LessonVisit(
        lambda source: StreamReader(pictures_of_letters), EMPTY, clock=lambda: float(next(clock))
    )
    while lesson.state.progress < 0.9:
        lesson.on_frame(red(100))
    plain = pictures_of_letters.recognizer.recognize

    def stopped_meanwhile(hands):
        lesson.end_stream()
        return plain(hands)

    pictures_of_letters.recognizer.recognize = stopped_meanwhile
    for _ in range(3):
        lesson.on_frame(red(100))
    assert lesson.hand is EMPTY
