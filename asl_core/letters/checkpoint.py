"""Loads and saves a model: weights as safetensors beside a readable `model.json`.

Class order, preprocessing and calibration come from the file, never from code beside it. The
published reference checkpoint, a `.pth` with `model_state_dict`, is read and written too; nothing
is ever unpickled but plain tensors (`weights_only=True`).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn

from asl_core import __version__
from asl_core.errors import ModelFileError
from asl_core.letters.architectures import (
    RESNET18,
    Architecture,
    architecture_named,
    architecture_of,
)
from asl_core.letters.class_names import checkpoint_classes
from asl_core.letters.classifier import (
    LandmarkClassifier,
    PictureClassifier,
    load_weights,
    parameter_count,
    without_weights,
)
from asl_core.letters.landmark_features import FEATURE_COUNT
from asl_core.letters.model_file import (
    SCHEMA_VERSION,
    VERSION_KEY,
    Calibration,
    ModelFile,
    ModelSettings,
)
from asl_core.letters.preprocessing import Preprocessing
from asl_core.letters.weight_files import read_weights, write_weights
from asl_core.records.json_file import write_json
from asl_core.records.training_run import MODEL_FILE

WEIGHTS_FILE = "weights.safetensors"
LANDMARK_WEIGHTS_FILE = "landmarks.safetensors"
REFERENCE_HEAD = RESNET18.head


@dataclass(frozen=True)
class Checkpoint:
    """Networks with all that is needed to use them."""

    name: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    network: PictureClassifier
    landmark_network: LandmarkClassifier | None = None
    calibration: Calibration = field(default_factory=Calibration)
    digest: str = ""
    version: str = ""

    @property
    def architecture(self) -> Architecture:
        """What kind of image network it is."""
        return architecture_of(self.network)

    @property
    def settings(self) -> ModelSettings:
        """What surrounds the networks."""
        return ModelSettings(
            self.name,
            self.classes,
            self.preprocessing,
            self.calibration,
            self.digest,
            self.version,
        )

    def save(self, folder: Path) -> None:
        """Write the weights as float16 and then `model.json`, which makes the folder a model."""
        folder.mkdir(parents=True, exist_ok=True)
        values: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            VERSION_KEY: __version__,
            "architecture": self.architecture.name,
            "classes": list(self.classes),
            "preprocessing": self.preprocessing.as_json(),
            "calibration": vars(self.calibration),
            "weights": _write_tensors(folder / WEIGHTS_FILE, self.network),
            "landmark_weights": None,
        }
        if self.landmark_network is not None:
            file = folder / LANDMARK_WEIGHTS_FILE
            values["landmark_weights"] = _write_tensors(file, self.landmark_network)
        write_json(folder / MODEL_FILE, values)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a run folder, or a reference checkpoint where `path` is a `.pth` file.

        Raises:
            ModelFileError: a file is missing, altered, of another schema, or does not fit.
        """
        if path.is_dir():
            return cls._load_folder(path)
        if not path.exists():
            raise ModelFileError(f"{path} does not exist.")
        return cls._load_reference(path)

    @classmethod
    def _load_folder(cls, folder: Path) -> Self:
        file = ModelFile.read(folder)
        where = f"{folder.name}/{MODEL_FILE}"
        architecture = architecture_named(file.architecture, where)
        settings = file.settings
        count = len(settings.classes)
        _require_size(architecture, settings.preprocessing, where)
        network = without_weights(lambda: architecture.build(count))
        tensors = _read_tensors(folder, file.weights)
        _require_outputs(tensors, architecture.head, count, f"{folder.name}/{WEIGHTS_FILE}")
        load_weights(network, tensors, WEIGHTS_FILE)
        landmark_network = None
        if file.landmark_weights:
            landmark_network = without_weights(lambda: LandmarkClassifier(FEATURE_COUNT, count))
            tensors = _read_tensors(folder, file.landmark_weights)
            load_weights(landmark_network, tensors, LANDMARK_WEIGHTS_FILE)
        return cls(
            settings.name,
            settings.classes,
            settings.preprocessing,
            network,
            landmark_network,
            settings.calibration,
            settings.digest,
            settings.version,
        )

    @classmethod
    def _load_reference(cls, path: Path) -> Self:
        try:
            values = torch.load(path, map_location="cpu", weights_only=True)
        except Exception:  # the restricted unpickler raises many types on foreign bytes
            raise ModelFileError(
                f"{path.name} is not a checkpoint of plain tensors; files that need unpickling "
                "are never loaded."
            ) from None
        weights = values.get("model_state_dict") if isinstance(values, dict) else None
        head = weights.get(REFERENCE_HEAD) if isinstance(weights, dict) else None
        if weights is None or not isinstance(head, Tensor) or head.ndim != 2:
            raise ModelFileError(
                f"{path.name} holds no 'model_state_dict' with {REFERENCE_HEAD!r}."
            )
        classes = checkpoint_classes(values, len(head), path.name)
        network = without_weights(lambda: RESNET18.build(len(classes)))
        load_weights(network, weights, path.name)
        kept = values.get("preprocessing")
        preprocessing = Preprocessing() if kept is None else Preprocessing.from_json(kept)
        return cls(path.stem, classes, preprocessing, network)


def export_reference(checkpoint: Checkpoint, path: Path, validation_accuracy: float) -> None:
    """Write the image network in the form of the published reference checkpoint.

    `validation_accuracy` is in percent, as there. Class names and preprocessing are added under
    keys of their own: `Checkpoint.load` uses them, readers of the original ignore them.

    Raises:
        ModelFileError: the network is not the ResNet18 of that checkpoint.
    """
    if checkpoint.architecture is not RESNET18:
        raise ModelFileError(
            f"{checkpoint.name} has the architecture {checkpoint.architecture.name!r}; the "
            f"reference checkpoint holds a {RESNET18.name!r}."
        )
    partial = path.with_name(path.name + ".partial")
    torch.save(
        {
            "model_state_dict": checkpoint.network.state_dict(),
            "val_acc": validation_accuracy,
            "class_names": list(checkpoint.classes),
            "preprocessing": checkpoint.preprocessing.as_json(),
        },
        partial,
    )
    partial.replace(path)


def _require_size(architecture: Architecture, preprocessing: Preprocessing, where: str) -> None:
    size = architecture.input_size
    if size is not None and preprocessing.input_size != size:
        raise ModelFileError(
            f"{where} gives an input_size of {preprocessing.input_size}; "
            f"{architecture.name} takes {size}."
        )


def _require_outputs(tensors: dict[str, Tensor], head: str, count: int, where: str) -> None:
    if head in tensors and len(tensors[head]) != count:
        raise ModelFileError(
            f"{where} has {len(tensors[head])} outputs for the {count} classes of {MODEL_FILE}."
        )


def _write_tensors(path: Path, network: nn.Module) -> dict[str, Any]:
    arrays = {key: value.detach().cpu().numpy() for key, value in network.state_dict().items()}
    return {**write_weights(path, arrays), "parameters": parameter_count(network)}


def _read_tensors(folder: Path, entry: Any) -> dict[str, Tensor]:
    arrays = read_weights(folder, entry, MODEL_FILE)
    return {key: torch.from_numpy(array) for key, array in arrays.items()}
