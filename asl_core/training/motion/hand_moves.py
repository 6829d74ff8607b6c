"""Moves hands as people do who sign no J or Z: they hold letters, change, wave, slide and sink."""

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from asl_core.moving_hand.turns import eased, turns_of
from asl_core.training.motion.clips import MotionMaterial, Pose
from asl_core.training.motion.stream import STEP_S, Stream, followed

Picked = TypeVar("Picked")


def picked(random: np.random.Generator, options: tuple[Picked, ...]) -> Picked:
    """Return one of the options, each as likely."""
    return options[int(random.integers(len(options)))]


class HandMoves:
    """Draws streams without any stroke from the material."""

    def __init__(self, material: MotionMaterial, random: np.random.Generator) -> None:
        self._material = material
        self._random = random

    def still(self) -> Stream:
        """Somebody's still letter, faster or slower."""
        clip = picked(self._random, self._material.still)
        return Stream((clip.times_s - clip.times_s[0]) * self._random.uniform(0.7, 2), clip.points)

    def transits(self) -> Stream:
        """Held letters and the ways between them."""
        stream = self.held(picked(self._random, self._material.poses))
        for _ in range(int(self._random.integers(1, 4))):
            following = self.held(picked(self._random, self._material.poses))
            stream = self.joined(stream, following)
        return stream

    def held(self, pose: Pose, seconds: float | None = None) -> Stream:
        """A still hand that trembles and drifts."""
        lasts = self._random.uniform(0.2, 0.9) if seconds is None else seconds
        return self._moving(pose, lasts, shift=0.08, turn=6.0)

    def wandering(self) -> Stream:
        """A hand, often with one finger out, that waves, circles, tilts or slides."""
        poses = self._material.poses
        kind = self._random.random()
        if kind < 0.3:
            poses = self._material.little_poses
        elif kind < 0.6:
            poses = self._material.index_poses
        seconds = self._random.uniform(0.5, 2.5)
        shift = self._random.choice([0.15, 0.4, 0.8, 1.4])
        return self._moving(
            picked(self._random, poses), seconds, shift, turn=self._random.choice([8, 25])
        )

    def slide(self) -> Stream:
        """A hand carried straight to somewhere else, as for a repeated letter, perhaps back."""
        kind = self._random.random()
        poses = self._material.poses
        if kind < 0.4:
            poses = self._material.little_poses
        elif kind < 0.75:
            poses = self._material.index_poses
        pose = picked(self._random, poses)
        stream = self.held(pose)
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

    def raised_or_lowered(self) -> Stream:
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
        pose = picked(self._random, poses)
        moved = np.einsum("kij,pj->kpi", turns_of(angles), pose.points)
        points = (moved + (way * share[:, None])[:, None]).astype(np.float32)
        sinking = Stream(times, points)
        rest = Stream(times, points[::-1].copy())
        if self._random.random() < 0.5:
            return followed(self.held(pose, self._random.uniform(0.1, 0.8)), sinking, 0.0)
        return rest

    def joined(self, first: Stream, second: Stream) -> Stream:
        """Go from `first` to `second` in a natural time, over a small distance."""
        gap = self._random.uniform(0.12, 0.5)
        offset = self._random.normal(0, 0.4, 3) * np.array([1, 1, 0])
        way = first.points[-1, 0] - second.points[0, 0] + offset.astype(np.float32)
        return followed(first, replace(second, points=second.points + way), gap)

    def _moving(self, pose: Pose, seconds: float, shift: float, turn: float) -> Stream:
        """Move a hand by slow waves: `shift` in palm lengths, `turn` in degrees."""
        times = np.arange(0, seconds + STEP_S, STEP_S)
        waves = [self._wave(times) for _ in range(6)]
        angles = np.radians(np.stack(waves[:3], axis=1) * turn * np.array([1, 0.8, 0.8]))
        moved = np.einsum("kij,pj->kpi", turns_of(angles), pose.points)
        place = np.stack(waves[3:], axis=1) * shift * np.array([1, 1, 0.2])
        return Stream(times, (moved + place[:, None]).astype(np.float32))

    def _wave(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        frequency = self._random.uniform(0.1, 1.3)
        phase = self._random.uniform(0, 2 * np.pi)
        drift = self._random.normal(0, 0.5) * (times - times.mean())
        return np.asarray(
            self._random.normal() * np.sin(2 * np.pi * frequency * times + phase) + drift
        )
