"""A picture network on an NVIDIA GPU: half precision, channels last, CUDA graphs."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from asl_core.letters.micro_batches import FixedSizes

GRAPH_SIZES = (1, 2, 4, 8, 16, 32, 64)
"""Batches for which kernels are recorded; a batch between two of them takes the next."""

_WARM_UP_ROUNDS = 3  # cuDNN chooses its kernels in the first calls, which cannot be recorded


def graphed(network: nn.Module, size: int, device: torch.device) -> FixedSizes:
    """Compile a network from uint8 `(B, size, size, 3)` into CUDA graphs, weights in float16.

    Launched one by one, the kernels of a ResNet18 take longer to start than to run; a graph starts
    them all at once. The network itself stays as it is.
    """
    half = copy.deepcopy(network).half().to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    return FixedSizes(lambda count: _runner(half, (count, size, size, 3), device), GRAPH_SIZES)


def _runner(
    network: nn.Module, shape: tuple[int, ...], device: torch.device
) -> Callable[[NDArray[Any]], tuple[NDArray[np.float32], ...]]:
    # From memory that stays in its place a copy to the GPU needs no copy before.
    host = torch.zeros(shape, dtype=torch.uint8, pin_memory=True)
    given = torch.zeros(shape, dtype=torch.uint8, device=device)
    with torch.inference_mode():
        stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(stream):
            for _ in range(_WARM_UP_ROUNDS):
                network(given)
        torch.cuda.current_stream(device).wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        # Only this thread's calls may spoil the recording: while a service swaps its model, others
        # read with the old one.
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            outputs: tuple[torch.Tensor, ...] = network(given)

    def run(rows: NDArray[Any]) -> tuple[NDArray[np.float32], ...]:
        with torch.inference_mode(), torch.cuda.device(device):
            host.numpy()[...] = rows
            given.copy_(host, non_blocking=True)
            graph.replay()
            # `cpu` waits for the GPU, so the memory of the outputs is free for the next batch.
            return tuple(output.float().cpu().numpy() for output in outputs)

    return run
