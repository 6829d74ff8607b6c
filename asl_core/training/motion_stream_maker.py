"""Makes short streams of signing for training: strokes among still letters, and what is no stroke.

Of the one stroke in a stream the network learns to say "under way" and, once it is whole, "J" or
"Z".
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from asl_core.training.motion_clips import (
    INDEX_LETTERS,
    LITTLE_LETTERS,
    Clip,
    MotionMaterial,
    Pose,
    carried_over,
    turns_of,
)
from asl_core.training.motion_drawn_letters import drawn_j, drawn_z
from asl_core.training.motion_stream import STEP_S, Stream, eased, followed

Picked = TypeVar("Picked")

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
            (0.16, self._still),
            (0.22, self._transits),
            (0.14, self._wandering),
            (0.14, self._slide),
            (0.08, self._raised_or_lowered),
            (0.10, self._broken_off),
            (0.06, self._backwards),
            (0.10, self._wrong_hand),
        )
        place = int(self._random.choice(len(makers), p=[share for share, _ in makers]))
        return self._surrounded(makers[place][1]())

    def _pick(self, options: tuple[Picked, ...]) -> Picked:
        return options[int(self._random.integers(len(options)))]

    def _clip_of(self, letter: str) -> Clip:
        clips = self._material.strokes[letter]
        signer = self._pick(tuple(sorted({clip.signer for clip in clips})))
        return self._pick(tuple(clip for clip in clips if clip.signer == signer))

    def _signed_or_carried(self, letter: str) -> Clip:
        """A stroke as signed, carried over to another hand, or drawn by rule."""
        material = self._material
        poses = material.little_poses if letter == "J" else material.index_poses
        kind = self._random.random()
        if kind < _DRAWN_SHARE:
            pose = self._pick(poses)
            if letter == "Z":
                return drawn_z(pose, self._random)
            return drawn_j(pose, self._pick(material.loose_poses), self._random)
        clip = self._clip_of(letter)
        return carried_over(clip, self._pick(poses)) if kind < _MADE_UP_SHARE else clip

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

    def _still(self) -> Stream:
        clip = self._pick(self._material.still)
        return Stream((clip.times_s - clip.times_s[0]) * self._random.uniform(0.7, 2), clip.points)

    def _transits(self) -> Stream:
        stream = self._held(self._pick(self._material.poses))
        for _ in range(int(self._random.integers(1, 4))):
            following = self._held(self._pick(self._material.poses))
            stream = self._joined(stream, following)
        return stream

    def _held(self, pose: Pose, seconds: float | None = None) -> Stream:
        """A still hand that trembles and drifts."""
        lasts = self._random.uniform(0.2, 0.9) if seconds is None else seconds
        return self._moving(pose, lasts, shift=0.08, turn=6.0)

    def _wandering(self) -> Stream:
        """A hand, often with one finger out, that waves, circles, tilts or slides."""
        poses = self._material.poses
        kind = self._random.random()
        if kind < 0.3:
            poses = self._material.little_poses
        elif kind < 0.6:
            poses = self._material.index_poses
        seconds = self._random.uniform(0.5, 2.5)
        shift = self._random.choice([0.15, 0.4, 0.8, 1.4])
        return self._moving(self._pick(poses), seconds, shift, turn=self._random.choice([8, 25]))

    def _moving(self, pose: Pose, seconds: float, shift: float, turn: float) -> Stream:
        """Move a hand by slow waves: `shift` in palm lengths, `turn` in degrees."""
        times = np.arange(0, seconds + STEP_S, STEP_S)
        waves = [self._wave(times) for _ in range(6)]
        angles = np.radians(np.stack(waves[:3], axis=1) * turn * np.array([1, 0.8, 0.8]))
        moved = np.einsum("kij,pj->kpi", turns_of(angles), pose.points)
        place = np.stack(waves[3:], axis=1) * shift * np.array([1, 1, 0.2])
        return Stream(times, (moved + place[:, None]).astype(np.float32))

    def _slide(self) -> Stream:
        """A hand carried straight to somewhere else, as for a repeated letter, perhaps back."""
        kind = self._random.random()
        poses = self._material.poses
        if kind < 0.4:
            poses = self._material.little_poses
        elif kind < 0.75:
            poses = self._material.index_poses
        pose = self._pick(poses)
        stream = self._held(pose)
        for _ in range(int(self._random.integers(1, 3))):
            times = np.arange(0, self._random.uniform(0.15, 0.9) + STEP_S, STEP_S)
            heading = self._random.uniform(0, 2 * np.pi)
            length = self._random.uniform(0.4, 4.5)
            way = length * np.array([np.cos(heading), 0.8 * np.sin(heading), 0])
            share = eased(times / times[-1])[:, None, None]
            points = (stream.points[-1] + way * share).astype(np.float32)
            stream = followed(stream, Stream(times, points), 0.0)
            if self._random.random() < 0.7:
                rest = np.array([0.0, self._random.uniform(0.1, 0.6)])
                stream = followed(stream, Stream(rest, points[[-1, -1]]), 0.0)
        return stream

    def _wave(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        frequency = self._random.uniform(0.1, 1.3)
        phase = self._random.uniform(0, 2 * np.pi)
        drift = self._random.normal(0, 0.5) * (times - times.mean())
        return np.asarray(
            self._random.normal() * np.sin(2 * np.pi * frequency * times + phase) + drift
        )

    def _raised_or_lowered(self) -> Stream:
        """A hand that comes from below or sinks, turning at the wrist on its way."""
        kind = self._random.random()
        poses = self._material.poses
        if kind < 0.3:
            poses = self._material.little_poses
        elif kind < 0.5:
            poses = self._material.index_poses
        times = np.arange(0, self._random.uniform(0.25, 0.9), STEP_S)
        share = eased(times / max(times[-1], STEP_S))
        angles = np.radians(self._random.normal(0, [25, 35, 25], 3)) * share[:, None]
        way = np.array([self._random.normal(0, 0.5), self._random.uniform(1, 3.5), 0])
        pose = self._pick(poses)
        moved = np.einsum("kij,pj->kpi", turns_of(angles), pose.points)
        points = (moved + (way * share[:, None])[:, None]).astype(np.float32)
        sinking = Stream(times, points)
        rest = Stream(times, points[::-1].copy())
        if self._random.random() < 0.5:
            return followed(self._held(pose, self._random.uniform(0.1, 0.8)), sinking, 0.0)
        return rest

    def _broken_off(self) -> Stream:
        """A stroke that stops half-way and stays, or goes back."""
        whole = self._warped(self._signed_or_carried(self._pick(("J", "Z"))))
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
        whole = self._warped(self._signed_or_carried(self._pick(("J", "Z"))))
        return Stream(whole.times_s[-1] - whole.times_s[::-1], whole.points[::-1].copy())

    def _wrong_hand(self) -> Stream:
        """The way of a J or Z, but no finger that could draw it."""
        if self._material.misdrawn and self._random.random() < 0.4:
            clip = self._pick(self._material.misdrawn)
        else:
            letter = self._pick(("J", "Z"))
            clip = carried_over(self._clip_of(letter), self._pick(self._others[letter]))
        return replace(self._warped(clip), letter="")

    def _surrounded(self, stream: Stream) -> Stream:
        """Put something before and after it, or not."""
        if self._random.random() < 0.55:
            before = (
                self._held(self._pick(self._material.poses))
                if self._random.random() < 0.6
                else self._still()
            )
            stream = self._joined(before, stream)
        return self._after_a_while(stream)

    def _after_a_while(self, stream: Stream) -> Stream:
        """Let the hand rest, go on to another letter, or vanish."""
        after = self._random.random()
        if after < 0.35:
            last = np.array([stream.times_s[-1] + self._random.uniform(0.1, 0.8)])
            points = np.concatenate([stream.points, stream.points[-1:]])
            return replace(stream, times_s=np.append(stream.times_s, last), points=points)
        if after < 0.65:
            return self._joined(stream, self._held(self._pick(self._material.poses)))
        return stream

    def _joined(self, first: Stream, second: Stream) -> Stream:
        """Go from one to the next in a natural time, over a small distance."""
        gap = self._random.uniform(0.12, 0.5)
        offset = self._random.normal(0, 0.4, 3) * np.array([1, 1, 0])
        way = first.points[-1, 0] - second.points[0, 0] + offset.astype(np.float32)
        return followed(first, replace(second, points=second.points + way), gap)
