import numpy as np
import pytest

from asl_core.training.serving.weight_rounding import clipped, rounding_error

BITS = 7


@pytest.fixture
def weights():
    """Weights of four output channels, the last with one far from the others."""
    weights = np.random.default_rng(0).normal(0, 0.1, (4, 512, 3, 3)).astype(np.float32)
    weights[3, 0, 0, 0] = 0.8
    return weights


def test_a_weight_far_from_the_others_is_clipped(weights):
    after = clipped(weights, BITS)
    assert after.shape == weights.shape
    assert after[3, 0, 0, 0] < 0.75
    assert np.sign(after[3, 0, 0, 0]) == 1


def test_clipping_never_costs_more_than_it_brings(weights):
    plain = rounding_error(weights, weights, BITS)
    better = rounding_error(weights, clipped(weights, BITS), BITS)
    for channel in range(4):
        assert (better[channel] ** 2).sum() <= (plain[channel] ** 2).sum() + 1e-9


def test_the_error_is_at_most_half_a_step_where_nothing_is_clipped(weights):
    error = rounding_error(weights, weights, BITS)
    steps = np.abs(weights.reshape(4, -1)).max(axis=1) / 2 ** (BITS - 1)
    assert (np.abs(error).reshape(4, -1).max(axis=1) <= steps / 2 + 1e-6).all()
    assert np.abs(error).max() > 0


def test_a_channel_of_zeros_stays(weights):
    weights[1] = 0
    assert not clipped(weights, BITS)[1].any()
    assert not rounding_error(weights, clipped(weights, BITS), BITS)[1].any()
