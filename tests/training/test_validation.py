import numpy as np
import pytest

from asl_core.training.validation import (
    best_share,
    best_temperature,
    landmarks_suffice,
    rejection_threshold,
    static_classes,
)

LOG = np.log


def test_share_goes_to_the_view_that_is_right() -> None:
    truth = np.array([0, 1, 0, 1])
    right = LOG(np.where(np.eye(2)[truth] == 1, 0.9, 0.1)).astype(np.float32)
    wrong = LOG(np.where(np.eye(2)[truth] == 1, 0.45, 0.55)).astype(np.float32)
    weights = np.ones(4)
    assert best_share(right, wrong, truth, weights) < 0.8
    fused = best_share(wrong, right, truth, weights)
    mixed = (1 - fused) * wrong + fused * right
    assert (mixed.argmax(1) == truth).all()


def test_share_weighs_signers_not_photos() -> None:
    """Two views disagree: one is right on many photos of one signer, the other on a few."""
    truth = np.zeros(10, np.int64)
    image = LOG(np.array([[0.9, 0.1]] * 8 + [[0.1, 0.9]] * 2, np.float32))
    landmarks = LOG(np.array([[0.2, 0.8]] * 8 + [[0.8, 0.2]] * 2, np.float32))
    few_matter = np.array([0.1 / 8] * 8 + [0.9 / 2] * 2)
    assert best_share(image, landmarks, truth, np.ones(10)) < 0.6
    assert best_share(image, landmarks, truth, few_matter) > 0.6


@pytest.mark.slow
@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.0], ids=str)
def test_temperature_is_recovered(true_temperature: float) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (20_000, 5)).astype(np.float32)
    powers = np.exp(logits / true_temperature)
    shares = powers / powers.sum(1, keepdims=True)
    truth = (shares.cumsum(1) > random.random((20_000, 1))).argmax(1)
    assert best_temperature(logits, truth) == pytest.approx(true_temperature, rel=0.06)


def test_threshold_is_the_lowest_confidence_with_the_wanted_precision() -> None:
    confidence = np.linspace(0.99, 0.51, 100, dtype=np.float32)
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    truth = np.zeros(100, np.int64)
    truth[60:] = 1  # the forty least certain are wrong
    threshold = rejection_threshold(probabilities, truth)
    # 60 right of 61 shown are 98.4 %, 60 of 62 are 96.8 %.
    assert threshold == pytest.approx(float(confidence[60]), abs=1e-4)


def test_threshold_without_any_right_answer_rejects_all() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2]], np.float32)
    assert rejection_threshold(probabilities, np.array([1, 1])) == 1.0


def hands(*parts: tuple[int, float, int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make hands of two classes: how many, how sure the landmarks are of 0, both say, the truth."""
    alone = [[sure, 1 - sure] for count, sure, _, _ in parts for _ in range(count)]
    fused = [np.eye(2)[says] for count, _, says, _ in parts for _ in range(count)]
    truth = [true for count, _, _, true in parts for _ in range(count)]
    return np.array(alone, np.float32), np.array(fused, np.float32), np.array(truth)


STILL = np.array([True, True])


def test_landmarks_suffice_above_the_least_confidence_that_changes_next_to_nothing() -> None:
    """Of 1,000 sure hands none changes; of the ten that are less sure all do."""
    assert landmarks_suffice(*hands((1000, 0.97, 0, 0), (10, 0.905, 1, 0)), STILL) == 0.91


def test_a_few_changes_are_allowed_unless_the_picture_was_right() -> None:
    many = (1000, 0.97, 0, 0)
    assert landmarks_suffice(*hands(many, (2, 0.905, 1, 0)), STILL) == 0.8
    assert landmarks_suffice(*hands(many, (2, 0.905, 1, 1)), STILL) == 0.91


def test_letters_of_motion_are_left_out_and_nothing_may_suffice() -> None:
    good, bad = (100, 0.99, 0, 0), (100, 0.99, 1, 1)
    assert landmarks_suffice(*hands(good), np.array([False, True])) == 1.0
    assert landmarks_suffice(*hands(bad), STILL) == 1.0
    assert static_classes(("A", "J", "Z", "B")).tolist() == [True, False, False, True]
