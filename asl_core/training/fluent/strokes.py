"""J and Z as short rows of hands, ready to be put into words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS
from asl_core.letters.motion.trace import resampled
from asl_core.moving_hand.turns import signed_area
from asl_core.training.fluent.poses import PoseBook
from asl_core.training.motion.clips import Clip, MotionMaterial, Pose
from asl_core.training.motion.drawn_letters import drawn_j, drawn_z

STEPS = 9
"""Hands of one stroke, evenly spread over its time."""

_SIGNED_SHARE = 0.4


@dataclass(frozen=True)
class StrokeBank:
    """Strokes of each letter: hands float32 `(N, STEPS, 21, 3)` in palm lengths, seconds `(N,)`.

    The first hand's wrist is at 0, the thumb to the right.
    """

    hands: dict[str, NDArray[np.float32]]
    seconds: dict[str, NDArray[np.float64]]


def stroke_bank(
    material: MotionMaterial | None, book: PoseBook, count: int, random: np.random.Generator
) -> StrokeBank:
    """Make `count` strokes of J and as many of Z, drawn by hands of the book with a known z.

    With `material`, four in ten are as signed.
    """
    hands, seconds = {}, {}
    for letter in MOTION_LETTERS:
        rows, times = [], []
        for _ in range(count):
            is_signed = material is not None and random.random() < _SIGNED_SHARE
            if material is not None and is_signed:
                clip = _signed(material, letter, random)
            else:
                clip = _drawn(book, letter, random)
            row, lasts = _in_steps(clip)
            rows.append(row)
            times.append(lasts)
        hands[letter], seconds[letter] = np.stack(rows), np.array(times)
    return StrokeBank(hands, seconds)


def _signed(material: MotionMaterial, letter: str, random: np.random.Generator) -> Clip:
    """Take each signer as often as another, however many strokes there are of each."""
    clips = material.strokes[letter]
    signers = sorted({clip.signer for clip in clips})
    signer = signers[int(random.integers(len(signers)))]
    own = [clip for clip in clips if clip.signer == signer]
    return own[int(random.integers(len(own)))]


def _drawn(book: PoseBook, letter: str, random: np.random.Generator) -> Clip:
    if letter == "Z":
        return drawn_z(_pose(book, "D", random), random)
    return drawn_j(_pose(book, "I", random), _pose(book, "Y", random), random)


def _pose(book: PoseBook, letter: str, random: np.random.Generator) -> Pose:
    signers = book.with_depth(letter)
    hands = book.signers[signers[int(random.integers(len(signers)))]][letter]
    return Pose(letter, hands[int(random.integers(len(hands)))])


def _in_steps(clip: Clip) -> tuple[NDArray[np.float32], float]:
    assert clip.stroke is not None
    start, end = clip.stroke.start_s, clip.stroke.end_s
    row = resampled(clip.times_s, clip.points, np.linspace(start, end, STEPS))
    if signed_area(row[0]) > 0:
        row = row * np.array([-1, 1, 1], np.float32)
    return np.asarray(row - row[:1, :1], np.float32), end - start
