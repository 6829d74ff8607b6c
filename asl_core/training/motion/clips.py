"""The material that training streams are made of: strokes, still signing, and poses of hands."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.letters.motion.features import palm_lengths
from asl_core.moving_hand.turns import palm_turns, signed_area
from asl_core.photos.motion_sequences import WRONG_FINGER, MotionSequence, Stroke, find_stroke

INDEX_LETTERS = frozenset("DGHKLPQRUVXZ")
LITTLE_LETTERS = frozenset("IJY")
"""Hands with the drawing finger out: what they draw is left open, no counter-example."""


@dataclass(frozen=True)
class Clip:
    """A hand over time: times float64 `(K,)` in seconds, points float32 `(K, 21, 3)`.

    Points are in palm lengths. `stroke` is there for J and Z alone; `turns`, `(K, 3, 3)`, is then
    the palm's turn since the stroke's start.
    """

    letter: str
    signer: str
    times_s: NDArray[np.float64]
    points: NDArray[np.float32]
    stroke: Stroke | None = None
    turns: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Pose:
    """One still hand in palm lengths, float32 `(21, 3)`, wrist at 0."""

    letter: str
    points: NDArray[np.float32]


@dataclass(frozen=True)
class MotionMaterial:
    """All that streams are made of. `strokes` holds J and Z by letter.

    `misdrawn` are whole strokes of the wrong finger: counter-examples.
    """

    strokes: dict[str, tuple[Clip, ...]]
    still: tuple[Clip, ...]
    poses: tuple[Pose, ...]
    misdrawn: tuple[Clip, ...] = ()

    @cached_property
    def little_poses(self) -> tuple[Pose, ...]:
        """Hands of I: what a J is drawn with."""
        return tuple(pose for pose in self.poses if pose.letter == "I")

    @cached_property
    def loose_poses(self) -> tuple[Pose, ...]:
        """Hands of Y, or of I where there is none: the thumb of a loose I goes their way."""
        return tuple(p for p in self.poses if p.letter == "Y") or self.little_poses

    @cached_property
    def index_poses(self) -> tuple[Pose, ...]:
        """Hands whose index finger is out alone: what a Z is drawn with."""
        return tuple(pose for pose in self.poses if pose.letter in "DZ")


def gather_material(
    sequences: tuple[MotionSequence, ...],
    photo_hands: NDArray[np.float32] | None = None,
    photo_letters: tuple[str, ...] = (),
) -> MotionMaterial:
    """Sort sequences into material; faulty strokes are left out.

    `photo_hands` are landmarks of still hands, float32 `(N, 21, 3)` in pixels, with their letters.
    Without them, the still sequences give the poses.
    """
    clips = [_clip(sequence) for sequence in sequences]
    still = tuple(clip for clip in clips if clip.letter not in MOTION_LETTERS)
    strokes = {
        letter: tuple(
            clip
            for clip in clips
            if clip.letter == letter and clip.stroke and not clip.stroke.fault
        )
        for letter in MOTION_LETTERS
    }
    poses = [Pose(clip.letter, _upon_wrist(clip.points[len(clip.points) // 2])) for clip in still]
    if photo_hands is not None:
        scale = np.maximum(palm_lengths(photo_hands), 1e-6)
        for letter, points in zip(photo_letters, photo_hands / scale[:, None, None], strict=True):
            poses.append(Pose(letter, _upon_wrist(points)))
    misdrawn = tuple(c for c in clips if c.stroke and c.stroke.fault == WRONG_FINGER)
    return MotionMaterial(strokes, still, tuple(poses), misdrawn)


def _upon_wrist(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(points - points[0], np.float32)


def _clip(sequence: MotionSequence) -> Clip:
    seen = np.flatnonzero(sequence.present)
    times = sequence.times_s[seen]
    points = sequence.points[seen]
    points = points / max(float(np.median(palm_lengths(points))), 1e-6)
    if sequence.letter not in MOTION_LETTERS:
        return Clip(sequence.letter, sequence.signer, times, points)
    stroke = find_stroke(sequence)
    start = int(np.searchsorted(times, stroke.start_s - 1e-6))
    turns = palm_turns(points, points[start])
    return Clip(sequence.letter, sequence.signer, times, points, stroke, turns)


def carried_over(clip: Clip, pose: Pose) -> Clip:
    """Let another hand make the motion of a clip, bending of fingers and all.

    What tells the other hand from the signer's at the stroke's start turns along with the palm.
    """
    assert clip.turns is not None and clip.stroke is not None
    start = int(np.searchsorted(clip.times_s, clip.stroke.start_s - 1e-6))
    hand = pose.points
    if signed_area(hand) * signed_area(clip.points[start]) < 0:
        hand = hand * np.array([-1, 1, 1], np.float32)
    difference = hand - _upon_wrist(clip.points[start])
    turned = np.einsum("kij,pj->kpi", clip.turns, difference)
    return replace(clip, points=(clip.points + turned).astype(np.float32))
