"""Reads J and Z out of a stream of hands, without being told where one starts."""

import math
from collections import deque
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from asl_core.folders import MODELS_FOLDER
from asl_core.letters.motion.features import (
    LEAST_BEND_OF_Z,
    LEAST_LEAD_OF_J,
    MOMENT_COUNT,
    STEPS,
    index_bend,
    little_finger_lead,
    moment_features,
    reach,
)
from asl_core.letters.motion.letter import MotionLetter
from asl_core.letters.motion.model import CLASSES, MotionModel
from asl_core.letters.motion.trace import HandTrace

SHIPPED_MOTION_MODEL: Path = MODELS_FOLDER / "motion-jz"

_LOST_S = 0.25
"""So long after the hand was last seen its stroke may still be decided; fast strokes blur away."""

_VANISHED_S = 0.06
"""A hand that was not seen for so long has ended its stroke; a single lost frame says nothing."""

_FORGOTTEN_S = 0.6
"""After so long without a hand the next one starts afresh."""

_RECENT_S = 0.4
_RECENT_EXTENT = 0.25
"""A stroke is under way only while a fingertip crosses this many palm lengths in this time."""

_DRAWN_S = 0.6
"""So much of the stroke tells which finger draws."""

_QUIET_S = 0.5
"""After a letter its own last bit of motion is passed over."""

_LETTERS: tuple[Literal["J", "Z"], ...] = ("J", "Z")
_J, _Z = 0, 1
_DONE = tuple(CLASSES.index(letter) for letter in _LETTERS)
_UNDER_WAY = tuple(CLASSES.index(f"{letter} under way") for letter in _LETTERS)


class MotionReader:
    """State of one visitor around a shared MotionModel; not thread-safe."""

    def __init__(self, model: MotionModel) -> None:
        self._model = model
        self._seconds = np.array(model.settings.window_seconds, np.float32)
        self._longest_s = float(self._seconds.max())
        self._trace = HandTrace(self._longest_s, MOMENT_COUNT)
        self._recent: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._tracing_since: float | None = None
        self._quiet_until_s = -math.inf
        settings = model.settings
        self._decisions = np.array([settings.j_decision, settings.z_decision], np.float32)

    @property
    def is_tracing(self) -> bool:
        """Whether a J or Z seems to be under way; never for a still hand."""
        return self._tracing_since is not None

    def reset(self) -> None:
        """Forget the hand, as when a stream ends or is interrupted."""
        self._trace.clear()
        self._forget_decision()
        self._quiet_until_s = -math.inf

    def update(
        self, time_s: float, points: NDArray[np.float32] | None, is_left: bool
    ) -> MotionLetter | None:
        """Look at the next frame; give J or Z once, when it has been signed.

        `points` is float32 `(21, 3)` in pixels (`HandLandmarks.pixels_3d`), None without a hand.
        Either hand reads the same: `is_left` is not used, as detectors are often wrong about it.
        """
        if time_s < self._quiet_until_s:
            return None
        if points is not None:
            self._trace.add(time_s, moment_features(points))
        if not len(self._trace):
            return None
        unseen_s = time_s - float(self._trace.times_s[-1])
        if unseen_s > _FORGOTTEN_S:
            self.reset()
            return None
        if unseen_s > _LOST_S or not self._moved(time_s, self._longest_s, self._least):
            self._forget_decision()
            return None
        return self._decide(time_s)

    @property
    def _least(self) -> float:
        return self._model.settings.least_extent

    def _forget_decision(self) -> None:
        self._recent.clear()
        self._tracing_since = None

    def _moved(self, time_s: float, seconds: float, extent: float) -> bool:
        """Whether a drawing fingertip crossed `extent` palm lengths in the last `seconds`."""
        moments = self._trace.since(time_s - seconds)
        return len(moments) > 1 and reach(moments) >= extent

    def _decide(self, time_s: float) -> MotionLetter | None:
        windows = self._trace.windows(time_s, self._seconds, STEPS)
        shares = self._model.probabilities(windows, self._seconds)
        self._follow(time_s, shares)
        done = self._done(time_s, shares)
        self._recent.append((time_s, done.max(axis=0)))
        settings = self._model.settings
        # Two frames at least must agree, however slowly they come.
        while len(self._recent) > 2 and self._recent[1][0] < time_s - settings.decision_seconds:
            self._recent.popleft()
        if len(self._recent) < 2:
            return None
        surest = np.mean([share for _, share in self._recent], axis=0)
        best = int((surest / self._decisions).argmax())
        if surest[best] < self._decisions[best]:
            return None
        window_s = float(self._seconds[done[:, best].argmax()])
        if _LETTERS[best] == "Z" and not self._is_bent(time_s - window_s):
            return None
        since = self._tracing_since
        start_s = max(time_s - window_s, float(self._trace.times_s[0])) if since is None else since
        self.reset()
        self._quiet_until_s = time_s + _QUIET_S
        return MotionLetter(_LETTERS[best], float(start_s), float(time_s), float(surest[best]))

    def _done(self, time_s: float, shares: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how surely each window shows a whole J and Z, `(len(shares), 2)`.

        The letter that this hand's finger cannot draw has 0. Of a little finger, Z counts for J
        where the network sees a J as well: its doubt is often which of the two it is.
        """
        settings = self._model.settings
        is_little = self._is_little_finger(time_s)
        drawn = _J if is_little else _Z
        own = shares[:, _DONE[drawn]]
        more = shares[:, _DONE[_Z]] if is_little else np.zeros_like(own)
        if time_s - float(self._trace.times_s[-1]) >= _VANISHED_S:
            more = more + settings.ending_share * shares[:, _UNDER_WAY[drawn]]
        done = np.zeros((len(shares), len(_LETTERS)), np.float32)
        done[:, drawn] = np.where(own >= settings.least_done, own + more, own)
        return done

    def _is_little_finger(self, time_s: float) -> bool:
        """Whether it is the little finger that draws, so a J if anything; else a Z."""
        moments = self._trace.since(time_s - _DRAWN_S)
        if not len(moments):
            moments = self._trace.moments[-1:]
        return bool(little_finger_lead(moments) >= LEAST_LEAD_OF_J)

    def _is_bent(self, since_s: float) -> bool:
        moments = self._trace.since(since_s)
        return len(moments) > 2 and index_bend(moments) >= LEAST_BEND_OF_Z

    def _follow(self, time_s: float, shares: NDArray[np.float32]) -> None:
        """Notice whether a stroke is under way."""
        seems = 1 - float(shares[:, 0].min()) >= self._model.settings.tracing
        if not seems or not self._moved(time_s, _RECENT_S, _RECENT_EXTENT):
            self._tracing_since = None
        elif self._tracing_since is None:
            self._tracing_since = time_s
