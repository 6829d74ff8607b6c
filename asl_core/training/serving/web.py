"""Makes the form of a run that browsers read: the smallest that reads as well as the recognizer."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from asl_core.errors import ModelFileError
from asl_core.hands.crop import PAD_COLOUR
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.model_file import ModelFile
from asl_core.letters.networks import from_both_sides
from asl_core.letters.onnx_network import (
    FEATURES,
    LOG_PROBABILITIES,
    PIXELS,
    OnnxNetwork,
    landmarks_of,
)
from asl_core.letters.serving import serving_record
from asl_core.letters.weight_files import verified_bytes
from asl_core.records.json_file import read_json
from asl_core.records.serving_record import INT8
from asl_core.records.training_run import MODEL_FILE
from asl_core.records.web_model import (
    MOST_POINTS_LOST,
    WEB_MODEL_FILE,
    WebForm,
    WebModel,
    WebParity,
)
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.serving.eight_bits import in_eight_bits
from asl_core.training.serving.files import calibration_photos
from asl_core.training.serving.graphs import landmark_graph, whole_graph
from asl_core.training.serving.parity import network_pixels

WEB_FILE = "picture.web.onnx"
INT8_WEIGHTS, FLOAT16 = "int8 weights", "float16"

Tell = Callable[[str], None]

_BATCH = 16
_LEVELS = 127  # a signed byte, symmetric


def write_web(
    checkpoint: Checkpoint,
    folder: Path,
    train: LabelledCrops,
    validation: LabelledCrops,
    command: str,
    tell: Tell = lambda sentence: None,
) -> WebModel:
    """Try forms from the smallest until one loses at most MOST_POINTS_LOST, and write it.

    Each form reads the found hands of `validation` beside the landmark network, with one look at
    each crop, as live video is read. Where ONNX Runtime reads the run in eight bits, that file is
    the first form; otherwise its ranges come from photos of `train`.

    Raises:
        ModelFileError: even 16-bit floats lose more, or a noted file is missing or broken.
    """
    graph = whole_graph(checkpoint)
    judge = _Judge.of(checkpoint, validation)
    tell(f"Reading {len(judge.truth)} validation crops in float32 …")
    judge.compare_with(graph)
    tried: list[WebForm] = []
    makers: tuple[tuple[str, Callable[[], tuple[str, bytes]]], ...] = (
        (INT8, lambda: _eight_bits(checkpoint, folder, graph, train)),
        (INT8_WEIGHTS, lambda: (WEB_FILE, weights_in_eight_bits(graph))),
        (FLOAT16, lambda: (WEB_FILE, in_half_floats(graph))),
    )
    for name, make in makers:
        file, content = make()
        tell(f"Reading them in {name}, {len(content) / 1e6:.1f} MB …")
        tried.append(judge.form(name, content))
        if 100 * (judge.accuracy - tried[-1].accuracy) <= MOST_POINTS_LOST:
            parity = WebParity(len(judge.truth), judge.accuracy, tuple(tried))
            return _write(folder, file, name, content, parity, command)
    raise ModelFileError(
        f"{checkpoint.name} loses more than {MOST_POINTS_LOST} points in any form."
    )


def _eight_bits(
    checkpoint: Checkpoint, folder: Path, graph: bytes, train: LabelledCrops
) -> tuple[str, bytes]:
    """Return the eight-bit network that the server reads with, or one made now, and its file."""
    file = ModelFile.read(folder)
    record = serving_record(folder, file) if file.serving is not None else None
    if record is not None and record.int8 is not None:
        return record.int8.file, verified_bytes(folder, asdict(record.int8), MODEL_FILE)
    pixels = network_pixels(train.crops, calibration_photos(train), checkpoint.preprocessing)
    return WEB_FILE, in_eight_bits(graph, pixels)


@dataclass
class _Judge:
    """Compares forms of a picture network with its float32 form, beside the landmark network.

    `landmarks` are the landmark network's log-probabilities, float32 `(N, C)`, or 0 without one,
    and `share` their weight; `truth` is int64 `(N,)`.
    """

    batches: Callable[[], Iterator[NDArray[np.uint8]]]
    truth: NDArray[np.int64]
    landmarks: NDArray[np.float32] | float = 0.0
    share: float = 0.0
    accuracy: float = 0.0
    best: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, checkpoint: Checkpoint, validation: LabelledCrops) -> Self:
        """Judge by the found hands of `validation`."""
        readable = validation.crops.readable
        crops = validation.crops.select(readable)

        def batches() -> Iterator[NDArray[np.uint8]]:
            for start in range(0, len(crops), _BATCH):
                rows = np.arange(start, min(start + _BATCH, len(crops)))
                yield network_pixels(crops, rows, checkpoint.preprocessing)

        share = checkpoint.calibration.landmark_share
        if checkpoint.landmark_network is None or share == 0:
            return cls(batches, validation.targets[readable])
        ask = landmarks_of(OnnxNetwork(landmark_graph(checkpoint.landmark_network)))
        depth = checkpoint.preprocessing.landmark_depth
        said = from_both_sides(ask, crops.pixel_points, crops.left_hand, depth)
        return cls(batches, validation.targets[readable], said.log_probabilities, share)

    def compare_with(self, graph: bytes) -> None:
        """Take the answers of a graph as those to compare with."""
        self.best = self._answers(graph)
        self.accuracy = round(float((self.best == self.truth).mean()), 5)

    def form(self, name: str, graph: bytes) -> WebForm:
        """Read all crops with another graph."""
        best = self._answers(graph)
        accuracy = round(float((best == self.truth).mean()), 5)
        return WebForm(name, len(graph), accuracy, round(float((best == self.best).mean()), 5))

    def _answers(self, graph: bytes) -> NDArray[np.int64]:
        network = OnnxNetwork(graph)
        said = np.concatenate([network(batch)[0] for batch in self.batches()])
        fused = (1 - self.share) * said + self.share * self.landmarks
        return np.asarray(fused.argmax(axis=1), np.int64)


def weights_in_eight_bits(graph: bytes) -> bytes:
    """Store the weights of convolutions and products as bytes, a scale for each output channel.

    They are turned into float32 when the graph is opened, and computed with as such.
    """
    model = onnx.load_from_string(graph)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in [n for n in model.graph.node if n.op_type in ("Conv", "Gemm")]:
        name = node.input[1]
        values = numpy_helper.to_array(weights[name])
        scale = np.abs(values.reshape(len(values), -1)).max(axis=1) / _LEVELS
        scale = np.maximum(scale, np.finfo(np.float32).tiny).astype(np.float32)
        wide = scale.reshape(-1, *[1] * (values.ndim - 1))
        rounded = np.clip(np.round(values / wide), -_LEVELS, _LEVELS).astype(np.int8)
        model.graph.initializer.remove(weights[name])
        for part, array in ((f"{name}:bytes", rounded), (f"{name}:scale", scale)):
            model.graph.initializer.append(numpy_helper.from_array(array, part))
        inputs = [f"{name}:bytes", f"{name}:scale"]
        model.graph.node.insert(0, helper.make_node("DequantizeLinear", inputs, [name], axis=0))
    return bytes(model.SerializeToString())


def in_half_floats(graph: bytes) -> bytes:
    """Store all weights as float16; they are turned into float32 when the graph is opened."""
    model = onnx.load_from_string(graph)
    for tensor in [t for t in model.graph.initializer if t.data_type == 1 and np.prod(t.dims) > 1]:
        values = numpy_helper.to_array(tensor).astype(np.float16)
        model.graph.initializer.remove(tensor)
        model.graph.initializer.append(numpy_helper.from_array(values, f"{tensor.name}:half"))
        cast = helper.make_node("Cast", [f"{tensor.name}:half"], [tensor.name], to=1)
        model.graph.node.insert(0, cast)
    return bytes(model.SerializeToString())


def _feature_count(graph: bytes) -> int:
    """Return how many features a graph gives for a picture, 0 where it gives none."""
    for output in onnx.load_from_string(graph).graph.output:
        if output.name == FEATURES:
            return int(output.type.tensor_type.shape.dim[1].dim_value)
    return 0


def _write(
    folder: Path, file: str, form: str, content: bytes, parity: WebParity, command: str
) -> WebModel:
    if file == WEB_FILE:
        partial = folder / f"{WEB_FILE}.partial"
        partial.write_bytes(content)
        partial.replace(folder / WEB_FILE)
    own = read_json(folder / MODEL_FILE)
    count = _feature_count(content)
    model = WebModel(
        run=folder.name,
        file=file,
        form=form,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        source=own["weights"]["sha256"],
        classes=tuple(own["classes"]),
        preprocessing=own["preprocessing"],
        calibration=own["calibration"],
        pad=PAD_COLOUR,
        input=PIXELS,
        output=LOG_PROBABILITIES,
        parity=parity,
        command=command,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        features=FEATURES if count else "",
        feature_count=count,
    )
    model.save(folder / WEB_MODEL_FILE)
    return model
