"""Landmark networks for streams: the one that reads, and two that judge hands they never saw.

A network is surer of hands that it learned from than of a stranger's. A streaming network that
hears such answers in its training would trust them too much, so each made-up signer is judged by
a network that was trained on the other half of the people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS, MOTION_LETTERS
from asl_core.errors import RunError
from asl_core.spelling.fluent.model import Weights
from asl_core.training.fluent.network import shape_arrays
from asl_core.training.fluent.poses import VIEWS, PoseBook, view_of
from asl_core.training.fluent.strokes import STEPS, StrokeBank
from asl_core.training.landmark_network import train_on_hands

_FLAT_SHARE = 0.2
"""So many hands are learned from without their z, as some sources of landmarks know none."""

_TURN_DEGREES = 12.0
"""Left-out signers were read 0.4 points better, in each of three pairs; with 20 and 30 no more."""

_STROKE_FROM = STEPS // 3
"""Before this step of a J or Z the hand still looks like an I or a D."""


@dataclass(frozen=True)
class StillHands:
    """Hands float32 `(N, 21, 3)` in palm lengths, z 0 where it is not known.

    `targets` int64 `(N,)` are the letters' numbers, `weights` float64 `(N,)`, with the sum 1, each
    hand's chance to be learned from.
    """

    points: NDArray[np.float32]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64]


def still_hands(book: PoseBook, strokes: StrokeBank, random: np.random.Generator) -> StillHands:
    """Lay out all hands of a book, and of J and Z those of the later part of a stroke.

    Each letter is as likely as another, and each view of a letter. A signer with four times the
    hands counts twice.
    """
    points, targets, weights, views = [], [], [], []
    for own in book.signers.values():
        share = sum(len(hands) for hands in own.values()) ** -0.5
        for letter, hands in own.items():
            points.append(hands)
            targets.append(np.full(len(hands), LETTERS.index(letter)))
            weights.append(np.full(len(hands), share))
            views.append(view_of(hands))
    for letter in MOTION_LETTERS:
        drawn = strokes.hands[letter][:, _STROKE_FROM:].reshape(-1, 21, 3)
        points.append(drawn - drawn[:, :1])
        targets.append(np.full(len(drawn), LETTERS.index(letter)))
        weights.append(np.ones(len(drawn)))
        views.append(np.zeros(len(drawn), np.int64))
    all_points = np.nan_to_num(np.concatenate(points)).astype(np.float32)
    all_points[random.random(len(all_points)) < _FLAT_SHARE, :, 2] = 0
    all_targets, chance = np.concatenate(targets), np.concatenate(weights)
    shares = np.zeros((len(LETTERS), VIEWS))
    shares[:, 0] = 1  # of a stroke, whose hands are not told apart
    for letter, of_views in book.view_shares.items():
        shares[LETTERS.index(letter)] = of_views
    kinds = all_targets * VIEWS + np.concatenate(views)
    chance *= shares.ravel()[kinds] / np.bincount(kinds, chance, shares.size)[kinds]
    return StillHands(all_points, all_targets, chance / chance.sum())


def learned_shape(hands: StillHands, epochs: int, seed: int, kept: Path) -> Weights:
    """Train a landmark network, or take the one that the file `kept` holds.

    Raises:
        RunError: `kept` is of another training.
    """
    of = repr((len(hands.points), epochs, seed))
    if kept.is_file():
        state = torch.load(kept, weights_only=True)
        if state.get("of") != of:
            raise RunError(f"{kept} is of another training: {state.get('of')}; delete it.")
        return {name: value.numpy() for name, value in state["arrays"].items()}
    left = np.zeros(len(hands.points), bool)
    network = train_on_hands(
        hands.points, left, hands.targets, len(LETTERS), seed, epochs, hands.weights, _TURN_DEGREES
    )
    arrays = shape_arrays(network)
    partial = kept.with_suffix(".partial")
    torch.save({"of": of, "arrays": {k: torch.from_numpy(v) for k, v in arrays.items()}}, partial)
    partial.replace(kept)
    return arrays


@dataclass(frozen=True)
class ShapeNetworks:
    """The landmark network of the model, and people with the network that never saw them."""

    shipped: Weights
    judged: tuple[tuple[PoseBook, Weights], ...]


def learned_shapes(
    book: PoseBook,
    strokes: StrokeBank,
    epochs: int,
    seed: int,
    folder: Path,
    tell: Callable[[str], None] = lambda sentence: None,
) -> ShapeNetworks:
    """Train the landmark network of all people, and one of each half of them."""

    def learned(people: PoseBook, name: str) -> Weights:
        random = np.random.default_rng(seed)
        kept = folder / f"shape-{name}.state"
        arrays = learned_shape(still_hands(people, strokes, random), epochs, seed, kept)
        tell(f"Landmark network of {len(people.names)} people ({name})")
        return arrays

    halves = [book.only(frozenset(book.names[start::2])) for start in (0, 1)]
    networks = [learned(half, f"half-{number + 1}") for number, half in enumerate(halves)]
    return ShapeNetworks(learned(book, "all"), tuple(zip(halves, reversed(networks), strict=True)))
