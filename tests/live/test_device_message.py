import math
import struct

import numpy as np
import pytest

from asl_core.errors import DeviceMessageError
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.device_message import MAX_MESSAGE_BYTES, answer_of, read_frame

CLASSES = 26
HEADER = "<BBHHHId5f"


def message(
    number=1,
    time_s=1.0,
    flags=1,
    points=None,
    answers=None,
    schema=3,
    size=(640, 480),
    unused=0,
    figures=(0.9, 120.0, 130.0, 12.0, 25.0),
    features=(),
):
    """Write a message as a browser does."""
    header = struct.pack(HEADER, schema, flags, *size, unused, number, time_s, *figures)
    if not flags & 1:
        return header
    if points is None:
        points = np.linspace(0.2, 0.8, 63)
    if flags & 4:
        answers = ()
    elif answers is None:
        answers = np.full(CLASSES, -math.log(CLASSES))
    return header + np.asarray([*points, *answers, *features], "<f4").tobytes()


def test_a_frame_with_a_left_hand_is_read_back():
    frame = read_frame(message(number=7, time_s=2.5, flags=3), CLASSES, None)
    assert (frame.number, frame.time_s, frame.width, frame.height) == (7, 2.5, 640, 480)
    assert frame.detection.handedness == "Left"
    assert frame.detection.score == pytest.approx(0.9)
    assert frame.detection.landmarks.points.shape == (21, 3)
    assert frame.detection.landmarks.points[20, 2] == pytest.approx(0.8)
    assert frame.log_probabilities.shape == (CLASSES,)
    assert (frame.light.frame, frame.light.hand) == (120.0, 130.0)
    assert (frame.detect_ms, frame.classify_ms) == (12.0, 25.0)


def test_a_frame_without_a_hand_has_nothing_but_its_light():
    frame = read_frame(message(flags=0, figures=(0, 90, -1, 8, 0)), CLASSES, None)
    assert frame.detection is None
    assert frame.log_probabilities is None
    assert frame.light.hand is None


def test_a_hand_may_come_without_its_picture():
    frame = read_frame(message(flags=7), CLASSES, None)
    assert frame.detection.handedness == "Left"
    assert frame.log_probabilities is None
    assert frame.features.size == 0
    assert (frame.light.hand, frame.classify_ms) == (130.0, 25.0)
    assert len(message(flags=5)) < len(message()) - 4 * CLASSES + 1


def test_a_hand_that_is_compared_never_comes_without_its_picture():
    assert read_frame(message(flags=5), CLASSES, None).detection is not None
    for features in ((), (1, 2, 3, 4)):
        with pytest.raises(DeviceMessageError, match="unknown flags 5"):
            read_frame(message(flags=5, features=features), CLASSES, None, feature_count=4)


def test_features_are_read_where_they_were_asked_for():
    features = np.linspace(0, 3, 512)
    frame = read_frame(message(features=features), CLASSES, None, feature_count=512)
    assert frame.features == pytest.approx(features)
    assert frame.log_probabilities.shape == (CLASSES,)
    assert read_frame(message(flags=0), CLASSES, None, feature_count=512).features.size == 0
    assert read_frame(message(), CLASSES, None).features.size == 0


@pytest.mark.parametrize(
    ("sent", "asked"),
    [((), 4), ((1, 2, 3), 4), ((1, 2, 3, 4), 0), ((1, math.nan), 2), ((math.inf, 1), 2)],
    ids=["none", "too few", "not asked for", "no number", "endless"],
)
def test_other_features_than_those_that_were_asked_for_are_refused(sent, asked):
    with pytest.raises(DeviceMessageError):
        read_frame(message(features=sent), CLASSES, None, feature_count=asked)


def test_a_whole_message_is_far_below_the_limit():
    assert len(message()) == pytest.approx(400, rel=0.02)  # the pages say so
    with_features = len(message(features=[0.0] * 512))
    assert with_features == pytest.approx(2400, rel=0.02)
    assert with_features < MAX_MESSAGE_BYTES


