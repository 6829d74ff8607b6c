"""Makes the exported networks a part of a run folder; `train` and `export` both end here."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.checkpoint import WEIGHTS_FILE, Checkpoint
from asl_core.letters.device import CPU
from asl_core.letters.model_file import SERVING_KEY
from asl_core.letters.networks import PictureNetwork
from asl_core.letters.onnx_network import OnnxNetwork, picture_of
from asl_core.letters.torch_networks import OPSET, torch_networks
from asl_core.photos.split import TRAIN
from asl_core.records.json_file import read_json, write_json
from asl_core.records.serving_record import (
    FLOAT32,
    INT8,
    MOST_POINTS_LOST,
    EightBitMaking,
    Parity,
    ServedFile,
    ServingRecord,
)
from asl_core.records.training_run import MODEL_FILE
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.serving import graphs
from asl_core.training.serving.eight_bits import (
    METHOD,
    WEIGHT_BITS,
    first_and_last_operations,
    in_eight_bits,
)
from asl_core.training.serving.parity import Answers, network_pixels, parity

FLOAT32_FILE = "picture.onnx"
INT8_FILE = "picture.int8.onnx"
LANDMARKS_FILE = "landmarks.onnx"

CALIBRATION_PHOTOS = 400
CALIBRATION_SEED = 0

Tell = Callable[[str], None]


def write_serving(
    checkpoint: Checkpoint,
    folder: Path,
    train: LabelledCrops,
    validation: LabelledCrops,
    photo_set: str,
    tell: Tell = lambda sentence: None,
) -> ServingRecord:
    """Export the networks of a saved run, compare them with torch, and note both in `model.json`.

    `checkpoint` is what `folder` holds. The ranges of the eight-bit form come from
    CALIBRATION_PHOTOS of the photos of `train` that are learnt from; `validation` compares. Where
    eight bits cost more than MOST_POINTS_LOST, the first and the last operations stay in float,
    and where that is not enough, there is no eight-bit form.

    Raises:
        ModelFileError: the package onnx is not installed, or the weights do not fit.
    """
    graphs.require_onnx()
    tell("Writing the networks as ONNX …")
    float32 = _write(
        folder / FLOAT32_FILE, graphs.graph_without_weights(checkpoint, folder / WEIGHTS_FILE)
    )
    landmarks = None
    if checkpoint.landmark_network is not None:
        graph = graphs.landmark_graph(checkpoint.landmark_network)
        landmarks = _write(folder / LANDMARKS_FILE, graph)
    judge = _Judge(checkpoint, validation, tell)
    int8, making, rows = _eight_bits(checkpoint, folder, train, photo_set, judge)
    judged = judge.parities(FLOAT32, OnnxNetwork(folder / FLOAT32_FILE))
    record = ServingRecord(OPSET, float32, int8, landmarks, making, (*rows, *judged))
    values = read_json(folder / MODEL_FILE)
    write_json(folder / MODEL_FILE, {**values, SERVING_KEY: asdict(record)})
    return record


class _Judge:
    """Compares forms of one network with torch on the readable validation crops."""

    def __init__(self, checkpoint: Checkpoint, validation: LabelledCrops, tell: Tell) -> None:
        readable = validation.crops.readable
        self._crops, self._truth = validation.crops.select(readable), validation.targets[readable]
        self._preprocessing, self._tell = checkpoint.preprocessing, tell
        tell(f"Reading {len(self._crops)} validation crops with torch …")
        self._torch = self._answers(torch_networks(checkpoint, CPU).picture)

    def parities(self, form: str, network: OnnxNetwork) -> tuple[Parity, ...]:
        """Compare after two looks, as photos are read, and after one, as live video is."""
        self._tell(f"Reading them with ONNX Runtime in {form} …")
        answers = self._answers(picture_of(network))
        looks = (2, 1) if self._preprocessing.mirrored_look else (1,)
        return tuple(parity(form, n, answers, self._torch, self._truth) for n in looks)

    def _answers(self, network: PictureNetwork) -> Answers:
        return Answers.of(network, self._crops, self._preprocessing)


def _eight_bits(
    checkpoint: Checkpoint, folder: Path, train: LabelledCrops, photo_set: str, judge: _Judge
) -> tuple[ServedFile | None, EightBitMaking | None, tuple[Parity, ...]]:
    """Write the first eight-bit form that is accurate enough, or tell by the rows why none is."""
    whole = graphs.whole_graph(checkpoint)
    chosen = calibration_photos(train)
    pixels = network_pixels(train.crops, chosen, checkpoint.preprocessing)
    rows: tuple[Parity, ...] = ()
    for kept in ((), first_and_last_operations(whole)):
        graph = in_eight_bits(whole, pixels, kept)
        rows = judge.parities(INT8, OnnxNetwork(graph))
        if max(row.points_lost for row in rows) <= MOST_POINTS_LOST:
            making = EightBitMaking(
                len(chosen), photo_set, TRAIN, CALIBRATION_SEED, METHOD, WEIGHT_BITS, kept
            )
            return _write(folder / INT8_FILE, graph), making, rows
    (folder / INT8_FILE).unlink(missing_ok=True)
    return None, None, rows


def calibration_photos(train: LabelledCrops) -> NDArray[np.int64]:
    """Choose the photos of the activations' ranges: places in `train`, int64, rising."""
    taught = np.flatnonzero(train.taught)
    random = np.random.default_rng(CALIBRATION_SEED)
    count = min(CALIBRATION_PHOTOS, len(taught))
    return np.asarray(np.sort(random.choice(taught, count, replace=False)), np.int64)


def _write(path: Path, content: bytes) -> ServedFile:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
    return ServedFile(path.name, hashlib.sha256(content).hexdigest())
