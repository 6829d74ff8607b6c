"""The networks and settings of the natural mode on disk: `fluent.json` and two weight files."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.weight_files import read_weights, require_shapes, write_weights
from asl_core.records.fluent_report import FLUENT_MODEL_FILE, FLUENT_MODEL_FOLDER
from asl_core.records.json_file import read_model_file, write_json
from asl_core.spelling.fluent.features import FEATURE_COUNT
from asl_core.spelling.fluent.letter_order import ORDER_SHAPE
from asl_core.spelling.fluent.network import CLASS_COUNT, SHAPES
from asl_core.spelling.fluent.settings import FluentSettings
from asl_core.spelling.fluent.shape_network import SHAPES as SHAPE_SHAPES
from asl_core.spelling.fluent.ticks import TICKS_PER_SECOND

SHIPPED_FLUENT_MODEL: Path = FLUENT_MODEL_FOLDER

SCHEMA_VERSION = 2
ARCHITECTURE = "streaming_convolution"
STREAM_FILE, SHAPE_FILE = "stream.safetensors", "shape.safetensors"
ORDER_FILE = "order.safetensors"

_KIND: dict[str, Any] = {
    "schema_version": SCHEMA_VERSION,
    "architecture": ARCHITECTURE,
    "classes": CLASS_COUNT,
    "features": FEATURE_COUNT,
    "ticks_per_second": TICKS_PER_SECOND,
}

_ORDER = "nats"

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class FluentModel:
    """All that a FluentReader shares with others: never changed, so threads may share it.

    `stream` holds arrays float32 `(E, *network.SHAPES[name])` for E streaming networks whose
    answers are averaged, `shape` arrays `shape_network.SHAPES` of the landmark network. `order`
    is what `letter_order.letter_order` gives; by default each letter is as likely as another.
    """

    stream: Weights
    shape: Weights
    settings: FluentSettings = field(default_factory=FluentSettings)
    order: NDArray[np.float32] = field(default_factory=lambda: np.zeros(ORDER_SHAPE, np.float32))

    def save(self, folder: Path) -> None:
        """Write the weights and then `fluent.json`, which makes the folder a model."""
        folder.mkdir(parents=True, exist_ok=True)
        single = {name: value[None] for name, value in self.shape.items()}
        values = {
            **_KIND,
            "settings": asdict(self.settings),
            "stream": _written(folder / STREAM_FILE, self.stream),
            "shape": _written(folder / SHAPE_FILE, single),
            "order": write_weights(folder / ORDER_FILE, {_ORDER: self.order[None]}),
        }
        write_json(folder / FLUENT_MODEL_FILE, values)

    @classmethod
    def load(cls, folder: Path = SHIPPED_FLUENT_MODEL) -> Self:
        """Load a model folder.

        Raises:
            ModelFileError: a file is missing, altered, of another schema, or does not fit.
        """
        values, settings = read_model_file(folder / FLUENT_MODEL_FILE, _KIND, FluentSettings)
        stream = _read(folder, values.get("stream"), SHAPES)
        shape = _read(folder, values.get("shape"), SHAPE_SHAPES)
        order = _read(folder, values.get("order"), {_ORDER: ORDER_SHAPE})[_ORDER]
        return cls(stream, {name: value[0] for name, value in shape.items()}, settings, order[0])


def _written(path: Path, weights: Weights) -> dict[str, Any]:
    return {
        **write_weights(path, weights),
        "networks": len(next(iter(weights.values()))),
        "parameters": sum(value.size for value in weights.values()),
    }


def _read(folder: Path, entry: Any, shapes: dict[str, tuple[int, ...]]) -> Weights:
    arrays = read_weights(folder, entry, FLUENT_MODEL_FILE)
    require_shapes(arrays, shapes, f"{folder.name}/{entry['file']}")
    return arrays
