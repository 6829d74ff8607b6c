"""ONNX Runtime must give what torch gives: to the eye the same numbers, for any batch."""

import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from asl_core.errors import ModelFileError
from asl_core.letters.onnx_network import MOST_ROWS, OnnxNetwork, SpreadOver, picture_of
from asl_core.letters.preprocessing import Preprocessing
from asl_core.letters.torch_networks import FromPixels, fuse_batch_norm, translated

pytestmark = pytest.mark.slow

SIZE = 64


@pytest.fixture(scope="module")
def pictures():
    return torch.randn(5, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(3)).numpy()


@pytest.fixture
def both(random_network):
    folded = fuse_batch_norm(copy.deepcopy(random_network)).eval()
    return folded, translated(folded, torch.zeros(2, 3, SIZE, SIZE), "pictures", ("logits",))


def torch_answer(network, pictures):
    with torch.inference_mode():
        return network(torch.from_numpy(pictures)).numpy()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_gives_the_logits_of_torch_for_any_number_of_pictures(both, pictures, count):
    network, onnx = both
    expected = torch_answer(network, pictures[:count])
    (given,) = onnx(pictures[:count])
    assert given.shape == expected.shape
    assert given.dtype == np.float32
    assert np.allclose(given, expected, rtol=1e-3, atol=1e-4)
    assert not np.allclose(given, expected[:, ::-1], rtol=1e-3, atol=1e-4)


def test_takes_pictures_whatever_their_order_in_memory(both, pictures):
    _, onnx = both
    channels_last = np.ascontiguousarray(pictures.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    assert not channels_last.flags.c_contiguous
    assert np.array_equal(onnx(channels_last)[0], onnx(pictures)[0])


def test_takes_pixels_as_they_are(both):
    network, _ = both
    from_pixels = FromPixels(network, Preprocessing(mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.4)))
    pixels = np.random.default_rng(4).integers(0, 256, (3, SIZE, SIZE, 3), np.uint8)
    onnx = picture_of(translated(from_pixels, torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)))
    given = onnx(pixels)
    with torch.inference_mode():
        wanted = [answer.numpy() for answer in from_pixels(torch.from_numpy(pixels))]
    assert np.allclose(given.log_probabilities, wanted[0], rtol=1e-3, atol=1e-4)
    assert np.allclose(given.features, wanted[1], rtol=1e-3, atol=1e-4)
    assert given.features.shape == (3, 512)
    assert np.exp(given.log_probabilities).sum(axis=1) == pytest.approx(1, abs=1e-4)
    turned = onnx(pixels[..., ::-1]).log_probabilities
    assert not np.allclose(given.log_probabilities, turned, rtol=1e-3, atol=1e-4)


def test_answers_several_threads_at_once_each_with_its_own(both, pictures):
    _, onnx = both
    alone = [onnx(pictures[i : i + 1])[0] for i in range(5)]
    with ThreadPoolExecutor(5) as pool:
        beside = list(pool.map(lambda i: onnx(pictures[i % 5 : i % 5 + 1])[0], range(40)))
    assert all(np.allclose(beside[i], alone[i % 5], atol=1e-5) for i in range(40))


def test_leaves_the_network_as_it_is(both, pictures):
    network, _ = both
    before = {name: value.clone() for name, value in network.state_dict().items()}
    translated(network, torch.from_numpy(pictures[:2]), "pictures", ("logits",))(pictures)
    assert not network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_refuses_a_network_in_training_mode(both):
    network, _ = both
    wrapped = nn.Sequential(network)  # whose exporter would put the network back into training
    with pytest.raises(ValueError, match="training mode"):
        translated(wrapped, torch.zeros(2, 3, SIZE, SIZE), "pictures", ("logits",))
    assert not network.training


@pytest.mark.parametrize("graph", [b"no graph", Path("missing.onnx")])
def test_a_broken_graph_is_one_sentence(graph):
    with pytest.raises(ModelFileError, match="cannot be opened by ONNX Runtime") as caught:
        OnnxNetwork(graph)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_spreading_keeps_the_order_and_bounds_each_call(threads, count):
    asked = []

    def network(rows):
        asked.append(len(rows))
        return rows * 2.0, rows - 1.0

    rows = np.arange(count, dtype=np.float32)[:, None]
    twice, less = SpreadOver(network, threads)(rows)
    assert np.array_equal(twice, rows * 2)
    assert np.array_equal(less, rows - 1)
    assert sum(asked) == count
    assert max(asked) <= MOST_ROWS
    assert len(asked) >= min(count, threads)


@pytest.mark.parametrize("rows", [2, 6 * MOST_ROWS])
def test_spread_parts_are_asked_two_at_a_time_to_the_last(rows):
    together = threading.Barrier(2, timeout=10)

    def network(part):
        together.wait()
        return (part,)

    assert len(SpreadOver(network, 2)(np.zeros((rows, 1), np.float32))[0]) == rows
