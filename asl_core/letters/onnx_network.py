"""A network in ONNX Runtime, on a processor: the one home of onnxruntime in the product."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from asl_core.errors import ModelFileError
from asl_core.letters.networks import LandmarkAnswer, LandmarkNetwork, PictureAnswer, PictureNetwork

PIXELS, LOG_PROBABILITIES, FEATURES = "pixels", "log_probabilities", "features"
"""Names of a picture graph's input, and of both graphs' outputs."""

MEASURES = "measures"
"""Name of a landmark graph's input in new exports; nothing asks for it by name."""

MOST_ROWS = 8
"""Rows of one call. ONNX Runtime keeps the memory of its largest call for good, and more rows at
once are not faster: 32 crops in one call took as long as in four."""


class OnnxNetwork:
    """Computes an ONNX graph with one input, in the caller's thread; as thread-safe as a function.

    One thread for each call: several visitors are answered at the same time, and Python's
    interpreter lock is released once instead of once for each layer.
    """

    def __init__(self, graph: bytes | Path) -> None:
        """Open a graph, whole in memory or in a file that may name another with its weights.

        Raises:
            ModelFileError: ONNX Runtime refuses it.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A waiting thread that spins takes the core from a visitor beside it.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                graph if isinstance(graph, bytes) else str(graph),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # ONNX Runtime's own errors share no base class
            name = "The network" if isinstance(graph, bytes) else graph.name
            reason = str(error).strip().splitlines()[0].rstrip(".")
            raise ModelFileError(f"{name} cannot be opened by ONNX Runtime: {reason}.") from None
        self._input = self._session.get_inputs()[0].name
        self._outputs = [output.name for output in self._session.get_outputs()]

    def __call__(self, rows: NDArray[Any]) -> tuple[NDArray[np.float32], ...]:
        """Return every output, float32 `(B, ...)`, for the input `rows` `(B, ...)`."""
        return tuple(self._session.run(self._outputs, {self._input: np.ascontiguousarray(rows)}))


Network = Callable[[NDArray[Any]], tuple[NDArray[np.float32], ...]]


class SpreadOver:
    """Asks a network about parts of the rows at the same time, one part for each core.

    Two cores are used fully that way, where the threads inside of a network wait for one another at
    each layer.
    """

    def __init__(self, network: Network, threads: int) -> None:
        self._network, self._threads = network, threads
        self._pool = ThreadPoolExecutor(threads, "asl-network")

    def __call__(self, rows: NDArray[Any]) -> tuple[NDArray[np.float32], ...]:
        """Return every output for all `rows`, in their order."""
        parts = max(min(len(rows), self._threads), -(-len(rows) // MOST_ROWS))
        if parts < 2:
            return self._network(rows)
        # The caller's thread waits: one that took a part would leave all others to the pool's rest.
        answers = self._pool.map(self._network, np.array_split(rows, parts))
        return tuple(np.concatenate(outputs) for outputs in zip(*answers, strict=True))


def picture_of(network: Network) -> PictureNetwork:
    """Return a graph with the outputs LOG_PROBABILITIES and FEATURES as a picture network."""
    return lambda pixels: PictureAnswer(*network(pixels))


def landmarks_of(network: Network) -> LandmarkNetwork:
    """Return a graph with the outputs LOG_PROBABILITIES and FEATURES as a landmark network.

    Graphs of older exports have the first one alone.
    """

    def ask(measures: NDArray[np.float32]) -> LandmarkAnswer:
        log_probabilities, *features = network(measures)
        return LandmarkAnswer(log_probabilities, *(features or [log_probabilities[:, :0]]))

    return ask
