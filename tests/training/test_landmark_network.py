import dataclasses
from typing import Any

import numpy as np
import pytest

from asl_core.letters.torch_networks import landmark_log_probabilities
from asl_core.photos.landmark_set import LandmarkSet
from asl_core.training import landmark_network
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.landmark_network import (
    EPOCHS,
    train_landmark_network,
    train_on_hands,
    turn_in_depth,
    vary_points,
)
from asl_core.training.presets import STRANGER


def _hands(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two shapes of hand, each at random places and sizes, a third of them left hands."""
    random = np.random.default_rng(seed)
    shapes = np.random.default_rng(0).normal(0, 1, (2, 21, 3))
    targets = random.integers(0, 2, count)
    points = shapes[targets] + random.normal(0, 0.05, (count, 21, 3))
    left = random.random(count) < 1 / 3
    points[left, :, 0] *= -1
    size, place = random.uniform(20, 200, (count, 1, 1)), random.uniform(0, 500, (count, 1, 3))
    return (points * size + place).astype(np.float32), left, targets


@pytest.mark.slow
def test_learns_shapes_at_any_place_and_size() -> None:
    points, left, targets = _hands(400, 1)
    network = train_on_hands(points, left, targets, 2, seed=0, epochs=20)
    points, left, targets = _hands(100, 2)
    answer = landmark_log_probabilities(network, points, left).argmax(1)
    assert (answer == targets).mean() > 0.97
    wrong_side = landmark_log_probabilities(network, points, ~left).argmax(1)
    assert (wrong_side == answer).all(), "both sides are looked at, so a wrong side changes nothing"


@pytest.mark.slow
def test_same_seed_same_network() -> None:
    points, left, targets = _hands(64, 1)
    first, second = (
        train_on_hands(points, left, targets, 2, seed=7, epochs=2).state_dict() for _ in range(2)
    )
    assert all((first[key] == second[key]).all() for key in first)


def test_varied_hands_keep_their_place_free_shape() -> None:
    points, _, _ = _hands(50, 1)
    varied = vary_points(points, np.random.default_rng(0))
    assert varied.shape == points.shape
    spread = np.linalg.norm(points - points.mean(1, keepdims=True), axis=(1, 2))
    varied_spread = np.linalg.norm(varied, axis=(1, 2))
    ratio = varied_spread / spread
    assert 0.8 < ratio.min() < ratio.max() < 1.25
    assert ratio.std() > 0.01


@pytest.mark.slow
def test_hands_without_weight_are_not_learnt() -> None:
    points, left, targets = _hands(200, 1)
    weights = (targets == 1) / (targets == 1).sum()
    network = train_on_hands(points, left, targets, 2, seed=0, epochs=10, weights=weights)
    assert (landmark_log_probabilities(network, points, left).argmax(1) == 1).all()


FURTHER = LandmarkSet(
    "letters.npz",
    np.concatenate([np.ones((3, 21, 3)), np.full((3, 21, 3), np.nan)]).astype(np.float32),
    np.array(["A", "B", "del"] * 2),
    np.array(["anna"] * 3 + ["ben"] * 3),
)
"""Six hands: three with a z, three without anything known; one letter is no class of ours."""


@pytest.fixture
def labelled(make_crops):
    """Four photos of found hands."""
    return LabelledCrops.of(make_crops("ABCA"), STRANGER)


@pytest.mark.parametrize(
    "depth, hands, epochs",
    [(True, 4 + 2, round(EPOCHS * 4 / 6)), (False, 4 + 4, EPOCHS // 2)],
    ids=["with depth", "flat"],
)
def test_further_hands_are_learned_from_in_as_many_batches(
    monkeypatch, labelled, depth, hands, epochs
):
    seen: dict[str, Any] = {}

    def fake(points, left, targets, classes, seed, asked, weights):
        seen.update(points=points, targets=targets, epochs=asked, weights=weights)

    monkeypatch.setattr(landmark_network, "train_on_hands", fake)
    settings = dataclasses.replace(STRANGER, landmark_depth=depth)
    train_landmark_network(labelled, settings, FURTHER)
    assert (len(seen["points"]), seen["epochs"]) == (hands, epochs)
    assert seen["targets"][4:6].tolist() == [0, 1]
    assert ((seen["points"][:, :, 2] == 0).all()) is np.bool_(not depth)
    assert seen["weights"].sum() == pytest.approx(1)


def test_without_further_hands_each_photo_weighs_the_same(monkeypatch, labelled):
    seen: dict[str, Any] = {}
    monkeypatch.setattr(landmark_network, "train_on_hands", lambda *given: seen.update(g=given))
    train_landmark_network(labelled, STRANGER)
    assert len(seen["g"][0]) == 4 and seen["g"][5:] == (EPOCHS, None)


def test_hands_are_turned_in_depth_where_it_is_known():
    points = np.random.default_rng(0).normal(0, 1, (200, 21, 3)).astype(np.float32)
    points[:100, :, 2] = 0
    turned = turn_in_depth(points, 12.0, np.random.default_rng(1))
    np.testing.assert_allclose(turned[:100], points[:100], atol=1e-6)

    def sizes(hands):
        return np.linalg.norm(hands - hands.mean(axis=1, keepdims=True), axis=2)

    np.testing.assert_allclose(sizes(turned), sizes(points), rtol=1e-4)
    assert 0.1 < np.abs(turned[100:] - points[100:]).mean() < 0.5
    assert turn_in_depth(points, 0.0, np.random.default_rng(1)) is points
