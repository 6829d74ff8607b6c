"""ONNX Runtime must give what torch gives: to the eye the same numbers, for any batch."""

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from asl_core.letters.onnx_network import OnnxNetwork
from asl_core.letters.recognizer import fuse_batch_norm

SIZE = 64


@pytest.fixture(scope="module")
def pictures():
    return torch.randn(5, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(3))


@pytest.fixture
def both(random_network):
    folded = fuse_batch_norm(copy.deepcopy(random_network)).eval()
    return folded, OnnxNetwork(folded, SIZE)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_gives_the_logits_of_torch_for_any_number_of_pictures(both, pictures, count):
    network, onnx = both
    with torch.inference_mode():
        expected = network(pictures[:count])
    given = onnx(pictures[:count])
    assert given.shape == expected.shape
    assert torch.allclose(given, expected, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(given, expected.flip(1), rtol=1e-3, atol=1e-4)


def test_takes_pictures_whatever_their_order_in_memory(both, pictures):
    _, onnx = both
    channels_last = pictures.to(memory_format=torch.channels_last)
    assert torch.equal(onnx(channels_last), onnx(pictures))


def test_answers_several_threads_at_once_each_with_its_own(both, pictures):
    _, onnx = both
    alone = [onnx(pictures[i : i + 1]) for i in range(5)]
    with ThreadPoolExecutor(5) as pool:
        beside = list(pool.map(lambda i: onnx(pictures[i % 5 : i % 5 + 1]), range(40)))
    assert all(torch.allclose(beside[i], alone[i % 5], atol=1e-5) for i in range(40))


def test_leaves_the_network_as_it_is(both, pictures):
    network, _ = both
    before = {name: value.clone() for name, value in network.state_dict().items()}
    OnnxNetwork(network, SIZE)(pictures)
    assert not network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
