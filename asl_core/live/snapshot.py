"""What a page shows of one visitor's camera run: its state at one moment."""

from dataclasses import dataclass

from asl_core.hands.landmarks import Handedness
from asl_core.letters.prediction import ScoredLabel
from asl_core.spelling.spelling_state import SpellingState
from asl_core.spelling.transcript import Transcript


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
    """One visitor's camera run at one moment.

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
    is_closed: bool = False
