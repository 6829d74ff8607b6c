import numpy as np
import pytest

from asl_core.frame_pipeline import FramePipeline
from asl_core.hands.landmarks import HandDetection, HandLandmarks
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame, DevicePipeline

LIGHT = Light(120.0, 120.0)


@pytest.fixture(scope="module")
def recognizer():
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.records.training_run import SHIPPED_RUN, named_run

    return LetterRecognizer.load(named_run(SHIPPED_RUN).folder, "cpu").for_live()


class Fixed:
    """A detector that always finds the same hand."""

    def __init__(self, detection):
        self._detection = detection

    def detect(self, frame, timestamp_ms=0):
        return self._detection

    def close(self):
        pass


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_it_names_the_letter_that_the_whole_pipeline_names(recognizer, drawn_frame, side):
    from asl_core.drawing.drawn_letters import letter_landmarks

    frame = np.array(drawn_frame("L", 640, 480))
    detection = HandDetection(letter_landmarks("L", 640, 480), side, 0.9)
    whole = FramePipeline(Fixed(detection), recognizer).read(frame)
    answer = recognizer.networks.picture(whole.crop[None])
    picture, features = (part[0] for part in answer)
    seen = DeviceFrame(1, 0.0, 640, 480, LIGHT, detection, picture, features, 11.0, 22.0)
    reading = DevicePipeline(recognizer).read(seen)
    assert reading.box == whole.box
    assert reading.prediction.best.label == whole.prediction.best.label
    assert reading.prediction.probabilities == pytest.approx(
        whole.prediction.probabilities, abs=1e-6
    )
    assert reading.prediction.evidence.picture == pytest.approx(
        whole.prediction.evidence.picture, abs=1e-6
    )
    assert reading.ms.detect == 11.0
    assert reading.ms.classify >= 22.0


@pytest.mark.parametrize("sends_features", [True, False])
def test_a_taught_hand_has_its_say_where_features_come(recognizer, drawn_frame, sends_features):
    """A person whose L is nearly what others sign as D: taught by video, read on the device."""
    from asl_core.drawing.drawn_letters import letter_landmarks
    from asl_core.letters.adaptation.taught_hand import TaughtHand

    frame = np.array(drawn_frame("L", 640, 480))
    detection = HandDetection(letter_landmarks("L", 640, 480), "Right", 0.9)
    whole = FramePipeline(Fixed(detection), recognizer).read(frame)
    hand = TaughtHand(recognizer.name, recognizer.digest)
    for _ in range(2):
        hand = hand.with_photo("D", whole.prediction.evidence)
    picture, features = (part[0] for part in recognizer.networks.picture(whole.crop[None]))
    sent = (picture, features) if sends_features else (picture,)
    seen = DeviceFrame(1, 0.0, 640, 480, LIGHT, detection, *sent)
    adapted = recognizer.adapted(hand)
    said = DevicePipeline(adapted).read(seen).prediction
    knowing = FramePipeline(Fixed(detection), adapted).read(frame).prediction
    plain = whole.prediction
    assert np.abs(knowing.probabilities - plain.probabilities).max() > 0.001
    expected = knowing if sends_features else plain
    assert said.probabilities == pytest.approx(expected.probabilities, abs=1e-5)
    assert said.nearness == (pytest.approx(1, abs=1e-3) if sends_features else None)


def test_a_hand_without_its_picture_is_read_by_its_landmarks(recognizer):
    from asl_core.drawing.drawn_letters import letter_landmarks

    detection = HandDetection(letter_landmarks("L", 640, 480), "Right", 0.9)
    seen = DeviceFrame(1, 0.0, 640, 480, LIGHT, detection, detect_ms=11.0)
    reading = DevicePipeline(recognizer).read(seen)
    assert reading.box is not None
    assert reading.prediction.best.label == "L"
    assert reading.prediction.is_by_landmarks
    assert reading.prediction.landmarks_suffice


def test_a_model_without_landmarks_refuses_a_hand_without_its_picture(recognizer):
    points = np.linspace(0.2, 0.8, 63, dtype=np.float32).reshape(21, 3)
    detection = HandDetection(HandLandmarks(points), "Right", 0.9)
    seen = DeviceFrame(1, 0.0, 640, 480, LIGHT, detection)
    with pytest.raises(ValueError, match="no hand without its picture"):
        DevicePipeline(recognizer.without_landmarks()).read(seen)


def test_without_a_hand_nothing_is_named(recognizer):
    reading = DevicePipeline(recognizer).read(DeviceFrame(1, 0.0, 640, 480, LIGHT))
    assert (reading.detection, reading.box, reading.prediction) == (None, None, None)


def test_answers_of_another_model_are_refused(recognizer):
    points = np.linspace(0.2, 0.8, 63, dtype=np.float32).reshape(21, 3)
    detection = HandDetection(HandLandmarks(points), "Right", 0.9)
    seen = DeviceFrame(1, 0.0, 640, 480, LIGHT, detection, np.zeros(5, np.float32))
    with pytest.raises(ValueError, match="26 classes"):
        DevicePipeline(recognizer).read(seen)
