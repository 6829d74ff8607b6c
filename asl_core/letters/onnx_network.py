"""A network's forward pass in ONNX Runtime, for reading video on a CPU."""

import io
import warnings
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_INPUT, _OUTPUT = "rows", "answers"


class OnnxNetwork:
    """Computes what a torch network computes, in one thread; as thread-safe as a function.

    For one picture on one core it takes about half of torch's time (12 to 19 ms where torch took
    28), and it releases Python's interpreter lock once instead of once for each layer.
    """

    def __init__(self, network: nn.Module, example: Tensor) -> None:
        """Translate `network`, in eval mode, for any number of rows shaped as `example`'s two.

        Raises:
            ValueError: a part of it is in training mode, where dropout leaves out at random.
        """
        if any(module.training for module in network.modules()):
            raise ValueError("the network is in training mode, only eval mode can be translated")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _graph_of(network, example), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """Return the output, float32 `(B, C)`, for `rows` shaped and typed as `example`."""
        (answers,) = self._session.run([_OUTPUT], {_INPUT: np.ascontiguousarray(rows)})
        return np.asarray(answers, np.float32)


def _graph_of(network: nn.Module, example: Tensor) -> bytes:
    """Write the network in ONNX, in memory.

    The older of torch's exporters: it takes a second where the newer one, which `letters.export`
    uses for files, takes seven, and a visitor waits for it.
    """
    written = io.BytesIO()
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is the older one, and remarks about constants
        torch.onnx.export(
            network,
            (example,),
            written,  # type: ignore[arg-type]  # this exporter writes to memory too
            dynamo=False,
            input_names=[_INPUT],
            output_names=[_OUTPUT],
            dynamic_axes={_INPUT: {0: "batch"}, _OUTPUT: {0: "batch"}},
        )
    return written.getvalue()
