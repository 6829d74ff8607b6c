"""Writes a checkpoint's networks as ONNX graphs that take pixels and landmark features."""

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from asl_core.errors import ModelFileError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LandmarkClassifier
from asl_core.letters.landmark_features import FEATURE_COUNT
from asl_core.letters.onnx_network import MEASURES
from asl_core.letters.torch_networks import FromMeasures, FromPixels, fuse_batch_norm, graph_of

if TYPE_CHECKING:
    from onnx import ModelProto, TensorProto

_LENGTH_BYTES = 8  # a safetensors file begins with the length of its JSON header
_STORED = ":stored"


def whole_graph(checkpoint: Checkpoint) -> bytes:
    """Write the picture network with its weights, batch norms folded."""
    network = copy.deepcopy(checkpoint.network).eval()
    fuse_batch_norm(network)
    return graph_of(FromPixels(network, checkpoint.preprocessing).eval(), _pixels(checkpoint))


def graph_without_weights(checkpoint: Checkpoint, weights: Path) -> bytes:
    """Write the picture network as a graph of some kilobytes that reads its weights elsewhere.

    `weights` is the safetensors file in float16 that must lie beside the graph. ONNX Runtime takes
    the numbers from their places in it, turns them into float32 and folds the batch norms when it
    opens the graph.

    Raises:
        ModelFileError: a weight of the network is not in the file.
    """
    onnx = _onnx()
    network = FromPixels(copy.deepcopy(checkpoint.network).eval(), checkpoint.preprocessing)
    model = onnx.load_from_string(graph_of(network, _pixels(checkpoint), keeps_names=True))
    places = _places(weights)
    own = [tensor for tensor in model.graph.initializer if tensor.name.startswith("network.")]
    for tensor in own:
        place = places.get(tensor.name.removeprefix("network."))
        if place is None:
            raise ModelFileError(f"{weights.name} holds no weights {tensor.name!r}.")
        model.graph.initializer.remove(tensor)
        model.graph.initializer.append(_elsewhere(tensor, weights.name, place))
        cast = onnx.helper.make_node("Cast", [tensor.name + _STORED], [tensor.name], to=1)
        model.graph.node.insert(0, cast)
    return bytes(model.SerializeToString())


def landmark_graph(network: LandmarkClassifier) -> bytes:
    """Write the landmark network with the outputs of `FromMeasures`; weights in float16."""
    answering = FromMeasures(copy.deepcopy(network).eval())
    return _in_half_the_bytes(graph_of(answering, torch.zeros(2, FEATURE_COUNT), MEASURES))


def require_onnx() -> None:
    """Check that the package that writes graphs is there.

    Raises:
        ModelFileError: it is not installed.
    """
    _onnx()


def _onnx() -> Any:
    try:
        import onnx
    except ImportError as error:
        raise ModelFileError(
            f"{error.name} is not installed; get it with: pip install onnx"
        ) from None
    return onnx


def _pixels(checkpoint: Checkpoint) -> torch.Tensor:
    size = checkpoint.preprocessing.input_size
    # With one picture the exporter would take the batch for a constant.
    return torch.zeros(2, size, size, 3, dtype=torch.uint8)


def _places(weights: Path) -> dict[str, tuple[int, int]]:
    """Return first byte and length of each array in a safetensors file."""
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        header = json.loads(file.read(length))
    begin = _LENGTH_BYTES + length
    return {
        name: (
            begin + entry["data_offsets"][0],
            entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F16"
    }


def _elsewhere(tensor: "TensorProto", file: str, place: tuple[int, int]) -> "TensorProto":
    onnx = _onnx()
    stored: TensorProto = onnx.TensorProto(
        name=tensor.name + _STORED,
        data_type=onnx.TensorProto.FLOAT16,
        dims=tensor.dims,
        data_location=onnx.TensorProto.EXTERNAL,
    )
    entries = (("location", file), ("offset", str(place[0])), ("length", str(place[1])))
    for key, value in entries:
        stored.external_data.add(key=key, value=value)
    return stored


def _in_half_the_bytes(graph: bytes) -> bytes:
    """Store the weights of a graph as float16, turned back where they are read."""
    onnx = _onnx()
    model: ModelProto = onnx.load_from_string(graph)
    for tensor in _large(model.graph.initializer):
        values = onnx.numpy_helper.to_array(tensor).astype(np.float16)
        model.graph.initializer.remove(tensor)
        stored = onnx.numpy_helper.from_array(values, tensor.name + _STORED)
        model.graph.initializer.append(stored)
        cast = onnx.helper.make_node("Cast", [stored.name], [tensor.name], to=1)
        model.graph.node.insert(0, cast)
    return bytes(model.SerializeToString())


def _large(tensors: "Iterable[TensorProto]") -> "list[TensorProto]":
    return [t for t in tensors if t.data_type == 1 and int(np.prod(t.dims)) > 1]
