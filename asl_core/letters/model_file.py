"""Reads `model.json`: what must be known of a model to read with it, without torch."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from asl_core.errors import ModelFileError, RunError
from asl_core.letters.class_names import checked_class_names
from asl_core.letters.preprocessing import Preprocessing
from asl_core.records.json_file import read_json
from asl_core.records.training_run import MODEL_FILE, RECORDS_ONLY_KEY

SCHEMA_VERSION = 1
FIRST_ARCHITECTURE = "resnet18_head"
"""The first files name no architecture: there was only one."""


@dataclass(frozen=True)
class Calibration:
    """How raw outputs become the confidence that people see; fitted on validation photos.

    The logits of the fused views are divided by `temperature` (Guo et al. 2017).
    `landmark_share` in 0-1 is the weight of the landmark network's log-probabilities beside the
    picture's. Below `rejection_threshold` a letter is shown as uncertain.

    Where the landmark network is asked alone, its log-probabilities are divided by
    `landmark_temperature`. Above the confidence `landmarks_suffice` that it then has, the picture
    would name the same letter: a stream may leave it out for a while. At 1 none may.
    """

    temperature: float = 1.0
    landmark_share: float = 0.0
    rejection_threshold: float = 0.0
    landmark_temperature: float = 1.0
    landmarks_suffice: float = 1.0

    def __post_init__(self) -> None:
        for name in ("temperature", "landmark_temperature"):
            if not 0.05 <= getattr(self, name) <= 20:
                raise ModelFileError(f"{name} is {getattr(self, name)}, allowed are 0.05 to 20.")
        for name in ("landmark_share", "rejection_threshold", "landmarks_suffice"):
            if not 0 <= getattr(self, name) <= 1:
                raise ModelFileError(f"{name} is {getattr(self, name)}, allowed are 0 to 1.")


@dataclass(frozen=True)
class ModelSettings:
    """What surrounds the networks of a model: their classes, and what happens before and after."""

    name: str
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    calibration: Calibration = field(default_factory=Calibration)
    digest: str = ""
    """That of `model_digest`; "" where the networks do not come from a run's folder."""
    version: str = ""
    """Of this package when it trained them; "" where it is not known."""


@dataclass(frozen=True)
class ModelFile:
    """The content of a run's `model.json`.

    `weights` and `landmark_weights` are the entries of safetensors files (`weight_files`),
    `serving` is that of the exported networks (`records/serving_record.py`), None without them.
    """

    settings: ModelSettings
    architecture: str
    weights: Any
    landmark_weights: Any
    serving: Any

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the file of a run folder.

        Raises:
            ModelFileError: it is missing, of another schema, incomplete, or its weights are left
                out on purpose.
        """
        try:
            values = read_json(folder / MODEL_FILE)
        except RunError as error:
            raise ModelFileError(str(error)) from None
        where = f"{folder.name}/{MODEL_FILE}"
        if values.get(RECORDS_ONLY_KEY) is True:
            raise ModelFileError(
                f"{folder.name} is here for its records alone, without its weights; choose "
                "another model, or train it anew."
            )
        version = values.get("schema_version")
        if version != SCHEMA_VERSION:
            raise ModelFileError(f"{where} has schema {version!r}, expected {SCHEMA_VERSION}.")
        try:
            settings = ModelSettings(
                name=folder.name,
                classes=checked_class_names(values["classes"], where),
                preprocessing=Preprocessing.from_json(values["preprocessing"]),
                calibration=Calibration(**values["calibration"]),
                digest=model_digest(values),
                version=str(values.get(VERSION_KEY, "")),
            )
            return cls(
                settings=settings,
                architecture=values.get("architecture", FIRST_ARCHITECTURE),
                weights=values["weights"],
                landmark_weights=values["landmark_weights"],
                serving=values.get(SERVING_KEY),
            )
        except (KeyError, TypeError) as error:
            raise ModelFileError(f"{where} is incomplete: {error}.") from None


def model_digest(values: dict[str, Any]) -> str:
    """Return a SHA-256 in hex over what decides how a model sees a hand.

    `values` are those of `model.json`: the digests of the weights, classes and preprocessing count;
    calibration and exported networks do not.
    """
    entries = [values.get(key) for key in ("weights", "landmark_weights")]
    files = [entry.get("sha256") if isinstance(entry, dict) else None for entry in entries]
    decisive = [files, values.get("classes"), values.get("preprocessing")]
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


VERSION_KEY = "version"
"""In `model.json`: the version of this package that trained the model."""

SERVING_KEY = "serving"
"""In `model.json`: the exported networks."""
