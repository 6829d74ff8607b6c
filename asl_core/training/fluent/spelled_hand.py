"""Moves a hand through the letters of a word, finger by finger, as people do who do not hold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.hands.landmarks import FINGERS
from asl_core.training.motion_stream import eased

POINT_FINGER = np.zeros(21, np.int64)
"""To which part each point belongs: 0 the palm, 1 to 5 thumb to little finger."""

for _number, _finger in enumerate(FINGERS, start=1):
    # The base joint of a finger is part of the palm, but the thumb's moves with the thumb.
    POINT_FINGER[list(_finger if _number == 1 else _finger[1:])] = _number

_BASES = np.array([0, *(finger[0] for finger in FINGERS)])


@dataclass(frozen=True)
class KeyHand:
    """A hand `(21, 3)` in palm lengths that is reached at `start_s` and kept until `end_s`.

    `letter` names what it shows, "" for none. `is_stroke` tells that the hand is on its way and
    moves evenly to the next one.
    """

    points: NDArray[np.float32]
    start_s: float
    end_s: float
    letter: str = ""
    is_stroke: bool = False


def moved_hands(
    keys: list[KeyHand],
    times_s: NDArray[np.float64],
    finger_lags: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Give the hand at any times, float32 `(K, 21, 3)`.

    `finger_lags` is `(len(keys), 6)`: by which share of the way to key `i` its palm and each
    finger come too late (below 0: too early). Fingers turn about their base joints and keep
    their length, so far as z tells it.
    """
    hands = np.stack([key.points for key in keys])
    parts = _parts(hands)
    moved = np.empty((len(times_s), 21, 3), np.float32)
    for part in range(6):
        place = _places(keys, times_s, finger_lags[:, part])
        members = np.flatnonzero(POINT_FINGER == part)
        moved[:, members] = _between(parts[:, members], place, keeps_length=part > 0)
    for part in range(1, 6):
        members = np.flatnonzero(POINT_FINGER == part)
        # The thumb's first joint hangs at the wrist, which is 0.
        base = moved[:, [0 if part == 1 else int(_BASES[part])]]
        moved[:, members] += base
    return moved


def _parts(hands: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give fingers as seen from their base joints."""
    parts = hands.copy()
    for part in range(1, 6):
        members = np.flatnonzero(POINT_FINGER == part)
        base = 0 if part == 1 else int(_BASES[part])
        parts[:, members] -= hands[:, [base]]
    return parts


def _places(
    keys: list[KeyHand], times_s: NDArray[np.float64], lags: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give how far one part of the hand is on its way through the keys, `(K,)`."""
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
        return way
    lengths = np.sqrt((parts * parts).sum(-1, keepdims=True))
    wanted = lengths[before] + (lengths[after] - lengths[before]) * share
    got = np.sqrt((way * way).sum(-1, keepdims=True))
    # A finger that folds straight through its base would need an endless stretch.
    return np.asarray(way * np.clip(wanted / np.maximum(got, 1e-6), 1.0, 1.6), np.float32)