BROKEN = {
    "nothing": b"",
    "a part": message()[:30],
    "one byte too few": message()[:-1],
    "one byte too many": message() + b"\0",
    "another schema": message(schema=2),
    "an unknown flag": message(flags=9),
    "a left hand that is not there": message(flags=2),
    "a picture left out of no hand": message(flags=4),
    "a picture that was left out and came": message(flags=5, features=[-3.2] * CLASSES),
    "a picture that is missing": message(features=())[: 40 + 4 * 63],
    "a filled gap": message(unused=1),
    "no width": message(size=(0, 480)),
    "a huge height": message(size=(640, 65535)),
    "a time before all": message(time_s=-1.0),
    "a time that is none": message(time_s=math.nan),
    "an endless time": message(time_s=math.inf),
    "too high a score": message(figures=(1.5, 1, 1, 1, 1)),
    "no score": message(figures=(math.nan, 1, 1, 1, 1)),
    "too much light": message(figures=(0.5, 300, 1, 1, 1)),
    "an endless stage": message(figures=(0.5, 1, 1, math.inf, 1)),
    "a negative stage": message(figures=(0.5, 1, 1, 1, -1)),
    "a landmark that is none": message(points=[math.nan] + [0.5] * 62),
    "an endless landmark": message(points=[0.1, math.inf] + [0.5] * 61),
    "a landmark in the next room": message(points=[40.0] + [0.5] * 62),
    "a hand of one point": message(points=[0.5] * 63),
    "a probability above one": message(answers=[0.5] + [-4.0] * 25),
    "no probability": message(answers=[math.nan] + [-4.0] * 25),
    "an impossible class": message(answers=[-math.inf] + [-3.2] * 25),
    "probabilities of too little": message(answers=[-8.0] * 26),
    "probabilities of too much": message(answers=[-1.0] * 26),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_not_as_agreed_is_refused(broken):
    with pytest.raises(DeviceMessageError):
        read_frame(broken, CLASSES, None)


@pytest.mark.parametrize(("number", "time_s"), [(5, 3.0), (4, 3.0), (6, 2.0), (6, 1.9)], ids=str)
def test_frames_rise_in_number_and_time(number, time_s):
    before = read_frame(message(number=5, time_s=2.0), CLASSES, None)
    with pytest.raises(DeviceMessageError, match="after frame 5"):
        read_frame(message(number=number, time_s=time_s), CLASSES, before)
    assert read_frame(message(number=6, time_s=2.001), CLASSES, before).number == 6


def mutated(random: np.random.Generator) -> bytes:
    """Return a good message with some bytes changed, cut off, added or repeated."""
    content = bytearray(message(flags=int(random.integers(0, 8))))
    kind = random.integers(0, 5)
    if kind == 0:
        return bytes(content[: random.integers(0, len(content))])
    if kind == 1:
        return bytes(content) + random.bytes(int(random.integers(1, 5000)))
    if kind == 2:
        return random.bytes(int(random.integers(0, 5000)))
    for _ in range(int(random.integers(1, 12))):
        content[random.integers(0, len(content))] = random.integers(0, 256)
    return bytes(content)


def test_ten_thousand_mutated_messages_are_read_or_refused_and_nothing_else():
    random = np.random.default_rng(20261126)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(10_000):
        try:
            frame = read_frame(mutated(random), CLASSES, None)
        except DeviceMessageError as error:
            assert len(str(error)) < 200
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        assert is_sound(frame)
    assert outcomes["read"] > 500
    assert outcomes["refused"] > 5000


def is_sound(frame: DeviceFrame) -> bool:
    if frame.detection is None:
        return frame.log_probabilities is None and 0 <= frame.light.frame <= 255
    finite = np.isfinite(frame.detection.landmarks.points).all()
    answers = frame.log_probabilities
    return bool(finite and (answers is None or np.isfinite(answers).all()))


def test_an_answer_without_marks_holds_its_error_alone():
    answer = answer_of(3, None, "The model is gone.")
    assert (answer.number, answer.letter, answer.error) == (3, None, "The model is gone.")
    assert answer.picture
