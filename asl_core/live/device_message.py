"""The message of a browser about one frame of its camera, byte by byte, and the answer to it.

Little-endian. A header of 40 bytes, then with a hand the landmarks, float32 `(21, 3)`, unless the
last answer told to leave the picture out the picture network's log-probabilities, float32 `(C,)`,
and, where the server's greeting asks for them, its features, float32 `(F,)`:

    uint8    schema, DEVICE_SCHEMA
    uint8    flags: 1 a hand was found, 2 it is the signer's left hand, 4 its picture was left out
    uint16   width and uint16 height of the unmirrored frame in pixels
    uint16   unused, 0
    uint32   number of the frame
    float64  time of the frame in seconds of the browser's clock
    float32  score of the handedness in 0-1
    float32  mean luma of the frame, then median luma of the hand, 0-255; -1 without one. Where the
             picture was left out, those of the last frame of which the pixels were read
    float32  milliseconds of detection, then of the picture network

`asl_core/service/static/device_message.js` writes it.
"""

import struct
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from asl_core.errors import DeviceMessageError
from asl_core.hands.landmarks import LANDMARK_COUNT, HandDetection, HandLandmarks
from asl_core.live.camera import SHOWN_LETTERS, LiveMarks
from asl_core.live.camera_hints import Light
from asl_core.live.device_frame import DeviceFrame
from asl_core.spelling.signs import WaitsFor

DEVICE_SCHEMA = 3
MAX_MESSAGE_BYTES = 4096
MOST_UNANSWERED = 2
"""Frames that a browser may send before it has heard the answer to the first of them."""

_HEADER = struct.Struct("<BBHHHId5f")
_HAND, _LEFT, _NO_PICTURE = 1, 2, 4
_COORDINATES = 3 * LANDMARK_COUNT
_LARGEST_SIDE = 8192
_FARTHEST = 4.0
"""Landmarks reach past the frame's edge, never by three frames."""
_LEAST_LOG_PROBABILITY = -1000.0
_SUM_TOLERANCE = 0.02
_LARGEST_FEATURE = 1e6


def hand_message_bytes(class_count: int, feature_count: int = 0) -> int:
    """Return how long the message about a frame with a hand is."""
    return _HEADER.size + 4 * (_COORDINATES + class_count + feature_count)


def read_frame(
    message: bytes, class_count: int, before: DeviceFrame | None, feature_count: int = 0
) -> DeviceFrame:
    """Read the message about the frame that follows `before`.

    `feature_count` tells how many features the browser was asked for; they come with a picture, so
    none may be left out then.

    Raises:
        DeviceMessageError: it has another length or schema, a number in it is not finite or out of
            its range, or the frame is not newer than `before`.
    """
    if len(message) < _HEADER.size:
        raise DeviceMessageError(
            f"a frame has {len(message)} bytes, at least {_HEADER.size} needed"
        )
    schema, flags, width, height, unused, number, time_s, *figures = _HEADER.unpack_from(message)
    if schema != DEVICE_SCHEMA:
        raise DeviceMessageError(f"schema {schema}, expected {DEVICE_SCHEMA}")
    is_known = flags in (0, _HAND, _HAND | _LEFT) or (
        flags in (_HAND | _NO_PICTURE, _HAND | _LEFT | _NO_PICTURE) and not feature_count
    )
    if not is_known or unused:
        raise DeviceMessageError(f"unknown flags {flags} and {unused}")
    has_picture = not flags & _NO_PICTURE
    expected = _HEADER.size
    if flags & _HAND:
        expected = hand_message_bytes(class_count if has_picture else 0, feature_count)
    if len(message) != expected:
        raise DeviceMessageError(f"a frame has {len(message)} bytes, expected {expected}")
    _check_size(width, height)
    _check_order(number, time_s, before)
    score, frame_luma, hand_luma, detect_ms, classify_ms = figures
    for name, value, low, high in (
        ("score", score, 0, 1),
        ("luma of the frame", frame_luma, 0, 255),
        ("luma of the hand", hand_luma, -1, 255),
        ("time of detection", detect_ms, 0, 60_000),
        ("time of the network", classify_ms, 0, 60_000),
    ):
        if not low <= value <= high:  # false for NaN, too
            raise DeviceMessageError(f"the {name} is {value}, allowed are {low} to {high}")
    light = Light(frame_luma, hand_luma if hand_luma >= 0 else None)
    if not flags & _HAND:
        return DeviceFrame(number, time_s, width, height, light, detect_ms=detect_ms)
    values = np.frombuffer(message, "<f4", offset=_HEADER.size).astype(np.float32)
    detection = HandDetection(
        HandLandmarks(_landmarks(values[:_COORDINATES])),
        "Left" if flags & _LEFT else "Right",
        score,
    )
    seen = DeviceFrame(
        number,
        time_s,
        width,
        height,
        light,
        detection,
        detect_ms=detect_ms,
        classify_ms=classify_ms,
    )
    if not has_picture:
        return seen
    answers = _log_probabilities(values[_COORDINATES : _COORDINATES + class_count])
    features = _features(values[_COORDINATES + class_count :])
    return replace(seen, log_probabilities=answers, features=features)


