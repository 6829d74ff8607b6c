"""Tells what to change in a hand so that it shows the letter that was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS, MOTION_LETTERS
from asl_core.letter_tips import SHAPES, pair_tip
from asl_core.practice.hand_shape import (
    LARGEST_TURN,
    PARTS,
    HandShape,
    Part,
    hand_shape,
    turn_between,
    typical_shape,
)

# Of 2,163 hands of 76 collections (up to two of each letter and signer), eight in ten differ from
# the typical hand of their letter by less.
_STRAIGHT = (0.09, 0.15, 0.15, 0.17, 0.17)
_GAPS = (0.17, 0.13, 0.10)
_HEIGHTS = 0.14
_THUMB = (0.26, 0.22)
_FACING = 0.35

_LEAST, _LEAST_FIRST = 1.0, 0.25
"""Smaller differences, in the tolerances above, are those between any two people; but the one that
tells two letters apart is named all the same, as the hand was read as the other one."""

_SECOND_SHARE = 0.6
_FROM_BESIDE = 0.3  # weight of what does not tell the two letters apart
_UP, _DOWN = 50.0, 125.0
_TURN_WEIGHT = 6.0  # a letter that points elsewhere is wrong whatever the fingers do
_BENT = 0.75


@dataclass(frozen=True)
class Change:
    """One thing to do: with which part of the hand, in one sentence, and how far it is off.

    `size` is in tolerances: 1 is what people who sign the same letter differ by.
    """

    part: Part
    sentence: str
    size: float


@dataclass(frozen=True)
class Advice:
    """What to change, the most telling first, and what tells the two letters apart.

    `changes` has at most two entries, none where the hand is as it should be or was not measured.
    `tip` is empty where nothing is known.
    """

    changes: tuple[Change, ...]
    tip: str

    @property
    def part(self) -> Part | None:
        """The part of the hand that differs most, None where none does."""
        return self.changes[0].part if self.changes else None


def advise(
    target: str, read_as: str, points: NDArray[np.float32] | None, is_left: bool = False
) -> Advice:
    """Compare a hand that was read as `read_as` with the typical hand of `target`.

    `points` are its 21 landmarks in pixels, float32 `(21, 3)`, of a left hand with `is_left`. Size,
    place and side do not count, nor does a turn of up to 30 degrees in the picture. Differences
    that also tell the two letters apart weigh most.

    Raises:
        SettingsError: `target` is not one of A to Z.
    """
    wanted = typical_shape(target)
    tip = pair_tip(target, read_as) if target != read_as else ""
    if points is None:
        return Advice((), tip or _shape_of(target))
    shown = hand_shape(points, is_left, wanted.direction)
    other = typical_shape(read_as) if read_as in LETTERS and read_as != target else None
    # What a drawn letter's hand does while it moves is not what a still one shows.
    is_drawn = target in MOTION_LETTERS
    found = sorted(_differences(wanted, shown, other), key=lambda change: -change.size)
    changes = tuple(_of_parts([] if is_drawn else found))
    return Advice(changes, tip or _shape_of(target))


def _shape_of(letter: str) -> str:
    return f"{letter} is {SHAPES[letter]}."


def _of_parts(found: list[Change]) -> Iterator[Change]:
    """Keep the largest change, and a second one of another part that is nearly as large."""
    if not found or found[0].size < _LEAST_FIRST:
        return
    first = found[0]
    yield first
    for change in found[1:]:
        is_large = change.size >= max(_LEAST, _SECOND_SHARE * first.size)
        if change.part != first.part:
            if is_large:
                yield change
            return


def _differences(wanted: HandShape, shown: HandShape, other: HandShape | None) -> Iterator[Change]:
    rival = wanted if other is None else other

    def weighed(want: float, is_now: float, reads: float, tolerance: float) -> float:
        missing = (want - is_now) / tolerance
        telling = (want - reads) / tolerance
        if other is None:
            return abs(missing)
        helps = min(1.0, abs(telling) / 2) if telling * missing > 0 else 0.0
        return abs(missing) * (_FROM_BESIDE + (1 - _FROM_BESIDE) * helps)

    for i, tolerance in enumerate(_STRAIGHT):
        want, is_now = float(wanted.straight[i]), float(shown.straight[i])
        size = weighed(want, is_now, float(rival.straight[i]), tolerance)
        yield Change(PARTS[i], _stretch(i, want, is_now), size)
    for i in range(4):
        want, is_now = float(wanted.heights[i]), float(shown.heights[i])
        size = weighed(want, is_now, float(rival.heights[i]), _HEIGHTS)
        out = [float(shape.straight[i + 1]) for shape in (wanted, shown)]
        is_folding = (out[0] > _BENT) != (out[1] > _BENT)
        sentence = _stretch(i + 1, *out) if is_folding else _lift(i + 1, want, is_now)
        yield Change(PARTS[i + 1], sentence, 0.5 * size)
    for i, tolerance in enumerate(_GAPS):
        want, is_now = float(wanted.gaps[i]), float(shown.gaps[i])
        # Of folded fingers the tips lie anywhere.
        are_out = min(*wanted.straight[i + 1 : i + 3], *shown.straight[i + 1 : i + 3]) > _BENT
        size = weighed(want, is_now, float(rival.gaps[i]), tolerance) if are_out else 0.0
        yield Change(PARTS[i + 1], _part_from(i + 1, want, is_now), size)
    for axis, tolerance in enumerate(_THUMB):
        want, is_now = float(wanted.thumb[axis]), float(shown.thumb[axis])
        size = weighed(want, is_now, float(rival.thumb[axis]), tolerance)
        yield Change("thumb", _move_thumb(axis, want, is_now), size)
    yield from _of_directions(wanted, shown)


def _of_directions(wanted: HandShape, shown: HandShape) -> Iterator[Change]:
    way, turn = _way(wanted.direction), turn_between(wanted.direction, shown.direction)
    if way != _way(shown.direction) and abs(turn) > _UP:
        sentence = f"Turn your wrist so that the hand points {way}."
        yield Change("whole hand", sentence, _TURN_WEIGHT * abs(turn) / 90)
        return
    way, turn = _way(wanted.pointing), turn_between(wanted.pointing, shown.pointing)
    is_out = min(wanted.straight[1], shown.straight[1]) > _BENT
    if is_out and way != _way(shown.pointing) and abs(turn) > LARGEST_TURN:
        sentence = f"Point your index finger {way}."
        yield Change("index finger", sentence, _TURN_WEIGHT * abs(turn) / 90)
    elif wanted.facing - shown.facing > _FACING and way == "up":
        size = (wanted.facing - shown.facing) / _FACING
        yield Change("whole hand", "Turn your palm towards the camera.", size)


def _way(direction: float) -> str:
    if abs(direction) < _UP:
        return "up"
    return "down" if abs(direction) > _DOWN else "to the side"


def _stretch(finger: int, want: float, is_now: float) -> str:
    name = PARTS[finger]
    if want > is_now and finger and want < _BENT:
        return f"Curl your {name} less tightly."
    if want > is_now:
        return f"Stretch your {name} more."
    return f"Fold your {name} down." if want < _BENT and finger else f"Bend your {name} more."


def _lift(finger: int, want: float, is_now: float) -> str:
    return f"{'Raise' if want > is_now else 'Lower'} the tip of your {PARTS[finger]}."


def _part_from(finger: int, want: float, is_now: float) -> str:
    one, two = PARTS[finger], PARTS[finger + 1]
    if want < 0 < is_now:
        return f"Cross your {two} over your {one}."
    if want > 0 > is_now:
        return f"Uncross your {one} and your {two}."
    if want > is_now:
        return f"Spread your {one} and your {two} apart."
    return f"Bring your {one} and your {two} together."


def _move_thumb(axis: int, want: float, is_now: float) -> str:
    if axis:
        return f"{'Raise' if want > is_now else 'Lower'} the tip of your thumb."
    if want > is_now:
        return "Move your thumb across the fingers, towards the little finger."
    return "Move your thumb out, to the side of your index finger."
