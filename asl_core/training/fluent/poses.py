"""The hands that words are spelled with: landmarks of letters, by signer."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import PhotoSetError
from asl_core.letters.motion.features import palm_lengths
from asl_core.photos.hand_crops import HandCrops
from asl_core.photos.landmark_set import read_landmark_set

FEWEST_LETTERS = 15
"""A signer with fewer letters spells no words; the others would have to be borrowed."""

_MOST_HANDS = 60
"""Kept of one signer's letter; more are frames of one burst."""

_VIEW_EDGES = (0.32, 0.48, 0.62)
"""Between the views of a hand: the palm's width over its length, as they look in the picture.
A palm that is seen from its edge is narrow, one that faces the camera as wide as 0.6."""

VIEWS = len(_VIEW_EDGES) + 1

_ENOUGH_OF_VIEW = 30
"""Hands of a letter in one view; fewer may be mistakes of the detector and count less."""

Hands = NDArray[np.float32]


@dataclass(frozen=True)
class PoseBook:
    """Still hands of each signer, for each of the 24 static letters float32 `(N, 21, 3)`.

    Right hands of an unmirrored picture, wrist at 0, in palm lengths; z is NaN where not known.
    """

    signers: dict[str, dict[str, Hands]]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All signers."""
        return tuple(sorted(self.signers))

    @cached_property
    def view_shares(self) -> dict[str, NDArray[np.float64]]:
        """For each letter how often each of its VIEWS is to be shown; the sum is 1.

        People who pose for a photo turn many letters aside; who spells to somebody shows the palm.
        So a view is as likely as another, however rarely it was photographed.
        """
        shares = {}
        for letter in STATIC_LETTERS:
            counts = np.zeros(VIEWS, np.int64)
            for name in self.with_letter(letter):
                counts += np.bincount(view_of(self.signers[name][letter]), minlength=VIEWS)
            share = np.minimum(counts, _ENOUGH_OF_VIEW)
            shares[letter] = share / max(1, share.sum())
        return shares

    def in_view(self, signer: str, letter: str, view: int) -> Hands:
        """Return the hands of a signer's letter that are seen in one of the VIEWS; maybe none."""
        return self._by_view.get((signer, letter, view), _NO_HANDS)

    @cached_property
    def _by_view(self) -> dict[tuple[str, str, int], Hands]:
        by_view: dict[tuple[str, str, int], Hands] = {}
        for name, own in self.signers.items():
            for letter, hands in own.items():
                views = view_of(hands)
                for view in set(views.tolist()):
                    by_view[name, letter, view] = hands[views == view]
        return by_view

    def with_view(self, letter: str, view: int) -> tuple[str, ...]:
        """Return the signers who have a letter in one of the VIEWS."""
        return self._names_by_view.get((letter, view), ())

    @cached_property
    def _names_by_view(self) -> dict[tuple[str, int], tuple[str, ...]]:
        names: dict[tuple[str, int], list[str]] = {}
        for name, letter, view in self._by_view:
            names.setdefault((letter, view), []).append(name)
        return {key: tuple(sorted(some)) for key, some in names.items()}

    @cached_property
    def _by_letter(self) -> dict[str, tuple[str, ...]]:
        return {
            letter: tuple(name for name in self.names if letter in self.signers[name])
            for letter in STATIC_LETTERS
        }

    def with_letter(self, letter: str) -> tuple[str, ...]:
        """Return the signers who have a letter."""
        return self._by_letter[letter]

    def with_depth(self, letter: str) -> tuple[str, ...]:
        """Return the signers who have a letter with a known z."""
        names = self.with_letter(letter)
        return tuple(n for n in names if not np.isnan(self.signers[n][letter]).any())

    def without(self, signers: frozenset[str]) -> "PoseBook":
        """Leave signers out."""
        return PoseBook({name: own for name, own in self.signers.items() if name not in signers})

    def only(self, signers: frozenset[str]) -> "PoseBook":
        """Keep these signers alone."""
        return PoseBook({name: own for name, own in self.signers.items() if name in signers})

    def joined(self, other: "PoseBook") -> "PoseBook":
        """Put two books together; no signer may be in both."""
        return PoseBook({**self.signers, **other.signers})


def read_pose_book(path: Path) -> PoseBook:
    """Sort the hands of a landmark set.

    Raises:
        PhotoSetError: see `read_landmark_set`.
    """
    hands = read_landmark_set(path)
    return pose_book(hands.points, hands.labels, hands.signers)


def photo_poses(crops: HandCrops) -> PoseBook:
    """Take the found hands of photos whose label is sure.

    A signer most of whose hands were taken for left ones is mirrored as a whole: of one photo,
    and of a fist above all, the detector cannot tell.
    """
    is_sure = np.isin(crops.label_notes, ("", "ok"))
    chosen = crops.select(crops.found & is_sure & np.isin(crops.labels, STATIC_LETTERS))
    if not len(chosen):
        raise PhotoSetError("The photos hold no found hand of a still letter.")
    points = chosen.pixel_points
    for signer in set(chosen.signers.tolist()):
        own = chosen.signers == signer
        if chosen.left_hand[own].mean() > 0.5:
            points[own, :, 0] *= -1
    return pose_book(points, chosen.labels, chosen.signers)


def pose_book(points: Hands, letters: NDArray[np.str_], signers: NDArray[np.str_]) -> PoseBook:
    """Sort right hands `(N, 21, 3)` of one scale in x and y by signer and letter."""
    order = np.lexsort((letters, signers))
    keys = np.stack([signers[order], letters[order]], axis=1)
    starts = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
    book: dict[str, dict[str, Hands]] = {}
    for chosen in np.split(order, starts):
        signer, letter = str(signers[chosen[0]]), str(letters[chosen[0]])
        if letter in STATIC_LETTERS:
            # Evenly spread, as neighbours are frames of one burst.
            spread = np.linspace(0, len(chosen) - 1, min(len(chosen), _MOST_HANDS))
            hands = in_palm_lengths(points[chosen[spread.astype(int)]])
            book.setdefault(signer, {})[letter] = hands
    return PoseBook({name: own for name, own in book.items() if len(own) >= FEWEST_LETTERS})


_NO_HANDS: Hands = np.zeros((0, 21, 3), np.float32)


def view_of(hands: Hands) -> NDArray[np.int64]:
    """Return the view of each hand `(N, 21, 3)`: 0 a palm from its edge, VIEWS - 1 a wide one."""
    width = np.hypot(*(hands[:, 5, :2] - hands[:, 17, :2]).T)
    length = np.hypot(*(hands[:, 9, :2] - hands[:, 0, :2]).T)
    return np.asarray(np.digitize(width / np.maximum(length, 1e-6), _VIEW_EDGES), np.int64)


_LENGTHS = ((0, 5, 1.0), (0, 9, 1.0), (0, 17, 1.05), (5, 17, 1.75), (9, 10, 2.1), (5, 6, 2.2))
"""Two points of a hand and what makes their distance, seen from the front, a palm length."""


def in_palm_lengths(points: Hands) -> Hands:
    """Put the wrist at 0 and divide by the size of a palm that is seen from the front.

    A palm that points to the camera looks short; other bones then tell how large the hand is.
    """
    upon = points - points[:, :1]
    size = palm_lengths(upon)
    for one, other, factor in _LENGTHS:
        length = np.sqrt(((upon[:, one, :2] - upon[:, other, :2]) ** 2).sum(-1))
        size = np.maximum(size, factor * length)
    return np.asarray(upon / np.maximum(size, 1e-6)[:, None, None], np.float32)