def _check_size(width: int, height: int) -> None:
    if not (1 <= width <= _LARGEST_SIDE and 1 <= height <= _LARGEST_SIDE):
        raise DeviceMessageError(f"a frame of {width}x{height} pixels, at most {_LARGEST_SIDE}")


def _check_order(number: int, time_s: float, before: DeviceFrame | None) -> None:
    if not 0 <= time_s < 1e12:
        raise DeviceMessageError(f"the time is {time_s}, not in seconds of a clock")
    if before is not None and (number <= before.number or time_s <= before.time_s):
        raise DeviceMessageError(
            f"frame {number} at {time_s:.3f} s after frame {before.number} at {before.time_s:.3f} s"
        )


def _landmarks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    # NaN and infinity fail this comparison as well.
    if not float(np.abs(values).max()) <= _FARTHEST:
        raise DeviceMessageError("a landmark is not finite or lies far from the frame")
    points = values.reshape(LANDMARK_COUNT, 3)
    if float(np.ptp(points[:, :2], axis=0).max()) <= 0:
        raise DeviceMessageError("all landmarks lie on one point")
    return points


def _log_probabilities(values: NDArray[np.float32]) -> NDArray[np.float32]:
    least, most = float(values.min()), float(values.max())
    if not (least >= _LEAST_LOG_PROBABILITY and most <= _SUM_TOLERANCE):
        raise DeviceMessageError(f"log-probabilities from {least} to {most}")
    total = float(np.exp(values).sum())
    if abs(total - 1) > _SUM_TOLERANCE:
        raise DeviceMessageError(f"probabilities sum to {total:.3f}, not to 1")
    return values


def _features(values: NDArray[np.float32]) -> NDArray[np.float32]:
    # NaN fails this comparison as well.
    if values.size and not float(np.abs(values).max()) <= _LARGEST_FEATURE:
        raise DeviceMessageError("a feature is not finite or too large")
    return values


class DeviceAnswer(BaseModel):
    """What a browser draws on a frame, and the words so far.

    `number` is the frame's. `letter` stands beside the hand, None without one; `confidence` and
    `held` are in 0-1. `text` is the end of the words, `unsettled` may still change. `words` are all
    of them where they have changed, for a browser that is its own page. `at_once` is how many
    frames may be unanswered from now on: fewer where the server is busy, so that none waits long.
    `picture` says whether the next frame is to be read with the picture network (`picture_need`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    letter: str | None = None
    confidence: float = 0.0
    certain: bool = False
    held: float = 0.0
    natural: bool = False
    waits_for: WaitsFor = "hand"
    hints: tuple[str, ...] = ()
    text: str = ""
    unsettled: str = ""
    words: str | None = None
    at_once: int = MOST_UNANSWERED
    picture: bool = True
    error: str | None = None


def answer_of(
    number: int, marks: LiveMarks | None, error: str | None, picture: bool = True
) -> DeviceAnswer:
    """Return what the browser draws on frame `number`; without `marks` nothing but an error.

    `picture` says whether its next frame is to be read with the picture network.
    """
    if marks is None:
        return DeviceAnswer(number=number, error=error)
    shown, state = marks.shown, marks.spelled.state
    return DeviceAnswer(
        number=number,
        letter=shown.letter if shown else None,
        confidence=round(shown.confidence, 3) if shown else 0.0,
        certain=shown.is_certain if shown else False,
        held=round(shown.held, 3) if shown else 0.0,
        natural=state.is_natural,
        waits_for=state.waits_for,
        hints=marks.hints[:2],
        text=marks.spelled.transcript.text[-SHOWN_LETTERS:],
        unsettled=state.unsettled[-SHOWN_LETTERS:],
        picture=picture,
        error=error,
    )
