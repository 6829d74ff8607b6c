"""Makes the form of a run that browsers read: the smallest that reads as well as the recognizer."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from asl_core.errors import ModelFileError
from asl_core.hands.crop import PAD_COLOUR
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.model_file import ModelFile
from asl_core.letters.onnx_network import LOG_PROBABILITIES, PIXELS, OnnxNetwork
from asl_core.letters.serving import serving_record
from asl_core.records.json_file import read_json
from asl_core.records.serving_record import INT8, ServingRecord
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
from asl_core.training.serving.files import INT8_FILE, calibration_photos
from asl_core.training.serving.graphs import whole_graph
from asl_core.training.serving.parity import network_pixels

WEB_FILE = "picture.web.onnx"
INT8_WEIGHTS, FLOAT16 = "int8 weights", "float16"

Tell = Callable[[str], None]

_BATCH = 16
_LEVELS = 127  # a signed byte, symmetric


def web_model_from_serving(folder: Path, command: str) -> WebModel | None:
    """Return the form for browsers where ONNX Runtime reads a run in eight bits: the same file.

    Its parity is that which `model.json` notes. None where the run has no eight-bit network.

    Raises:
        ModelFileError: `model.json` or the file is missing or broken.
    """
    file = ModelFile.read(folder)
    record = serving_record(folder, file) if file.serving is not None else None
    if record is None or record.int8 is None:
        return None
    content = (folder / record.int8.file).read_bytes()
    return _web_model(folder, INT8_FILE, INT8, content, _noted_parity(record, content), command)


def _noted_parity(record: ServingRecord, content: bytes) -> WebParity:
    row = next((r for r in record.parity if (r.form, r.looks) == (INT8, 1)), None)
    if row is None:
        raise ModelFileError("model.json notes no parity of the eight-bit network at one look.")
    form = WebForm(INT8, len(content), row.accuracy, row.same_answer)
    return WebParity(row.photos, row.torch_accuracy, (form,))


def measured_web_model(
    checkpoint: Checkpoint,
    folder: Path,
    train: LabelledCrops,
    validation: LabelledCrops,
    command: str,
    tell: Tell = lambda sentence: None,
) -> WebModel:
    """Try forms from the smallest until one loses at most MOST_POINTS_LOST, and write it.

    The ranges of the eight-bit form come from photos of `train`; `validation` compares, with one
    look at each crop, as live video is read.

    Raises:
        ModelFileError: even 16-bit floats lose more.
    """
    graph = whole_graph(checkpoint)
    readable = validation.crops.readable
    crops = validation.crops.select(readable)

    def batches() -> Iterator[NDArray[np.uint8]]:
        for start in range(0, len(crops), _BATCH):
            rows = np.arange(start, min(start + _BATCH, len(crops)))
            yield network_pixels(crops, rows, checkpoint.preprocessing)

    judge = _Judge(batches, validation.targets[readable])
    tell(f"Reading {len(crops)} validation crops in float32 …")
    judge.compare_with(graph)
    pixels = network_pixels(train.crops, calibration_photos(train), checkpoint.preprocessing)
    tried: list[WebForm] = []
    for name, make in (
        (INT8, lambda: in_eight_bits(graph, pixels)),
        (INT8_WEIGHTS, lambda: weights_in_eight_bits(graph)),
        (FLOAT16, lambda: in_half_floats(graph)),
    ):
        content = make()
        tell(f"Reading them in {name}, {len(content) / 1e6:.1f} MB …")
        tried.append(judge.form(name, content))
        if 100 * (judge.accuracy - tried[-1].accuracy) <= MOST_POINTS_LOST:
            partial = folder / f"{WEB_FILE}.partial"
            partial.write_bytes(content)
            partial.replace(folder / WEB_FILE)
            parity = WebParity(len(crops), judge.accuracy, tuple(tried))
            return _web_model(folder, WEB_FILE, name, content, parity, command)
    raise ModelFileError(
        f"{checkpoint.name} loses more than {MOST_POINTS_LOST} points in any form."
    )


Batches = Callable[[], Iterator[NDArray[np.uint8]]]


@dataclass
class _Judge:
    """Compares forms of a picture network with its float32 form; `truth` is int64 `(N,)`."""

    batches: Batches
    truth: NDArray[np.int64]
    accuracy: float = 0.0
    best: NDArray[np.int64] | None = None

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
        rows = [network(batch)[0].argmax(axis=1) for batch in self.batches()]
        return np.asarray(np.concatenate(rows), np.int64)


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


def _web_model(
    folder: Path, file: str, form: str, content: bytes, parity: WebParity, command: str
) -> WebModel:
    own = read_json(folder / MODEL_FILE)
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
    )
    model.save(folder / WEB_MODEL_FILE)
    return model
