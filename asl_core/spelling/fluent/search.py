"""Finds the likeliest letters over time: a Viterbi search that goes along with the stream."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.spelling.fluent.network import BLANK, CLASS_COUNT

_IMPOSSIBLE = -1e9


@dataclass(frozen=True)
class Run:
    """A letter's class on the path, from tick `first` to tick `last`, both counted."""

    letter: int
    first: int
    last: int


class LetterSearch:
    """The best path through letters and blanks (Viterbi 1967), decided as late as need be.

    Each tick is in one of 27 states, blank or a letter. To enter a letter costs `letter_cost`
    nats, from wherever; a letter lasts `least_ticks` at least. A part of the path is settled when
    all states that are still possible have it in common, and after `longest_ticks` at the latest.
    """

    def __init__(self, letter_cost: float, least_ticks: int, longest_ticks: int) -> None:
        self._letter_cost = letter_cost
        self._least = least_ticks
        self._longest = longest_ticks
        self.reset()

    def reset(self) -> None:
        """Begin a word: all that was is forgotten."""
        # Substates: blank, then each letter's first tick, second tick ... and all further ones.
        self._scores = np.full((self._least, CLASS_COUNT), _IMPOSSIBLE)
        self._scores[-1, BLANK] = 0.0
        self._from: list[NDArray[np.int64]] = []
        self._begun = 0
        self._open: Run | None = None

    @property
    def open_ticks(self) -> int:
        """How many ticks are not settled."""
        return len(self._from)

    def push(self, scores: NDArray[np.float64]) -> None:
        """Take a tick's scores `(27,)` in nats, blank first."""
        before, count = self._scores, CLASS_COUNT
        after = np.empty_like(before)
        origin = np.empty(before.shape, np.int64)
        states = np.arange(before.size).reshape(before.shape)
        done = before[-1]
        best = int(done.argmax())
        # A letter is entered from another letter or from blank, never from itself.
        entering = np.full(count, done[best])
        came = np.full(count, states[-1, best])
        if best != BLANK:
            others = done.copy()
            others[best] = _IMPOSSIBLE
            second = int(others.argmax())
            entering[best], came[best] = done[second], states[-1, second]
        after[0], origin[0] = entering - self._letter_cost, came
        after[1:], origin[1:] = before[:-1], states[:-1]
        if self._least == 1:
            stays = done > after[0]
            after[0] = np.where(stays, done, after[0])
            origin[0] = np.where(stays, states[0], origin[0])
        else:
            stays = done > after[-1]
            after[-1] = np.where(stays, done, after[-1])
            origin[-1] = np.where(stays, states[-1], origin[-1])
        after[:, BLANK] = _IMPOSSIBLE
        after[-1, BLANK], origin[-1, BLANK] = done[best], states[-1, best]
        self._scores = after + scores
        self._from.append(origin.ravel())
        # Sums would lose their digits in an hour.
        self._scores -= self._scores.max()

    def settle(self) -> list[Run]:
        """Return the letters that became certain; what is left stays open."""
        alive = np.flatnonzero(self._scores.ravel() > _IMPOSSIBLE / 2)
        forced = len(self._from) > self._longest
        states = np.array([self._scores.argmax()]) if forced else alive
        path = self._trace(states)
        same = np.flatnonzero((path == path[:, :1]).all(axis=1))
        certain = int(same[-1]) + 1 if len(same) else 0
        if forced:
            certain = max(certain - self._longest // 2, 1)
        return self._cut(path[:certain, 0] if certain else np.zeros(0, np.int64), forced)

    def tail(self) -> list[Run]:
        """Return the letters of the best path that are not settled, the open one first."""
        path = self._trace(np.array([self._scores.argmax()]))
        runs, last = self._runs(path[:, 0] if len(path) else np.zeros(0, np.int64))
        return runs + ([last] if last else [])

    def finish(self) -> list[Run]:
        """End the word: give all letters that are not settled yet, and begin another."""
        runs = self.tail()
        self.reset()
        return runs

    def _trace(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        """Follow states back to the settled part: states at each open tick, `(K, len(states))`."""
        path = np.empty((len(self._from), len(states)), np.int64)
        for number in range(len(self._from) - 1, -1, -1):
            path[number] = states
            states = self._from[number][states]
        return path

    def _runs(self, path: NDArray[np.int64]) -> tuple[list[Run], Run | None]:
        """Return the letters that end within a path from the settled part on, and the last one."""
        runs, current = [], self._open
        for number, state in enumerate(path.tolist()):
            tick = self._begun + number
            letter, is_new = state % CLASS_COUNT, self._least > 1 and state < CLASS_COUNT
            if current is not None and letter == current.letter and not is_new:
                current = Run(letter, current.first, tick)
                continue
            if current is not None:
                runs.append(current)
            current = None if letter == BLANK else Run(letter, tick, tick)
        return runs, current

    def _cut(self, path: NDArray[np.int64], forced: bool) -> list[Run]:
        runs, self._open = self._runs(path)
        if forced and len(path):
            self._keep_only(int(path[-1]), len(path) - 1)
        del self._from[: len(path)]
        self._begun += len(path)
        return runs

    def _keep_only(self, state: int, number: int) -> None:
        """Drop all paths that are not in `state` at the open tick `number`."""
        alive = np.arange(self._scores.size)
        at = self._trace(alive)[number]
        self._scores.ravel()[at != state] = _IMPOSSIBLE
