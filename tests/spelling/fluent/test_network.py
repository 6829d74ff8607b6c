"""The NumPy networks answer as the torch ones do, tick by tick."""

import numpy as np
import pytest
import torch

from asl_core.letters.classifier import LandmarkClassifier
from asl_core.letters.landmark_features import FEATURE_COUNT as SHAPE_FEATURES
from asl_core.letters.torch_networks import landmark_log_probabilities
from asl_core.spelling.fluent.features import FEATURE_COUNT
from asl_core.spelling.fluent.network import DELAY_TICKS, SHAPES, StreamingNetworks
from asl_core.spelling.fluent.shape_network import shape_log_probabilities
from asl_core.training.fluent.network import StreamingNetwork, as_arrays, shape_arrays

TICKS = 40


@pytest.fixture(scope="module")
def networks():
    torch.manual_seed(0)
    made = [StreamingNetwork().eval() for _ in range(2)]
    for network in made:
        torch.nn.init.normal_(network.mean, std=0.1)
    return made


def test_streaming_gives_the_whole_stream_later(networks):
    features = np.random.default_rng(0).normal(0, 1, (TICKS, FEATURE_COUNT)).astype(np.float32)
    with torch.no_grad():
        rows = torch.from_numpy(features)[None]
        whole = np.mean([n(rows)[0].log_softmax(-1).numpy() for n in networks], axis=0)
    arrays = [as_arrays(network) for network in networks]
    stream = StreamingNetworks({name: np.stack([a[name] for a in arrays]) for name in SHAPES})
    answers = [stream.push(row) for row in features]
    assert answers[:DELAY_TICKS] == [None] * DELAY_TICKS
    np.testing.assert_allclose(answers[DELAY_TICKS:], whole[:-DELAY_TICKS], atol=2e-4)
    stream.reset()
    assert stream.push(features[0]) is None


def test_arrays_have_the_shapes_that_are_read(networks):
    assert {k: v.shape for k, v in as_arrays(networks[0]).items()} == SHAPES


def test_the_landmark_network_answers_the_same_without_torch():
    torch.manual_seed(1)
    network = LandmarkClassifier(SHAPE_FEATURES, 26)
    for layer in network.layers:
        if isinstance(layer, torch.nn.BatchNorm1d):
            torch.nn.init.uniform_(layer.running_mean)
            torch.nn.init.uniform_(layer.running_var, 0.5, 2)
            torch.nn.init.uniform_(layer.weight)
    network.eval()
    points = np.random.default_rng(2).normal(0, 50, (5, 21, 3)).astype(np.float32)
    expected = landmark_log_probabilities(network, points, np.zeros(5, bool))
    found = shape_log_probabilities(shape_arrays(network), points)
    np.testing.assert_allclose(found, expected, atol=1e-3)
