"""Finds the likeliest letters over time: a Viterbi search that goes along with the stream."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asl_core.spelling.fluent.letter_order import LETTER_COUNT, NO_LETTER
from asl_core.spelling.fluent.network import BLANK

_IMPOSSIBLE = -1e9

_PLACES = NO_LETTER + 1
_EACH = np.arange(LETTER_COUNT)


@dataclass(frozen=True)
class Run:
    """A letter's class on the path, from tick `first` to tick `last`, both counted."""

    letter: int
    first: int
    last: int


class LetterSearch:
    """The best path through letters and blanks (Viterbi 1967), decided as late as need be.

    Each tick is blank or a letter. To enter a letter costs `letter_cost` nats and gives what
    `letter_order` says of it after the letter before, float `(27, 26)` in nats (`letter_order.py`);
    a letter lasts `least_ticks` at least. A part of the path is settled when all paths that are
    still possible have it in common, and after `longest_ticks` at the latest.
    """

    def __init__(
        self,
        letter_cost: float,
        least_ticks: int,
        longest_ticks: int,
        letter_order: NDArray[np.floating[Any]] | None = None,
    ) -> None:
        order = np.zeros((_PLACES, LETTER_COUNT)) if letter_order is None else letter_order
        self._entering = order.astype(np.float64) - letter_cost
        self._twice = self._entering[_EACH, _EACH]
        self._least = least_ticks
        self._longest = longest_ticks
        self.reset()

    def reset(self) -> None:
        """Begin a word: all that was is forgotten."""
        # By place: the last letter. By layer: in this letter for its first tick, its second ... and
        # all further ones; at the end, in a blank after it.
        self._scores = np.full((self._least + 1, _PLACES), _IMPOSSIBLE)
        self._scores[-1, NO_LETTER] = 0.0
        self._states = np.arange(self._scores.size).reshape(self._scores.shape)
        self._from: list[NDArray[np.int64]] = []
        self._begun = 0
        self._open: Run | None = None

    @property
    def open_ticks(self) -> int:
        """How many ticks are not settled."""
        return len(self._from)

    def push(self, scores: NDArray[np.float64]) -> None:
        """Take a tick's scores `(27,)` in nats, blank first."""
        before, states = self._scores, self._states
        after, origin = np.empty_like(before), np.empty_like(states)
        letter, blank = before[-2], before[-1]
        # A blank comes after a letter or a blank, another letter after either.
        rests = blank >= letter
        done = np.where(rests, blank, letter)
        came = np.where(rests, states[-1], states[-2])
        after[-1], origin[-1] = done, came
        entering = done[:, None] + self._entering
        entering[_EACH, _EACH] = blank[:LETTER_COUNT] + self._twice
        best = entering.argmax(axis=0)
        after[0], origin[0] = _IMPOSSIBLE, 0
        after[0, :LETTER_COUNT] = entering[best, _EACH]
        # The same letter anew comes from a blank alone.
        origin[0, :LETTER_COUNT] = np.where(best == _EACH, states[-1, best], came[best])
        after[1:-1], origin[1:-1] = before[:-2], states[:-2]
        stays = letter > after[-2]
        after[-2] = np.where(stays, letter, after[-2])
        origin[-2] = np.where(stays, states[-2], origin[-2])
        after[-1] += scores[BLANK]
        after[:-1, :LETTER_COUNT] += scores[BLANK + 1 :]
        # Sums would lose their digits in an hour.
        self._scores = after - after.max()
        self._from.append(origin.ravel())

    def settle(self) -> list[Run]:
        """Return the letters that became certain; what is left stays open."""
        forced = len(self._from) > self._longest
        path = self._trace(np.array([self._scores.argmax()]) if forced else self._alive())
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

    def _alive(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._scores.ravel() > _IMPOSSIBLE / 2)

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
            tick, (layer, place) = self._begun + number, divmod(state, _PLACES)
            letter = BLANK if layer == self._least else BLANK + 1 + place
            is_new = self._least > 1 and layer == 0
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
        alive = self._alive()
        at = self._trace(alive)[number]
        self._scores.ravel()[alive[at != state]] = _IMPOSSIBLE
