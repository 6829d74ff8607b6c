"""Moves a hand through the letters of a word, finger by finger, as people do who do not hold."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import FINGERS
from asl_core.moving_hand.turns import eased, palm_turns, turns_between

# The base joint of a finger is part of the palm, but the thumb's moves with the thumb.
_MOVED = (FINGERS[0], *(finger[1:] for finger in FINGERS[1:]))

PART_POINTS: tuple[NDArray[np.int64], ...] = (
    np.array(sorted(set(range(21)).difference(*_MOVED))),
    *(np.array(finger) for finger in _MOVED),
)
"""Points of the palm, then of the thumb and each finger."""

PART_BASES = (0, 0, *(finger[0] for finger in FINGERS[1:]))
"""The point that each part turns about."""


@dataclass(frozen=True)
class KeyHand:
    """A hand `(21, 3)` in palm lengths that is reached at `start_s` and kept until `end_s`.

    `is_stroke` tells that the hand moves evenly to the next one.
    """

    points: NDArray[np.float32]
    start_s: float
    end_s: float
    is_stroke: bool = False


def moved_hands(
    keys: list[KeyHand],
    times_s: NDArray[np.float64],
    finger_lags: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return the hand at any times, float32 `(K, 21, 3)`.

    `finger_lags` is `(len(keys), 6)`: by which share of the way to key `i` its palm and each
    finger come too late (below 0: too early). Fingers turn about their base joints and keep
    their length, so far as z tells it.
    """
    hands = np.stack([key.points for key in keys])
    moved = np.empty((len(times_s), 21, 3), np.float32)
    for part, (points, base) in enumerate(zip(PART_POINTS, PART_BASES, strict=True)):
        place = _places(keys, times_s, finger_lags[:, part])
        if part == 0:
            moved[:, points] = _between(hands[:, points], place, keeps_length=False)
            continue
        finger = _between(hands[:, points] - hands[:, [base]], place, keeps_length=True)
        moved[:, points] = finger + moved[:, [base]]
    return moved


def turned_hands(
    keys: list[KeyHand],
    times_s: NDArray[np.float64],
    finger_lags: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return the hand at any times as `moved_hands` does, but let the palm turn as a whole.

    For hands whose z is known: between G and B the wrist bends, and no bone becomes shorter.
    """
    hands = np.stack([key.points for key in keys])
    turns = palm_turns(hands, hands[0])
    # As rows, points are turned back by the matrix itself.
    upright = [
        replace(key, points=(key.points @ turn).astype(np.float32))
        for key, turn in zip(keys, turns, strict=True)
    ]
    moved = moved_hands(upright, times_s, finger_lags)
    place = _places(keys, times_s, finger_lags[:, 0])
    return np.asarray(np.einsum("kij,kpj->kpi", turns_between(turns, place), moved), np.float32)


def _places(
    keys: list[KeyHand], times_s: NDArray[np.float64], lags: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far one part of the hand is on its way through the keys, `(K,)`."""
    knots, values = [], []
    for number, key in enumerate(keys):
        before = keys[number - 1].end_s if number else key.start_s
        shift = lags[number] * (key.start_s - before)
        arrives = min(key.start_s + shift, (key.start_s + key.end_s) / 2)
        knots += [arrives, key.end_s]
        values += [number, number]
    ordered = np.maximum.accumulate(np.array(knots) + 1e-6 * np.arange(len(knots)))
    place = np.interp(times_s, ordered, values)
    whole = np.floor(place)
    share = place - whole
    strokes = np.array([key.is_stroke for key in keys])[whole.astype(int)]
    return np.asarray(whole + np.where(strokes, share, eased(share)))


def _between(
    parts: NDArray[np.float32], place: NDArray[np.float64], keeps_length: bool
) -> NDArray[np.float32]:
    before = np.minimum(place.astype(int), len(parts) - 1)
    after = np.minimum(before + 1, len(parts) - 1)
    share = (place - before).astype(np.float32)[:, None, None]
    way = parts[before] + (parts[after] - parts[before]) * share
    if not keeps_length:
        return np.asarray(way, np.float32)
    lengths = np.sqrt((parts * parts).sum(-1, keepdims=True))
    wanted = lengths[before] + (lengths[after] - lengths[before]) * share
    got = np.sqrt((way * way).sum(-1, keepdims=True))
    # A finger that folds straight through its base would need an endless stretch.
    return np.asarray(way * np.clip(wanted / np.maximum(got, 1e-6), 1.0, 1.6), np.float32)
