"""Finds one typical hand for each letter among the photos of many signers.

Of each signer the most central hand of a letter is taken, then the most central of these signers,
and the hands of its nearest neighbours are averaged. So a typical hand shows the most common form
of a letter and is nobody's own: no single photo can be told from it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.errors import PhotoSetError
from asl_core.photos.hand_crops import HandCrops
from asl_core.records.json_file import write_json

SCHEMA_VERSION = 1
DERIVATION = (
    "Landmarks by MediaPipe HandLandmarker on photos noted ok, left hands mirrored; centred, "
    "divided by the root mean square of the planar distances from the centre; per letter the "
    "mean of the signers whose central hand is nearest to the central hand of all signers."
)

_NEIGHBOUR_SHARE = 1 / 3
_FEWEST_SIGNERS = 5
_DEPTH_WEIGHT = 0.5  # MediaPipe guesses depth, so it says less about likeness than x and y


@dataclass(frozen=True)
class TypicalHand:
    """The typical hand of a letter.

    `points` is float32 `(21, 3)` of a right hand: x right, y down, z negative towards the camera,
    all in root mean square planar distances from the centre, which is the origin. It is the mean
    of `signers` signers, chosen among `signers_seen` of whom `photos_seen` photos were looked at.
    """

    letter: str
    points: NDArray[np.float32]
    signers: int
    signers_seen: int
    photos_seen: int


def typical_hands(crops: HandCrops, letters: tuple[str, ...] = LETTERS) -> tuple[TypicalHand, ...]:
    """Find the typical hand of each of `letters`.

    Photos without a hand and those with a `label_note` other than `ok` are left out.

    Raises:
        PhotoSetError: a letter has usable photos of fewer than five signers.
    """
    chosen = crops.select(usable_photos(crops))
    points = normalised(chosen.landmarks, chosen.frame_sizes, chosen.left_hand)
    return tuple(
        _typical_hand(
            letter, points[chosen.labels == letter], chosen.signers[chosen.labels == letter]
        )
        for letter in letters
    )


def usable_photos(crops: HandCrops) -> NDArray[np.bool_]:
    """Mark the photos that show a hand and a letter as most people sign it, bool `(N,)`."""
    is_usable = crops.found & np.isin(crops.labels, LETTERS) & (crops.label_notes == "ok")
    return np.asarray(is_usable, np.bool_)


def normalised(
    landmarks: NDArray[np.float32], frame_sizes: NDArray[np.float32], left: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Bring hands to one place, size and side, float32 `(N, 21, 3)`.

    `landmarks` is float32 `(N, 21, 3)` in 0-1 of frames of `frame_sizes` pixels, float32 `(N, 2)`
    of width and height; where `left` (bool `(N,)`) holds, the hand is mirrored. The planar centre
    and the mean depth become 0, the root mean square planar distance from the centre 1.
    """
    scales = frame_sizes[:, None, [0, 1, 0]]
    points = (landmarks * scales).astype(np.float32)
    points[left, :, 0] *= -1
    points -= points.mean(axis=1, keepdims=True)
    spread = np.sqrt((points[..., :2] ** 2).sum(axis=-1).mean(axis=-1))
    return np.asarray(points / np.maximum(spread, 1e-6)[:, None, None], np.float32)


def write_typical_hands(
    path: Path, hands: tuple[TypicalHand, ...], photo_set: str, sources: tuple[str, ...]
) -> None:
    """Write the hands as the JSON that `drawing/drawn_letters.py` reads, points with 4 decimals.

    `photo_set` says in words which photos were looked at, `sources` names where they come from.
    """
    letters: dict[str, Any] = {
        hand.letter: {
            "signers": hand.signers,
            "signers_seen": hand.signers_seen,
            "photos_seen": hand.photos_seen,
            "points": [[round(float(v), 4) for v in point] for point in hand.points],
        }
        for hand in hands
    }
    values = {
        "schema_version": SCHEMA_VERSION,
        "photo_set": photo_set,
        "sources": list(sources),
        "derivation": DERIVATION,
        "letters": letters,
    }
    write_json(path, values, compact=True)


def _typical_hand(
    letter: str, points: NDArray[np.float32], signers: NDArray[np.str_]
) -> TypicalHand:
    names = sorted(set(signers.tolist()))
    if len(names) < _FEWEST_SIGNERS:
        raise PhotoSetError(
            f"The letter {letter} has usable photos of {len(names)} signers; "
            f"{_FEWEST_SIGNERS} are needed so that the typical hand is nobody's own."
        )
    central = np.stack([_most_central(points[signers == name]) for name in names])
    distances = _distances(central)
    nearest = np.argsort(distances[distances.sum(axis=1).argmin()], kind="stable")
    count = max(_FEWEST_SIGNERS, round(len(names) * _NEIGHBOUR_SHARE))
    mean = central[nearest[:count]].mean(axis=0)
    mean /= np.sqrt((mean[:, :2] ** 2).sum(axis=-1).mean())
    return TypicalHand(letter, mean, count, len(names), len(points))


def _most_central(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(points[_distances(points).sum(axis=1).argmin()], np.float32)


def _distances(points: NDArray[np.float32]) -> NDArray[np.float32]:
    weighted = points * np.array([1, 1, _DEPTH_WEIGHT], np.float32)
    differences = weighted[:, None] - weighted[None]
    return np.asarray(np.sqrt((differences**2).sum(axis=-1).mean(axis=-1)), np.float32)
