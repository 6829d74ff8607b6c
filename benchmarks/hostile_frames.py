"""Video frames of odd sizes, formats and times, taken through a visit as the live page does."""

import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np

from asl_core.alphabet import LETTERS
from asl_core.errors import AslError

SIDES = (1, 2, 3, 16, 17, 31, 240, 641, 1081)
PIXELS = ("yuv420p", "yuvj420p", "nv12", "rgb24", "bgr24", "gray", "rgba", "yuv422p", "yuv444p")
_NEW_STREAM = 0.02
_BACK_SHARE = 0.1
_OUTSIDE = (-3.0, 0.0, 0.5, 1.0, 4.0)


def call_frame_maker(folder: Path) -> Callable[[random.Random, Path], None]:
    """Make a frame, in which a hand may be found anywhere, read it, and send some of them back."""
    from aiortc.codecs.vpx import Vp8Encoder

    from asl_core.live.visit import LiveVisit
    from pages.panels.live.camera.camera_stream import FrameReader

    del folder
    hands, clock = _Hands(), _Clock()
    visit = LiveVisit(hands.open_stream, 0.5, clock=clock)
    read = FrameReader(visit)

    def make(draw: random.Random, folder: Path) -> None:
        del folder
        if draw.random() < _NEW_STREAM:
            visit.end_stream()
        hands.draw, clock.step_s = draw, draw.choice((0.0, 1 / 30, 0.5, 1e4))
        frame = av.VideoFrame(draw.choice(SIDES), draw.choice(SIDES), draw.choice(PIXELS))
        frame.pts, frame.time_base = draw.choice((0, -5, 2**40)), Fraction(1, 90000)
        shown = read(frame)
        assert (shown.width, shown.height) == (frame.width, frame.height)
        if draw.random() < _BACK_SHARE:
            shown.pts, shown.time_base = frame.pts, frame.time_base
            Vp8Encoder().encode(shown, force_keyframe=True)
        error = visit.error
        if error is not None:
            visit.end_stream()
            # An exception of ours is meant for people; the name of another is a fault.
            raise AssertionError(error) if "could not be read (" in error else AslError(error)

    return make


class _Clock:
    """Seconds that rise by `step_s` each time they are asked for."""

    def __init__(self) -> None:
        self.step_s, self._now_s = 0.0, 0.0

    def __call__(self) -> float:
        self._now_s += self.step_s
        return self._now_s


class _Hands:
    """A detector that finds a hand of any shape in two of three frames, and what opens it."""

    def __init__(self) -> None:
        self.draw = random.Random(0)

    def detect(self, frame: object, timestamp_ms: int = 0) -> Any:
        """Return a hand with its points in, at and far outside of the frame, or None."""
        from asl_core.hands.landmarks import HandDetection, HandLandmarks

        del frame, timestamp_ms
        if self.draw.random() < 1 / 3:
            return None
        center = (self.draw.choice(_OUTSIDE), self.draw.choice(_OUTSIDE), 0.0)
        spread = self.draw.choice((0.0, 1e-6, 0.2, 3.0))
        noise = np.array([self.draw.uniform(-1, 1) for _ in range(63)]).reshape(21, 3)
        points = (np.array(center) + spread * noise).astype(np.float32)
        return HandDetection(HandLandmarks(points), "Right", 0.9, 1)

    def close(self) -> None:
        """Nothing to free."""

    def open_stream(self, source: object) -> Any:
        """Open a stream whose model names any letter."""
        from asl_core.frame_pipeline import FramePipeline
        from asl_core.frame_speller import StreamReader
        from asl_core.letters.preprocessing import Preprocessing

        del source
        recognizer: Any = SimpleNamespace(
            classes=LETTERS, preprocessing=Preprocessing(), recognize=self._recognize
        )
        detector: Any = self
        return StreamReader(FramePipeline(detector, recognizer))

    def _recognize(self, hands: Any) -> list[Any]:
        from asl_core.letters.prediction import LetterPrediction

        shares = np.full(len(LETTERS), 0.1 / (len(LETTERS) - 1), np.float32)
        shares[self.draw.randrange(len(LETTERS))] = 0.9
        return [LetterPrediction(LETTERS, shares) for _ in hands]
