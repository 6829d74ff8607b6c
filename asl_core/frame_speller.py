"""The way of a stream's frames to the words: hand, letter, speed and strokes, then the speller."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from asl_core.frame_pipeline import FramePipeline, FrameReading
from asl_core.hands.hand_speed import HandSpeed
from asl_core.images import Frame
from asl_core.letters.motion.reader import MotionReader
from asl_core.spelling.signs import HandObservation
from asl_core.spelling.speller import Speller

STANDING_S = 0.4
"""A frame that is shown for longer counts as a hand that stands still.

At a steady 3 frames a second or more the spelling rules need no such help.
"""

_REPEAT_S = 0.05

INTERRUPTION_S = 2.0
"""A longer pause between two frames ends what is being held; snapshots come once a second."""


@dataclass(frozen=True)
class Sighting:
    """What was seen in one frame of a stream, and what spelling is given of it."""

    reading: FrameReading
    observation: HandObservation


Seen = TypeVar("Seen")
"""What a pipeline reads: pixels, or what a visitor's browser found in them."""
Seen_contra = TypeVar("Seen_contra", contravariant=True)


class ReadingPipeline(Protocol[Seen_contra]):
    """Whatever names the letter of one frame; not thread-safe."""

    def read(self, seen: Seen_contra, timestamp_ms: int = 0, /) -> FrameReading:
        """Read one frame of a stream."""

    def close(self) -> None:
        """Free what it holds."""


class StreamReader(Generic[Seen]):
    """Reads the frames of one stream, in order; knows nothing of words. Not thread-safe.

    It owns the pipeline, which `close` frees with its detector.
    """

    def __init__(self, pipeline: ReadingPipeline[Seen], motion: MotionReader | None = None) -> None:
        """Without `motion` no J and no Z is read."""
        self.pipeline = pipeline
        self.motion = motion
        self._speed = HandSpeed()
        self._clock_s = -math.inf
        self._read_s: float | None = None
        self._is_closed = False

    def read(self, frame: Seen, time_s: float) -> Sighting:
        """Read a frame of `time_s` seconds: RGB uint8 `(H, W, 3)`, or what a browser found in one.

        Times come from one rising clock; one that falls back counts as the last one again.

        Raises:
            ValueError: the Frame is not RGB uint8, or the stream was closed.
        """
        if self._is_closed:
            raise ValueError("The frame came after its stream was closed.")
        # MediaPipe refuses a time that is not newer than the last, even after a frame that failed.
        time_s = self._clock_s = max(time_s, self._clock_s)
        is_resumed = self._read_s is not None and time_s - self._read_s > INTERRUPTION_S
        if is_resumed:
            self._forget_motion()
        reading = self.pipeline.read(frame, round(time_s * 1e3))
        self._read_s = time_s
        return Sighting(reading, self._observation(reading, time_s, is_resumed))

    def close(self) -> None:
        """Free the detector; idempotent."""
        if not self._is_closed:
            self._is_closed = True
            self.pipeline.close()

    def _observation(
        self, reading: FrameReading, time_s: float, is_resumed: bool
    ) -> HandObservation:
        detection = reading.detection
        if detection is None:
            self._speed.reset()
        size = (reading.width, reading.height)
        points = detection.landmarks.pixels_3d(*size) if detection is not None else None
        is_left = detection is not None and detection.handedness == "Left"
        motion_letter = self.motion.update(time_s, points, is_left) if self.motion else None
        return HandObservation(
            time_s=time_s,
            prediction=reading.prediction,
            speed=self._speed.update(points[:, :2], time_s) if points is not None else 0.0,
            motion_letter=motion_letter,
            is_tracing=self.motion is not None and self.motion.is_tracing,
            points=points,
            is_left=is_left,
            is_resumed=is_resumed,
        )

    def _forget_motion(self) -> None:
        self._speed.reset()
        if self.motion is not None:
            self.motion.reset()


class FrameSpeller:
    """A stream and its words in one thread, as for a video file; not thread-safe.

    Live video keeps the two apart (`live.visit`): words outlive a stream there.
    """

    def __init__(
        self, pipeline: FramePipeline, speller: Speller, motion: MotionReader | None = None
    ) -> None:
        self.speller = speller
        self._stream = StreamReader(pipeline, motion)

    @property
    def motion(self) -> MotionReader | None:
        """The reader of J and Z, None where they are not read."""
        return self._stream.motion

    def read(self, frame: Frame, time_s: float, lasts_s: float = 0.0) -> FrameReading:
        """Read a Frame and spell what it shows; see `StreamReader.read`.

        `lasts_s` is for how many seconds it is shown: a hand in a frame that stays is held so long.

        Raises:
            ValueError: the Frame is not RGB uint8, or the stream was closed.
        """
        sighting = self._stream.read(frame, time_s)
        for observation in _while_shown(sighting.observation, lasts_s):
            self.speller.observe(observation)
        return sighting.reading

    def close(self) -> None:
        """Free the detector; the words stay. Idempotent."""
        self._stream.close()


def _while_shown(seen: HandObservation, lasts_s: float) -> Iterator[HandObservation]:
    """Yield an observation, again and again while its frame stays: the hand stands still in it."""
    yield seen
    if lasts_s < STANDING_S:
        return
    still = replace(seen, speed=0.0, motion_letter=None, is_tracing=False, is_resumed=False)
    for step in range(1, math.ceil(lasts_s / _REPEAT_S)):
        yield replace(still, time_s=seen.time_s + step * _REPEAT_S)
