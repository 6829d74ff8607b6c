"""The one home of "a frame of a stream goes to the words": live video and video files."""

from dataclasses import dataclass

from asl_core.frame_pipeline import FramePipeline, FrameReading
from asl_core.hands.hand_speed import HandSpeed
from asl_core.images import Frame
from asl_core.letters.motion.reader import MotionReader
from asl_core.spelling.signs import HandObservation
from asl_core.spelling.speller import Speller
from asl_core.spelling.transcript import CommittedLetter

INTERRUPTION_S = 2.0
"""A longer pause between two frames ends what is being held; snapshots come once a second."""


@dataclass(frozen=True)
class Sighting:
    """What was seen in one frame, and what the speller is to be told of it."""

    reading: FrameReading
    observation: HandObservation


class FrameSpeller:
    """One visitor's way from a frame to the words; not thread-safe.

    `look` is the slow part and touches no spelling; `spell` takes microseconds. Whoever shares
    the speller with another thread guards `spell` alone.
    """

    def __init__(
        self, pipeline: FramePipeline, speller: Speller, motion: MotionReader | None = None
    ) -> None:
        self.pipeline = pipeline
        self.speller = speller
        self.motion = motion
        self._speed = HandSpeed()
        self._looked_s: float | None = None
        self._spelled_s: float | None = None
        self._is_closed = False

    def read(self, frame: Frame, time_s: float) -> FrameReading:
        """Read an RGB uint8 `(H, W, 3)` Frame of `time_s` seconds and spell what it shows.

        Times come from one rising clock; one that falls back counts as the last one again.

        Raises:
            ValueError: the Frame is not RGB uint8, or the spelling was closed.
        """
        sighting = self.look(frame, time_s)
        self.spell(sighting)
        return sighting.reading

    def look(self, frame: Frame, time_s: float) -> Sighting:
        """Find the hand and name its letter; the words stay as they are.

        Raises:
            ValueError: the Frame is not RGB uint8, or the spelling was closed.
        """
        if self._is_closed:
            raise ValueError("The frame came after its stream was closed.")
        if self._looked_s is not None:
            time_s = max(time_s, self._looked_s)
            if time_s - self._looked_s > INTERRUPTION_S:
                self._forget_motion()
        self._looked_s = time_s
        reading = self.pipeline.read(frame, round(time_s * 1e3))
        return Sighting(reading, self._observe(reading, time_s))

    def spell(self, sighting: Sighting) -> tuple[CommittedLetter, ...]:
        """Tell the speller what was seen and give the letters that this committed."""
        time_s = sighting.observation.time_s
        if self._spelled_s is not None and time_s - self._spelled_s > INTERRUPTION_S:
            self.speller.reset_hand()
        self._spelled_s = time_s
        return self.speller.observe(sighting.observation)

    def close(self) -> None:
        """Free the detector; the words stay. Once is enough, more often does no harm."""
        if not self._is_closed:
            self._is_closed = True
            self.pipeline.detector.close()

    def _observe(self, reading: FrameReading, time_s: float) -> HandObservation:
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
        )

    def _forget_motion(self) -> None:
        self._speed.reset()
        if self.motion is not None:
            self.motion.reset()
