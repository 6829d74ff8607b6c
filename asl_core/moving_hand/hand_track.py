"""What a hand does over time: its shapes, its way, and the letters that it shows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.moving_hand.spelled_hand import KeyHand
from asl_core.moving_hand.turns import turns_of

Hand = NDArray[np.float32]

Place = tuple[float, float]
"""Of the wrist, x to the right and y down, in palm lengths."""


@dataclass(frozen=True)
class ShownLetter:
    """A letter and from when to when it is to be seen."""

    letter: str
    start_s: float
    end_s: float


class HandTrack:
    """A hand's shapes and places, written one after the other.

    `now_s` is where the next thing begins. `unseen` are times in which there is no hand.
    """

    def __init__(self) -> None:
        self.keys: list[KeyHand] = []
        self.letters: list[ShownLetter] = []
        self.unseen: list[tuple[float, float]] = []
        self.now_s = 0.0
        self._ways: list[tuple[float, float, float]] = [(0.0, 0.0, 0.0)]

    @property
    def place(self) -> Place:
        """Where the hand went last."""
        return self._ways[-1][1:]

    def shape(self, points: Hand, start_s: float, end_s: float, is_stroke: bool = False) -> None:
        """Reach a shape at `start_s` and keep it until `end_s`."""
        self.keys.append(KeyHand(np.asarray(points, np.float32), start_s, end_s, is_stroke))

    def go(self, time_s: float, place: Place) -> None:
        """Be at a place at a time."""
        self._ways.append((time_s, place[0], place[1]))

    def show(self, letter: str, start_s: float, end_s: float) -> None:
        """Note that a letter is seen."""
        self.letters.append(ShownLetter(letter, start_s, end_s))

    def places_at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return x and y at any times, `(K, 2)`."""
        ways = np.array(self._ways)
        ways = ways[np.argsort(ways[:, 0], kind="stable")]
        return np.stack([np.interp(times_s, ways[:, 0], ways[:, i]) for i in (1, 2)], axis=1)


def turned(points: Hand, roll: float, turn: float = 0.0, bend: float = 0.0) -> Hand:
    """Turn hands `(..., 21, 3)` about z, y and x by degrees; a z that is not known counts as 0.

    Where nothing but `roll` is asked for, an unknown z stays so.
    """
    if turn == 0 and bend == 0 and np.isnan(points).any():
        flat = turned(np.nan_to_num(points), roll)
        flat[..., 2] = points[..., 2]
        return flat
    matrix = turns_of(np.radians(np.array([[roll, turn, bend]])))[0]
    return np.asarray(np.nan_to_num(points) @ matrix.T, np.float32)
