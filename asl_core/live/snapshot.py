"""A camera run at one moment: what its last frame spelled, what a page shows, and its pace."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from asl_core.hands.landmarks import Handedness
from asl_core.letters.prediction import ScoredLabel
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import CommittedLetter, Transcript


@dataclass(frozen=True)
class Spelled:
    """What one sighting made of the words: letters that it committed, the hold, the transcript."""

    committed: tuple[CommittedLetter, ...]
    state: SpellingState
    transcript: Transcript


@dataclass(frozen=True)
class LiveTimes:
    """Wall time of each stage in milliseconds, the mean over the last two seconds.

    `receive` is what the caller measured from the camera's bytes to the Frame. `classify` covers
    crop and network. `spell` is all the rest of a frame: motion, words, hints, waiting for locks.
    """

    receive: float = 0.0
    detect: float = 0.0
    classify: float = 0.0
    draw: float = 0.0
    spell: float = 0.0

    @property
    def total(self) -> float:
        """Milliseconds of a whole frame."""
        return self.receive + self.detect + self.classify + self.draw + self.spell


@dataclass(frozen=True)
class LiveSnapshot:
    """One visitor's camera run and words at one moment.

    `letter` is the current smoothed letter and `confidence` in 0-1 its own; None and 0 where there
    is none. `top` holds the last frame's three most probable labels, best first, empty without a
    hand. `handedness` is the signer's own hand, None without one. `hints` are plain sentences,
    the most urgent first. `fps` counts frames that were read per second. `error` is one sentence,
    None while frames are read well. `frames` counts the frames that were read since the start,
    `dropped` those that a newer one overtook. `last_frame_s` is the time of the last one that was
    read, None before the first.
    """

    letter: str | None
    confidence: float
    top: tuple[ScoredLabel, ...]
    handedness: Handedness | None
    hints: tuple[str, ...]
    fps: float
    ms: LiveTimes
    spelling: SpellingState
    transcript: Transcript
    error: str | None
    frames: int
    last_frame_s: float | None
    dropped: int = 0


WINDOW_S = 2.0
"""Frames of the last two seconds count: long enough to be calm, short enough to be current."""


class FramePace:
    """Times of one visitor's latest frames; not thread-safe."""

    def __init__(self) -> None:
        self._frames: deque[tuple[float, LiveTimes]] = deque()

    def add(self, time_s: float, ms: LiveTimes) -> None:
        """Count a frame of `time_s` seconds."""
        self._frames.append((time_s, ms))
        self._drop_before(time_s - WINDOW_S)

    def fps(self, now_s: float | None = None) -> float:
        """Return the frames per second up to the last frame, or up to `now_s`.

        It is the number of intervals between the window's frames, divided by their time. With
        `now_s` a camera that stands still falls to 0.
        """
        times = [time_s for time_s, _ in self._frames]
        if now_s is not None:
            times = [time_s for time_s in times if time_s >= now_s - WINDOW_S]
        if len(times) < 2:
            return 0.0
        # A short silence is the wait for the next frame, a longer one a slower camera.
        interval = (times[-1] - times[0]) / (len(times) - 1)
        silence = 0.0 if now_s is None else max(0.0, now_s - times[-1] - interval)
        span = times[-1] - times[0] + silence
        return (len(times) - 1) / span if span > 0 else 0.0

    def mean_ms(self) -> LiveTimes:
        """Return the mean of each stage over the window, zeros before the first frame."""
        if not self._frames:
            return LiveTimes()
        rows = [(m.receive, m.detect, m.classify, m.draw, m.spell) for _, m in self._frames]
        return LiveTimes(*(float(mean) for mean in np.mean(rows, axis=0)))

    def _drop_before(self, time_s: float) -> None:
        while self._frames and self._frames[0][0] < time_s:
            self._frames.popleft()
