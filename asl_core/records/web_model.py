"""The form of a run that browsers read: one ONNX file, and a JSON that says all about it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asl_core.errors import ModelFileError, RunError
from asl_core.records.json_file import JsonRecord, read_json
from asl_core.records.training_run import MODEL_FILE

WEB_MODEL_SCHEMA = 1
WEB_FOLDER = "web"
WEB_MODEL_FILE = "web.json"
WEB_WEIGHTS_FILE = "letters.onnx"
"""`<run>/web/web.json` and `<run>/web/letters.onnx`."""

LARGEST_LOSS = 0.002
"""Share of validation photos by which a form for browsers may be worse than the recognizer."""


@dataclass(frozen=True)
class WebForm:
    """One form that was tried: its name, size in bytes, and how it reads validation photos.

    `accuracy` is the share of photos whose best letter is right with the landmark network beside
    it, `agreement` the share in which that letter is the recognizer's own; both in 0-1.
    """

    name: str
    bytes: int
    accuracy: float
    agreement: float


@dataclass(frozen=True)
class WebParity:
    """How close the chosen form comes to the recognizer that reads live video.

    `photos` counts the validation photos with a found hand, `accuracy` is the recognizer's on them,
    in 0-1. `forms` were tried in this order, from the smallest, until one was good enough.
    """

    photo_set: str
    split: str
    photos: int
    accuracy: float
    forms: tuple[WebForm, ...]
    calibration_photos: int
    command: str
    created: str


@dataclass(frozen=True)
class WebModel(JsonRecord):
    """What `web.json` holds.

    The graph takes `input`, RGB uint8 `(1, S, S, 3)`, and gives `output`, log-probabilities
    float32 `(1, C)` in the order of `classes`. `pad` is the RGB beyond the frame's edge. `source`
    is the SHA-256 of the run's own weights, of which this is a form.
    """

    run: str
    form: str
    bytes: int
    sha256: str
    source: str
    classes: tuple[str, ...]
    preprocessing: dict[str, Any]
    calibration: dict[str, float]
    parity: WebParity
    pad: tuple[int, int, int]
    input: str = "pixels"
    output: str = "log_probabilities"
    schema_version: int = WEB_MODEL_SCHEMA

    def content(self, run_folder: Path) -> bytes:
        """Read the weights and compare their SHA-256.

        Raises:
            ModelFileError: they are missing or altered.
        """
        path = run_folder / WEB_FOLDER / WEB_WEIGHTS_FILE
        try:
            content = path.read_bytes()
        except OSError:
            raise ModelFileError(f"{run_folder.name} has no {WEB_FOLDER}/{path.name}.") from None
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ModelFileError(f"{run_folder.name}/{WEB_FOLDER}/{path.name} was altered.")
        return content


def web_model_of(run_folder: Path) -> WebModel:
    """Read a run's form for browsers; its weights are not opened.

    Raises:
        ModelFileError: there is none, it is broken or of another schema, or it was made of other
            weights than the run has.
    """
    path = run_folder / WEB_FOLDER / WEB_MODEL_FILE
    if not path.is_file():
        raise ModelFileError(
            f"{run_folder.name} has no form for browsers; make it with: "
            f"python -m asl_core export {run_folder.name} --format web --photos DIR"
        )
    try:
        model = WebModel.load(path)
        source = read_json(run_folder / MODEL_FILE)["weights"]["sha256"]
    except (RunError, KeyError, TypeError) as error:
        raise ModelFileError(f"{run_folder.name}: {error}") from None
    if model.source != source:
        raise ModelFileError(
            f"{run_folder.name}/{WEB_FOLDER} was made of other weights than the run has now."
        )
    return model
