"""What `models verify` checks: the hand landmarker, runs, motion and fluent models."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import AslError, RunError
from asl_core.records.fluent_report import FLUENT_MODEL_FILE
from asl_core.records.motion_report import MOTION_MODEL_FILE

if TYPE_CHECKING:
    from asl_core.records.training_run import TrainingRun

Check = tuple[str, Callable[[], str]]
"""What is checked, and the check: it returns a few words or raises an AslError."""

RECORDS_ONLY = "records only"


def passes(name: str, check: Callable[[], str]) -> bool:
    """Run a check, print its outcome in one line, and return whether it passed."""
    try:
        typer.echo(f"ok      {name}: {check()}")
    except AslError as error:
        typer.echo(f"FAILED  {name}: {error}")
        return False
    return True


def all_checks() -> list[Check]:
    """Return the checks of the landmarker and of each finished run, motion and fluent model."""
    from asl_core.hands.landmarker_model import LANDMARKER_PATH
    from asl_core.records.training_run import find_runs

    checks: list[Check] = [
        (LANDMARKER_PATH.name, _check_landmarker),
        ("libraries for browsers", check_web_libraries),
    ]
    checks += [(run.name, _RunCheck(run)) for run in find_runs() if run.is_finished]
    checks += [(folder.name, _MotionCheck(folder)) for folder in _folders_with(MOTION_MODEL_FILE)]
    return checks + [(f.name, _FluentCheck(f)) for f in _folders_with(FLUENT_MODEL_FILE)]


def named_check(name: str) -> Check:
    """Return the check of one run, motion or fluent model.

    Raises:
        RunError: there is none of that name.
    """
    from asl_core.records.training_run import named_run

    kinds = ((MOTION_MODEL_FILE, _MotionCheck), (FLUENT_MODEL_FILE, _FluentCheck))
    for file, check in kinds:
        shipped = (folder for folder in _folders_with(file) if folder.name == name)
        folder = next(shipped, Path(name))
        if (folder / file).is_file():
            return folder.name, check(folder)
    run = named_run(name)
    return run.name, _RunCheck(run)


def _folders_with(file: str) -> list[Path]:
    from asl_core.records.training_run import run_folders

    found = [path.parent for root in run_folders() for path in root.glob(f"*/{file}")]
    return sorted(found)


def _check_landmarker() -> str:
    from asl_core.hands.detector import MediaPipeHandDetector

    with quiet_libraries(), MediaPipeHandDetector("photo"):
        return "SHA-256 as expected, opens in MediaPipe"


class _RunCheck:
    """Loads a run and compares its class order with its class_mapping.json."""

    def __init__(self, run: "TrainingRun") -> None:
        self.run = run

    def __call__(self) -> str:
        from asl_core.letters.checkpoint import Checkpoint
        from asl_core.letters.serving import check_served
        from asl_core.records.json_file import read_json
        from asl_core.records.training_run import CLASS_MAPPING_FILE

        if self.run.is_records_only:
            return f"{RECORDS_ONLY}, the weights are left out on purpose"
        classes = Checkpoint.load(self.run.folder).classes
        mapping = self.run.folder / CLASS_MAPPING_FILE
        expected = {str(index): name for index, name in enumerate(classes)}
        if mapping.is_file() and read_json(mapping) != expected:
            raise RunError(f"{CLASS_MAPPING_FILE} has another class order than model.json.")
        exported = check_served(self.run.folder)
        return f"weights{exported} as expected, {len(classes)} classes{self._web_form()}"

    def _web_form(self) -> str:
        """Check the form for browsers, where the run has one, and name it."""
        from asl_core.records.web_model import WEB_MODEL_FILE, web_model_of

        if not (self.run.folder / WEB_MODEL_FILE).is_file():
            return ""
        model = web_model_of(self.run.folder)
        model.content(self.run.folder)
        return f", {model.form} for browsers"


def check_web_libraries() -> str:
    """Compare each file of the libraries for browsers with its pin.

    Raises:
        ModelFileError: one is missing or altered.
    """
    from asl_core.records.web_libraries import library_content, web_libraries

    libraries = web_libraries()
    kept = sum(len(library_content(file)) for file in libraries.files)
    names = ", ".join(f"{name} {version}" for name, version in libraries.packages)
    return f"SHA-256 as pinned, {kept / 1e6:.1f} MB: {names}"


class _MotionCheck:
    """Loads a motion model, which compares its weights with `motion.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self) -> str:
        from asl_core.letters.motion.model import MotionModel

        networks = len(MotionModel.load(self.folder).weights["output.bias"])
        return f"weights as expected, {networks} network{'s' if networks > 1 else ''}"


class _FluentCheck:
    """Loads a model of natural spelling, which compares its files with `fluent.json`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self) -> str:
        from asl_core.spelling.fluent.model import FluentModel

        FluentModel.load(self.folder)
        return "weights and order of letters as expected"
