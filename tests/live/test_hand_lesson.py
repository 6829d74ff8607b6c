"""The guided minute: which letter is asked, when one counts, and what a camera does with it."""

import threading

import numpy as np
import pytest

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.errors import ModelFileError
from asl_core.frame_speller import StreamReader
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.prediction import HandEvidence, LetterPrediction
from asl_core.letters.preprocessing import Preprocessing
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame, DevicePipeline
from asl_core.live.hand_lesson import (
    CHANGE_S,
    DOUBTFUL_HOLD_S,
    HOLD_S,
    ROUNDS,
    HandLesson,
    LessonVisit,
)
from asl_core.spelling.signs import HandObservation

FPS = 20
EMPTY = TaughtHand("fake", "ab" * 32)


def prediction(letter):
    shares = np.full(len(LETTERS), 0.1 / 25, np.float32)
    shares[LETTERS.index(letter)] = 0.9
    features = np.eye(26, dtype=np.float32)[LETTERS.index(letter)]
    return LetterPrediction(
        LETTERS, shares, evidence=HandEvidence(np.log(shares), features, features)
    )


class Signer:
    """Shows letters to a lesson, 20 frames a second."""

    def __init__(self, hand=EMPTY):
        self.lesson, self.time_s, self.taught = HandLesson(hand), 0.0, []

    def show(self, letter, seconds, speed=0.0):
        for _ in range(round(seconds * FPS)):
            self.time_s += 1 / FPS
            seen = prediction(letter) if letter else None
            taught = self.lesson.observe(HandObservation(self.time_s, seen, speed))
            if taught:
                self.taught.append(taught)
        return self.lesson.state


def test_a_letter_counts_once_it_was_held_and_the_next_is_asked():
    signer = Signer()
    state = signer.show("A", HOLD_S * 0.7)
    assert (state.letter, state.waits_for, signer.taught) == ("A", "hold", [])
    assert 0.5 < state.progress < 0.9
    state = signer.show("A", HOLD_S * 0.5)
    assert signer.taught == ["A"]
    assert (state.letter, state.taught, state.total) == ("B", 1, 48)


def test_the_last_letter_still_in_the_hand_is_not_taken_for_the_next():
    signer = Signer()
    assert signer.show("A", 30).waits_for == "change"
    assert signer.taught == ["A"]
    signer.show("B", CHANGE_S + HOLD_S + 0.2)
    assert signer.taught == ["A", "B"]


def test_a_moving_hand_and_no_hand_hold_nothing():
    signer = Signer()
    assert signer.show("A", 5, speed=2.0).waits_for == "stillness"
    assert signer.show(None, 1).waits_for == "hand"
    assert signer.taught == []


def test_a_hand_that_is_read_as_another_letter_has_to_wait_and_is_told():
    signer = Signer()
    state = signer.show("S", DOUBTFUL_HOLD_S * 0.8)
    assert (state.waits_for, state.read_as, signer.taught) == ("doubt", "S", [])
    signer.show("S", DOUBTFUL_HOLD_S * 0.4)
    assert signer.taught == ["A"]


def test_all_letters_come_twice_in_order_and_then_nothing_is_asked():
    signer = Signer()
    for letter in STATIC_LETTERS * ROUNDS:
        signer.show(letter, CHANGE_S + HOLD_S + 0.2)
    assert signer.taught == list(STATIC_LETTERS * ROUNDS)
    assert signer.lesson.state.letter is None
    assert signer.lesson.state.waits_for == "nothing"
    assert signer.show("A", 3).taught == 48


def test_a_lesson_goes_on_with_what_the_hand_knows():
    hand = EMPTY
    for letter in "ABD":
        hand = hand.with_photo(letter, prediction(letter).evidence)
    assert Signer(hand).lesson.state.letter == "C"


def test_skipping_leaves_a_letter_out_of_one_round():
    signer = Signer()
    signer.lesson.skip()
    assert signer.lesson.state.letter == "B"
    for letter in STATIC_LETTERS[1:]:
        signer.show(letter, CHANGE_S + HOLD_S + 0.2)
    assert signer.lesson.state.letter == "A"


def test_the_last_photo_can_be_taken_again():
    signer = Signer()
    signer.show("A", HOLD_S + 0.2)
    signer.show("B", CHANGE_S + HOLD_S + 0.2)
    signer.lesson.repeat()
    assert signer.lesson.hand.letters == ("A",)
    assert signer.lesson.state.letter == "B"
    signer.lesson.repeat()
    signer.lesson.repeat()
    assert not signer.lesson.hand.photos


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
