import numpy as np
import pytest

from asl_core.training.validation import best_share, best_temperature, rejection_threshold

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
