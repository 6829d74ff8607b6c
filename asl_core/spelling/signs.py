"""What spelling is given of a frame, the signs that it yields, and what a SignReader does."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.motion.letter import MotionLetter
from asl_core.letters.prediction import LetterPrediction
from asl_core.spelling.settings import SpellingSettings


@dataclass(frozen=True)
class HandObservation:
    """One frame of a stream, as far as spelling is concerned.

    `time_s` is in seconds of a clock that only rises. `prediction` is None where no hand was seen.
    `speed` is the hand's, in palm lengths per second. `motion_letter` is the J or Z that this frame
    completed. `is_tracing` says that the stroke of a J or Z seems to be under way. `points` are the
    hand's 21 landmarks, float32 `(21, 3)` in pixels of the Frame, None without a hand; `is_left`
    says that they are of a left hand. `is_resumed` marks the first frame after an interruption of
    the stream: what was held before it does not go on.
    """

    time_s: float
    prediction: LetterPrediction | None
    speed: float
    motion_letter: MotionLetter | None = None
    is_tracing: bool = False
    points: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    is_left: bool = False
    is_resumed: bool = False


WaitsFor = Literal["hand", "stroke", "stillness", "certainty", "release", "hold", "letters"]
"""What is missing for the next letter: a hand; the end of a J or Z stroke; a hand that keeps still;
a reading that is sure; letting go of the letter just committed; only more time; in natural
spelling, where nothing is held, only that the hand goes on."""


@dataclass(frozen=True)
class SuggestedWord:
    """The known word that was probably meant where `read` stands; both in capitals."""

    read: str
    word: str


@dataclass(frozen=True)
class SpellingState:
    """The held sign and how far its hold has come.

    `candidate` is the letter (or "del", "space") that is being held, `progress` in 0-1 its share of
    the hold time; 1 in the moment of the commit. `letter` is the smoothed reading of this moment,
    None without a hand, and `confidence` in 0-1 its probability among the still letters.

    In natural spelling (`is_natural`) nothing is held: there is no candidate. `unsettled` are the
    letters read last, in capitals, which may still change and are not in the transcript;
    `suggested` belongs to the word that ended last.
    """

    candidate: str | None = None
    progress: float = 0.0
    letter: str | None = None
    confidence: float = 0.0
    waits_for: WaitsFor = "hand"
    unsettled: str = ""
    suggested: SuggestedWord | None = None
    is_natural: bool = False


START_POSES: dict[str, frozenset[str]] = {
    "J": frozenset({"I", "Y"}),
    "Z": frozenset({"D", "G", "L", "X"}),
}
"""Still letters that a hand seems to show before it draws a J or Z, and where it ends."""

START_POSE_SECONDS = 0.5
"""A start pose committed no longer than this before the stroke was a part of it."""

_STROKE_START_ERROR_S = 0.3


@dataclass(frozen=True)
class StableSign:
    """A sign that counts: a letter A-Z, "space" or "del".

    Times are seconds of the stream's clock, `confidence` is in 0-1. `replaces` is the still letter
    committed before it that was only its start pose.
    """

    label: str
    start_s: float
    end_s: float
    confidence: float
    replaces: "StableSign | None" = None


class SignReader(Protocol):
    """A way of spelling: decides from the observations of one stream which signs count.

    A Speller works with any of them: LetterStabilizer (hold to commit) is its default,
    NaturalReader the one that needs no holds. Not thread-safe.
    """

    settings: SpellingSettings

    @property
    def state(self) -> SpellingState:
        """What the last observation made of the hand."""

    def update(self, observation: HandObservation) -> tuple[StableSign, ...]:
        """Take the next observation and return the signs that it completed, mostly none."""

    def settle(self) -> tuple[StableSign, ...]:
        """Return the signs that are unsettled as they stand; none of them comes again."""

    def finish(self) -> tuple[StableSign, ...]:
        """End the stream: return the signs that its end completes, and forget the hand."""

    def reset(self) -> None:
        """Forget the hand; the settings stay."""


def is_part_of_stroke(sign: StableSign, left_s: float | None, stroke: MotionLetter) -> bool:
    """Whether a still letter was no letter, but a moment of the stroke that has just been read.

    It was, if its hold began within the stroke. Or if it is a start pose of that stroke, was
    committed at most 0.5 s before it began, and the hand did not let go in between: `left_s` is
    when it began to let go, None if it has not.
    """
    if sign.start_s >= stroke.start_s:
        return True
    was_kept = left_s is None or left_s >= stroke.start_s - _STROKE_START_ERROR_S
    is_recent = sign.end_s >= stroke.start_s - START_POSE_SECONDS
    return sign.label in START_POSES[stroke.letter] and was_kept and is_recent
