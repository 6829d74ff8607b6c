"""Landmark networks for streams: balanced hands, and nobody judged by who learned from them."""

import numpy as np
import pytest

from asl_core.alphabet import LETTERS
from asl_core.errors import RunError
from asl_core.training.fluent import still_hands as module
from asl_core.training.fluent.poses import VIEWS, PoseBook, view_of
from asl_core.training.fluent.still_hands import learned_shape, learned_shapes, still_hands
from asl_core.training.fluent.strokes import STEPS, StrokeBank


def _book(signers: int, hands: int = 3) -> PoseBook:
    random = np.random.default_rng(0)
    still = [letter for letter in LETTERS if letter not in "JZ"]

    def own() -> dict[str, np.ndarray]:
        return {c: random.normal(0, 1, (hands, 21, 3)).astype(np.float32) for c in still}

    return PoseBook({f"signer {number}": own() for number in range(signers)})


@pytest.fixture(scope="module")
def strokes() -> StrokeBank:
    hands = np.random.default_rng(1).normal(0, 1, (5, STEPS, 21, 3)).astype(np.float32)
    return StrokeBank({"J": hands, "Z": hands + 1}, {"J": np.ones(5), "Z": np.ones(5)})


def test_each_letter_is_as_likely_as_another(strokes):
    hands = still_hands(_book(2), strokes, np.random.default_rng(0))
    chance = np.bincount(hands.targets, hands.weights, len(LETTERS))
    np.testing.assert_allclose(chance, 1 / len(LETTERS))


def _facing(book: PoseBook, width: float) -> PoseBook:
    """Give all hands a palm that is `width` of its length wide in the picture."""
    for own in book.signers.values():
        for hands in own.values():
            hands[:, [0, 5, 9, 17], :2] = [(0, 0), (-width, -1), (0, -1), (0, -1)]
    return book


def test_each_view_of_a_letter_is_as_likely_as_another(strokes):
    wide, narrow = _facing(_book(10, 4), 0.7), _facing(_book(20, 30), 0.2)
    book = wide.joined(PoseBook({f"{name} aside": own for name, own in narrow.signers.items()}))
    assert book.view_shares["O"].tolist() == [0.5, 0, 0, 0.5]
    hands = still_hands(book, strokes, np.random.default_rng(0))
    is_wide = view_of(hands.points) == VIEWS - 1
    of_o = hands.targets == LETTERS.index("O")
    assert hands.weights[of_o & is_wide].sum() == pytest.approx(1 / 2 / len(LETTERS))


def test_a_view_of_a_few_hands_counts_less():
    rare, usual = _facing(_book(1, 3), 0.7), _facing(_book(1, 60), 0.2)
    book = rare.joined(PoseBook({"usual": usual.signers["signer 0"]}))
    assert book.view_shares["O"][-1] == pytest.approx(3 / 33)


def test_a_signer_with_more_hands_does_not_drown_the_others(strokes):
    few, many = _facing(_book(1), 0.5), _facing(_book(1, 12), 0.5)
    book = few.joined(PoseBook({"many": many.signers["signer 0"]}))
    hands = still_hands(book, strokes, np.random.default_rng(0))
    weights = hands.weights[hands.targets == 0]
    assert weights[3:].sum() / weights[:3].sum() == pytest.approx(2)


def test_an_unknown_depth_is_zero_and_some_known_ones_are_too(strokes):
    book = _book(4)
    book.signers["signer 0"]["A"][..., 2] = np.nan
    hands = still_hands(book, strokes, np.random.default_rng(0))
    assert np.isfinite(hands.points).all()
    flat = (hands.points[..., 2] == 0).all(axis=1)
    assert flat[:3].all() and 0.1 < flat[3:].mean() < 0.35


def test_nobody_is_judged_by_a_network_that_learned_from_them(tmp_path, strokes, monkeypatch):
    learned_from = {}

    def fake(hands, epochs, seed, kept):
        learned_from[kept.stem] = len(hands.points)
        return {"name": kept.stem}

    monkeypatch.setattr(module, "learned_shape", fake)
    shapes = learned_shapes(_book(5), strokes, 1, 0, tmp_path)
    assert shapes.shipped == {"name": "shape-all"}
    (first, by_first), (second, by_second) = shapes.judged
    assert not set(first.names) & set(second.names) and len(first.names + second.names) == 5
    assert (by_first, by_second) == ({"name": "shape-half-2"}, {"name": "shape-half-1"})
    assert learned_from["shape-all"] > learned_from["shape-half-1"]


@pytest.mark.slow
def test_what_was_learned_is_kept_and_belongs_to_its_hands(tmp_path, strokes):
    kept = tmp_path / "shape.state"
    hands = still_hands(_book(2), strokes, np.random.default_rng(0))
    first = learned_shape(hands, 1, 0, kept)
    again = learned_shape(hands, 1, 0, kept)
    np.testing.assert_array_equal(first["layer0.weight"], again["layer0.weight"])
    with pytest.raises(RunError, match="another training"):
        learned_shape(hands, 2, 0, kept)
