"""The form of a run that browsers read: an ONNX file, and a JSON that says all about it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asl_core.errors import ModelFileError, RunError
from asl_core.records.json_file import JsonRecord, read_json
from asl_core.records.training_run import MODEL_FILE

WEB_MODEL_SCHEMA = 1
WEB_MODEL_FILE = "web.json"

MOST_POINTS_LOST = 0.2
"""Points of accuracy on validation photos that a form for browsers may cost."""


@dataclass(frozen=True)
class WebForm:
    """A form that the picture network was tried in, and how it reads validation photos.

    `bytes` is its size, `accuracy` in 0-1 over all classes, beside the landmark network and with
    one look at each crop, as live video is read; `same_answer` is the share of crops whose best
    letter is that of float32.
    """

    name: str
    bytes: int
    accuracy: float
    same_answer: float


@dataclass(frozen=True)
class WebParity:
    """The forms that were tried, smallest first, beside the network in float32.

    `photos` counts the validation photos with a found hand, `accuracy` in 0-1 is float32's on them.
    """

    photos: int
    accuracy: float
    forms: tuple[WebForm, ...]


@dataclass(frozen=True)
class WebModel(JsonRecord):
    """What `web.json` holds.

    `file` in the run's folder, of `size` bytes, takes `input`, RGB uint8 `(1, S, S, 3)`, and gives
    `output`, log-probabilities float32 `(1, C)` in the order of `classes`, and `features`, float32
    `(1, feature_count)`, by which hands are compared; none where the count is 0. `form` is "int8",
    "int8 weights" or "float16", `pad` the RGB beyond a frame's edge. `source` is the SHA-256 of the
    run's own weights, of which this is a form.
    """

    run: str
    file: str
    form: str
    size: int
    sha256: str
    source: str
    classes: tuple[str, ...]
    preprocessing: dict[str, Any]
    calibration: dict[str, float]
    pad: tuple[int, int, int]
    input: str
    output: str
    parity: WebParity
    command: str
    created: str
    features: str = ""
    feature_count: int = 0
    schema_version: int = WEB_MODEL_SCHEMA

    def __post_init__(self) -> None:
        if Path(self.file).name != self.file:
            raise ValueError(f"file {self.file!r} lies outside of the run's folder")

    def content(self, run_folder: Path) -> bytes:
        """Read the file and compare its SHA-256.

        Raises:
            ModelFileError: it is missing or altered.
        """
        try:
            content = (run_folder / self.file).read_bytes()
        except OSError:
            raise ModelFileError(f"{run_folder.name} has no {self.file}.") from None
        digest = hashlib.sha256(content).hexdigest()
        if digest != self.sha256:
            raise ModelFileError(
                f"{run_folder.name}/{self.file} is another one than {WEB_MODEL_FILE} tells of "
                f"(SHA-256 {digest[:12]}…, expected {self.sha256[:12]}…)."
            )
        return content


def web_model_of(run_folder: Path) -> WebModel:
    """Read a run's form for browsers; the network itself is not opened.

    Raises:
        ModelFileError: there is none, it is broken or of another schema, or it was made of other
            weights or settings than the run has.
    """
    name = run_folder.name
    path = run_folder / WEB_MODEL_FILE
    if not path.is_file():
        raise ModelFileError(
            f"{name} has no form for browsers; make it with: "
            f"python -m asl_core export {name} --format web --photos DIR"
        )
    try:
        model = WebModel.load(path)
        own = read_json(run_folder / MODEL_FILE)
        source = own["weights"]["sha256"]
        settings = (tuple(own["classes"]), own["preprocessing"], own["calibration"])
    except (RunError, KeyError, TypeError) as error:
        raise ModelFileError(f"{name} has no form for browsers that can be used: {error}") from None
    if (model.source, (model.classes, model.preprocessing, model.calibration)) != (
        source,
        settings,
    ):
        raise ModelFileError(
            f"{name}/{WEB_MODEL_FILE} was made of other weights or settings than the run has; make "
            f"it again with: python -m asl_core export {name} --format web --photos DIR"
        )
    return model
