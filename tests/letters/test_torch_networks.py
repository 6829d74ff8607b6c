"""Networks in torch on other devices; a GPU's own parts are stood in for by the processor."""

import numpy as np
import torch

from asl_core.letters import cuda_graphs, torch_networks
from asl_core.letters.micro_batches import FixedSizes, MicroBatches
from asl_core.letters.preprocessing import Preprocessing
from asl_core.letters.torch_networks import FromPixels
from asl_core.letters.torch_networks import torch_networks as make


def test_pixels_are_normalised_as_the_preprocessing_says(random_network):
    settings = Preprocessing(mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.4))
    pixels = torch.randint(0, 256, (2, 32, 32, 3), dtype=torch.uint8)
    with torch.inference_mode():
        given, _ = FromPixels(random_network, settings)(pixels)
        wanted = random_network(settings.normalise(pixels)).log_softmax(1)
    assert torch.allclose(given, wanted, rtol=1e-4, atol=1e-5)


def test_on_a_gpu_crops_go_through_graphs_and_are_joined(random_checkpoint, monkeypatch):
    asked = []

    def graphed(network, size, device):
        def runner(count):
            def run(rows):
                asked.append(count)
                with torch.inference_mode():
                    return tuple(answer.numpy() for answer in network(torch.from_numpy(rows)))

            return run

        return FixedSizes(runner, cuda_graphs.GRAPH_SIZES)

    monkeypatch.setattr(torch_networks, "graphed", graphed)
    plain = make(random_checkpoint, "cpu")
    gpu = torch_networks._on_gpu(
        FromPixels(random_checkpoint.network, random_checkpoint.preprocessing),
        None,
        32,
        torch.device("cuda"),
    )
    assert isinstance(gpu.picture, MicroBatches)
    assert gpu.for_video() is gpu
    assert gpu.device == "cuda"
    pixels = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3), np.uint8)
    given, wanted = gpu.picture(pixels), plain.picture(pixels)
    assert np.allclose(given.log_probabilities, wanted.log_probabilities, rtol=1e-3, atol=1e-4)
    assert asked == [4]
