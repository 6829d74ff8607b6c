"""The folder that a training run leaves, read without torch.

<run>/
├── model.json           classes, preprocessing, calibration, weight files with SHA-256
├── weights.safetensors  the image network; left out where only the records are shipped
├── landmarks.safetensors  the landmark network, where the run has one
├── picture.onnx         the image network without its weights, which are those of
│                        weights.safetensors; picture.int8.onnx, landmarks.onnx: what reads on a
│                        processor without torch (`serving` in model.json)
├── web.json             what browsers read with, where the run has a form for them: the network
│                        that they load (picture.int8.onnx or picture.web.onnx) and its parity
├── config.json          every setting of the training
├── class_mapping.json   index -> class
├── history.csv          one row per epoch
├── training_history.png
├── MODEL_CARD.md
└── evaluations/<photo set>-<split>/report.json, classification_report.txt, *.png,
                                    robustness.json, own-hand.json; scenes.json for empty
                                    scenes
"""

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from asl_core.errors import RunError
from asl_core.folders import MODELS_FOLDER, RUNS_FOLDER
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.history import EpochRow, read_history
from asl_core.records.json_file import read_json, write_json
from asl_core.records.own_hand_report import OWN_HAND_FILE, OwnHandReport
from asl_core.records.robustness_report import ROBUSTNESS_FILE, RobustnessReport
from asl_core.records.scenes_report import SCENES_FILE, ScenesReport

MODELS_VARIABLE = "ASL_MODELS"
RUNS_VARIABLE = "ASL_RUNS"
"""Environment variables that name other folders for shipped models and for own runs."""

SHIPPED_RUN = "stranger-resnet18"
"""Name of the run in `models/` that the app opens with."""

MODEL_FILE = "model.json"
CONFIG_FILE = "config.json"
LANDMARK_TRAINING_KEY = "landmark_training"
"""In `config.json`: what the landmark network learned from, where that was trained alone."""
HISTORY_FILE = "history.csv"
CLASS_MAPPING_FILE = "class_mapping.json"
REPORT_FILE = "report.json"
EVALUATIONS_FOLDER = "evaluations"
PICTURE_ONLY_ENDING = "-picture"
"""Ends the name of an evaluation in which the landmark network had no say."""

RECORDS_ONLY_KEY = "records_only"
"""In `model.json`: true where the weights are left out on purpose."""

_TRAINING_ONLY = ("*.ckpt", "*.partial")
_WEIGHTS = ("*.safetensors", "*.onnx")


