"""Turns a picture network into eight bits: ONNX's QDQ form, a scale for each output channel."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from asl_core.letters.onnx_network import PIXELS, OnnxNetwork
from asl_core.training.serving.weight_rounding import clipped, rounding_error

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

METHOD = "MinMax"
WEIGHT_BITS = 7
"""One bit of eight is left free. Without VNNI, ONNX Runtime adds products of bytes in pairs to sums
of 16 bits (`vpmaddubsw`), which eight bits overflow: of 1,600 validation crops 94.7 % were read
right so and 95.8 % with seven, where float32 reads 95.9 %. With VNNI nothing is lost either way."""

_BATCH = 8


def in_eight_bits(
    graph: bytes, pictures: NDArray[np.uint8], kept_in_float: Sequence[str] = ()
) -> bytes:
    """Quantize a graph that takes PIXELS; the ranges of activations are those of `pictures`.

    `pictures` is RGB uint8 `(N, S, S, 3)`; each is looked at as it is and mirrored. Before they are
    rounded, the weights of convolutions are clipped where that costs least, and each bias makes up
    for what rounding adds on average (Nagel et al. 2019). Operations named in `kept_in_float` stay
    as they are.
    """
    with tempfile.TemporaryDirectory() as folder, _quiet():
        given, prepared, made = (Path(folder) / f"{name}.onnx" for name in ("a", "b", "c"))
        given.write_bytes(graph)
        quant_pre_process(given, prepared, skip_symbolic_shape=True)
        prepare_for_rounding(onnx.load(prepared), pictures, prepared, kept_in_float)
        quantize_static(
            prepared,
            made,
            _Looks(pictures),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod[METHOD],
            nodes_to_exclude=list(kept_in_float),
        )
        return made.read_bytes()


def first_and_last_operations(graph: bytes) -> tuple[str, ...]:
    """Return the names of the first convolution and of the head's products, the most sensitive."""
    nodes = onnx.load_from_string(graph).graph.node
    first = next((node.name for node in nodes if node.op_type == "Conv"), None)
    head = [node.name for node in nodes if node.op_type in ("Gemm", "MatMul")]
    return tuple(name for name in (first, *head) if name)


def prepare_for_rounding(
    model: "ModelProto", pictures: NDArray[np.uint8], target: Path, kept_in_float: Sequence[str]
) -> None:
    """Clip weights and shift biases of a model's convolutions, and write it to `target`."""
    nodes = [n for n in model.graph.node if n.op_type == "Conv" and n.name not in kept_in_float]
    means = _channel_means(model, [node.input[0] for node in nodes], pictures)
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in nodes:
        _prepare(node, tensors, means[node.input[0]])
    onnx.save(model, target)


def _prepare(
    node: "NodeProto", tensors: "dict[str, TensorProto]", means: NDArray[np.float32]
) -> None:
    weights, biases = (tensors[name] for name in node.input[1:3])
    before = numpy_helper.to_array(weights)
    after = clipped(before, WEIGHT_BITS)
    # An input channel's mean, passed on by the wrong part of its weights, summed over the kernel.
    added = rounding_error(before, after, WEIGHT_BITS).sum(axis=(2, 3)) @ means
    bias = np.asarray(numpy_helper.to_array(biases) - added, np.float32)
    weights.CopyFrom(numpy_helper.from_array(after, weights.name))
    biases.CopyFrom(numpy_helper.from_array(bias, biases.name))


def _channel_means(
    model: "ModelProto", names: Sequence[str], pictures: NDArray[np.uint8]
) -> dict[str, NDArray[np.float32]]:
    """Average maps `(B, C, H, W)` of a graph over the pictures' looks: float32 `(C,)` each."""
    asked = sorted(set(names))
    showing = onnx.ModelProto()
    showing.CopyFrom(model)
    del showing.graph.output[:]
    showing.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in asked
    )
    network = OnnxNetwork(showing.SerializeToString())
    sums: dict[str, Any] = dict.fromkeys(asked, 0.0)
    count = 0
    for batch in _looks(pictures):
        count += len(batch)
        for name, maps in zip(asked, network(batch), strict=True):
            sums[name] = sums[name] + maps.mean(axis=(2, 3), dtype=np.float64).sum(axis=0)
    return {name: np.asarray(total / count, np.float32) for name, total in sums.items()}


class _Looks(CalibrationDataReader):
    """Hands the pictures out in batches, each beside its mirror image."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self._batches = _looks(pictures)

    def get_next(self) -> dict[str, Any] | None:
        batch = next(self._batches, None)
        return None if batch is None else {PIXELS: batch}


def _looks(pictures: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    for start in range(0, len(pictures), _BATCH):
        batch = pictures[start : start + _BATCH]
        yield np.concatenate([batch, batch[:, :, ::-1]])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep ONNX Runtime's advice to prepare the graph, which was followed, off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
