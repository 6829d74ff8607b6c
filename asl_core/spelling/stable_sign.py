"""A sign that counts, and when a J or Z takes the place of one."""

from dataclasses import dataclass

from asl_core.letters.motion_letter import MotionLetter

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