@dataclass(frozen=True)
class TrainingRun:
    """A run folder; its files are read when asked for."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def is_finished(self) -> bool:
        """Whether the run has a model; a run still at work has only history and settings."""
        return (self.folder / MODEL_FILE).is_file()

    @property
    def is_records_only(self) -> bool:
        """Whether the run is here for its records alone, its weights left out on purpose.

        Its `model.json` says so, and still tells the size and the SHA-256 of the weights.
        """
        try:
            return self.model.get(RECORDS_ONLY_KEY) is True
        except RunError:
            return False

    @property
    def can_read(self) -> bool:
        """Whether the run has a model whose weights are meant to be here."""
        return self.is_finished and not self.is_records_only

    @property
    def reads_whole_pictures(self) -> bool:
        """Whether its model reads whole pictures and seeks no hand."""
        try:
            preprocessing = self.model.get("preprocessing")
        except RunError:
            return False
        return isinstance(preprocessing, dict) and preprocessing.get("view") == "whole"

    @cached_property
    def model(self) -> dict[str, Any]:
        """The content of `model.json`."""
        return read_json(self.folder / MODEL_FILE)

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names of the model, in the order of its outputs.

        Raises:
            RunError: `model.json` is missing or names no classes.
        """
        classes = self.model.get("classes")
        if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
            raise RunError(f"{self.name}/{MODEL_FILE} names no classes, but {classes!r}.")
        return tuple(classes)

    @cached_property
    def config(self) -> dict[str, Any]:
        """The content of `config.json`."""
        return read_json(self.folder / CONFIG_FILE)

    @property
    def division(self) -> str:
        """How the photos were divided: "signer", or at random as others do (`photos/split.py`)."""
        has_config = (self.folder / CONFIG_FILE).is_file()
        return str(self.config.get("division", "signer")) if has_config else "signer"

    @property
    def history(self) -> tuple[EpochRow, ...]:
        """The epochs so far, read anew each time, since a run at work adds to them."""
        return read_history(self.folder / HISTORY_FILE)

    @property
    def evaluations(self) -> tuple[str, ...]:
        """Names of the evaluations, such as `photos-test`; sorted."""
        return tuple(
            sorted(p.parent.name for p in self.folder.glob(f"{EVALUATIONS_FOLDER}/*/{REPORT_FILE}"))
        )

    def evaluation(self, name: str) -> EvaluationReport:
        """Read one evaluation.

        Raises:
            RunError: it is missing or broken.
        """
        if name not in self.evaluations:
            known = ", ".join(self.evaluations) or "none"
            raise RunError(f"{self.name} has no evaluation {name!r}; its evaluations are: {known}.")
        return EvaluationReport.load(self.folder / EVALUATIONS_FOLDER / name / REPORT_FILE)

    def own_hand(self, name: str) -> OwnHandReport | None:
        """What teaching one's own letters gives on an evaluation's photos, None if not measured.

        Raises:
            RunError: the file is broken.
        """
        path = self.folder / EVALUATIONS_FOLDER / name / OWN_HAND_FILE
        return OwnHandReport.load(path) if path.is_file() else None

    def robustness(self, name: str) -> RobustnessReport | None:
        """Read what the run withstands on the photos of an evaluation; None where not measured.

        Raises:
            RunError: the file is broken.
        """
        path = self.folder / EVALUATIONS_FOLDER / name / ROBUSTNESS_FILE
        return RobustnessReport.load(path) if path.is_file() else None

    @property
    def scenes(self) -> tuple[ScenesReport, ...]:
        """What the run reads in empty scenes, one report for each measured split of them.

        Raises:
            RunError: a file is broken.
        """
        paths = sorted(self.folder.glob(f"{EVALUATIONS_FOLDER}/*/{SCENES_FILE}"))
        return tuple(ScenesReport.load(path) for path in paths)


def run_folders() -> tuple[Path, Path]:
    """Return the folders that hold runs: `models/` and `runs/`, or what the environment names."""
    return (
        Path(os.environ.get(MODELS_VARIABLE) or MODELS_FOLDER),
        Path(os.environ.get(RUNS_VARIABLE) or RUNS_FOLDER),
    )


def find_runs(*folders: Path) -> tuple[TrainingRun, ...]:
    """List the runs below `folders` (by default `run_folders()`), the shipped one first."""
    found = [
        TrainingRun(path)
        for folder in folders or run_folders()
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if (path / MODEL_FILE).is_file() or (path / HISTORY_FILE).is_file()
    ]
    return tuple(sorted(found, key=lambda run: run.name != SHIPPED_RUN))


def named_run(name: str) -> TrainingRun:
    """Find a run by name or by the path of its folder; of equal names the one listed first.

    Raises:
        RunError: there is no such run.
    """
    runs = {run.name: run for run in reversed(find_runs())}
    if name in runs:
        return runs[name]
    path = Path(name)
    if name and path.is_dir():
        return TrainingRun(path.resolve())
    known = ", ".join(sorted(runs)) or "none"
    raise RunError(f"There is no run {name!r}; known runs are: {known}.")


def ship_run(run: TrainingRun, models: Path, records_only: bool = False) -> Path:
    """Copy `run` below `models` without what only its training needed; return the new folder.

    One of that name is replaced. With `records_only` the weights stay behind and the new
    `model.json` says so.

    Raises:
        RunError: the run is not finished, already lies there, or the copy cannot be written.
    """
    target = models / run.name
    if not run.is_finished:
        raise RunError(f"{run.name} has no {MODEL_FILE}: it is still training or incomplete.")
    if target.resolve() == run.folder.resolve():
        raise RunError(f"{run.name} already lies in {models.name}.")
    left_out = (*_TRAINING_ONLY, *_WEIGHTS) if records_only else _TRAINING_ONLY
    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(run.folder, partial, ignore=shutil.ignore_patterns(*left_out))
        if records_only:
            write_json(partial / MODEL_FILE, {**run.model, RECORDS_ONLY_KEY: True})
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    except OSError as error:
        raise RunError(f"{target} cannot be written: {error.strerror or error}.") from None
    return target
