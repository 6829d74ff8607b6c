"""Makes short streams of signing for training: strokes among still letters, and what is no stroke.

Of the one stroke in a stream the network learns to say "under way" and, once it is whole, "J" or
"Z".
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from asl_core.training.motion.clips import (
    INDEX_LETTERS,
    LITTLE_LETTERS,
    Clip,
    MotionMaterial,
    carried_over,
)
from asl_core.training.motion.drawn_letters import drawn_j, drawn_z
from asl_core.training.motion.hand_moves import HandMoves, picked
from asl_core.training.motion.stream import Stream

_SLOWEST, _FASTEST = 2.2, 0.6
"""How many times as long as signed a stroke may be made."""

_LATE_SHARE = 0.2
_MOST_MISSED = 0.3
"""How often a stroke is seen only when it has begun, and how much of it is over at most."""


_DRAWN_SHARE, _MADE_UP_SHARE = 0.45, 0.75
"""How many strokes are drawn by rule, and how many are that or carried over."""


class StreamMaker:
    """Draws streams at random from the material."""

    def __init__(self, material: MotionMaterial, random: np.random.Generator) -> None:
        self._material = material
        self._random = random
        self._moves = HandMoves(material, random)
        self._others = {
            "J": tuple(p for p in material.poses if p.letter not in LITTLE_LETTERS),
            "Z": tuple(p for p in material.poses if p.letter not in INDEX_LETTERS),
        }

    def stroke(self, letter: str) -> Stream:
        """A J or Z, signed or carried over to another person's hand, with what surrounds it."""
        stream = self._warped(self._signed_or_carried(letter))
        if self._random.random() < _LATE_SHARE:
            return self._after_a_while(self._seen_late(stream))
        return self._surrounded(stream)

    def counter_example(self) -> Stream:
        """Something that is neither J nor Z."""
        makers: tuple[tuple[float, Callable[[], Stream]], ...] = (
            (0.16, self._moves.still),
            (0.22, self._moves.transits),
            (0.14, self._moves.wandering),
            (0.14, self._moves.slide),
            (0.08, self._moves.raised_or_lowered),
            (0.10, self._broken_off),
            (0.06, self._backwards),
            (0.10, self._wrong_hand),
        )
        place = int(self._random.choice(len(makers), p=[share for share, _ in makers]))
        return self._surrounded(makers[place][1]())

    def _clip_of(self, letter: str) -> Clip:
        clips = self._material.strokes[letter]
        signer = picked(self._random, tuple(sorted({clip.signer for clip in clips})))
        return picked(self._random, tuple(clip for clip in clips if clip.signer == signer))

    def _signed_or_carried(self, letter: str) -> Clip:
        """A stroke as signed, carried over to another hand, or drawn by rule."""
        material = self._material
        poses = material.little_poses if letter == "J" else material.index_poses
        kind = self._random.random()
        if kind < _DRAWN_SHARE:
            pose = picked(self._random, poses)
            if letter == "Z":
                return drawn_z(pose, self._random)
            return drawn_j(pose, picked(self._random, material.loose_poses), self._random)
        clip = self._clip_of(letter)
        return carried_over(clip, picked(self._random, poses)) if kind < _MADE_UP_SHARE else clip

    def _warped(self, clip: Clip) -> Stream:
        """Sign a stroke faster or slower, and unevenly."""
        assert clip.stroke is not None
        factor = np.exp(self._random.uniform(np.log(_FASTEST), np.log(_SLOWEST)))
        length = clip.times_s[-1] - clip.times_s[0]
        knots = clip.times_s[0] + length * np.linspace(0, 1, 5)
        paces = np.exp(self._random.normal(0, 0.2, 4)) * factor
        warped_knots = np.concatenate([[0.0], np.cumsum(paces * np.diff(knots))])

        def moved(time_s: NDArray[np.float64] | float) -> NDArray[np.float64]:
            return np.asarray(np.interp(time_s, knots, warped_knots))

        start, end = moved(clip.stroke.start_s), moved(clip.stroke.end_s)
        return Stream(moved(clip.times_s), clip.points, clip.letter, float(start), float(end))

    def _seen_late(self, stream: Stream) -> Stream:
        """Let the hand be found only when a part of its stroke is over."""
        missed = self._random.uniform(0, _MOST_MISSED) * (stream.end_s - stream.start_s)
        first = int(np.searchsorted(stream.times_s, stream.start_s + missed))
        return replace(stream, times_s=stream.times_s[first:], points=stream.points[first:])

    def _broken_off(self) -> Stream:
        """A stroke that stops half-way and stays, or goes back."""
        whole = self._warped(self._signed_or_carried(picked(self._random, ("J", "Z"))))
        stops = whole.start_s + self._random.uniform(0.15, 0.45) * (whole.end_s - whole.start_s)
        kept = max(2, int(np.searchsorted(whole.times_s, stops)))
        times, points = whole.times_s[:kept], whole.points[:kept]
        if self._random.random() < 0.5:
            rest = np.array([times[-1] + self._random.uniform(0.1, 0.6)])
            return Stream(np.append(times, rest), np.concatenate([points, points[-1:]]))
        back = times[-1] + np.cumsum(np.diff(times)[::-1])
        return Stream(np.append(times, back), np.concatenate([points, points[-2::-1]]))

    def _backwards(self) -> Stream:
        """A stroke from its end to its start."""
        whole = self._warped(self._signed_or_carried(picked(self._random, ("J", "Z"))))
        return Stream(whole.times_s[-1] - whole.times_s[::-1], whole.points[::-1].copy())

    def _wrong_hand(self) -> Stream:
        """The way of a J or Z, but no finger that could draw it."""
        if self._material.misdrawn and self._random.random() < 0.4:
            clip = picked(self._random, self._material.misdrawn)
        else:
            letter = picked(self._random, ("J", "Z"))
            clip = carried_over(self._clip_of(letter), picked(self._random, self._others[letter]))
        return replace(self._warped(clip), letter="")

    def _surrounded(self, stream: Stream) -> Stream:
        """Put something before and after it, or not."""
        if self._random.random() < 0.55:
            before = (
                self._moves.held(picked(self._random, self._material.poses))
                if self._random.random() < 0.6
                else self._moves.still()
            )
            stream = self._moves.joined(before, stream)
        return self._after_a_while(stream)

    def _after_a_while(self, stream: Stream) -> Stream:
        """Let the hand rest, go on to another letter, or vanish."""
        after = self._random.random()
        if after < 0.35:
            last = np.array([stream.times_s[-1] + self._random.uniform(0.1, 0.8)])
            points = np.concatenate([stream.points, stream.points[-1:]])
            return replace(stream, times_s=np.append(stream.times_s, last), points=points)
        if after < 0.65:
            return self._moves.joined(
                stream, self._moves.held(picked(self._random, self._material.poses))
            )
        return stream
