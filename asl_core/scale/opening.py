"""Opens models and detectors in processes elsewhere; both functions travel by their names."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from asl_core.letters.model_file import ModelFile
from asl_core.records.training_run import named_run
from asl_core.scale.table_parts import TableJob

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import HandDetector
    from asl_core.letters.recognizer import LetterRecognizer


def travelling_name(run: str) -> str:
    """Return what `open_recognizer` finds a run by, also from another folder.

    A shipped run goes by its name, as another machine has it elsewhere; a folder or a file by its
    whole path.
    """
    path = Path(run)
    return str(path.resolve()) if path.exists() else run


def job_of(run: str) -> TableJob:
    """Return by what a table tells whether it was begun with the same model; no network is loaded.

    Raises:
        RunError: there is no such run.
        ModelFileError: its model.json is missing or broken.
    """
    path = Path(run)
    if path.is_file():
        return TableJob(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    settings = ModelFile.read(named_run(run).folder).settings
    return TableJob(settings.name, settings.digest)


def open_recognizer(run: str, device: str | None, threads: int | None) -> "LetterRecognizer":
    """Load a run by its name or folder, or the file of a reference checkpoint.

    Raises:
        RunError: there is no such run on the machine of this process.
        ModelFileError: the model's file is missing, altered or does not fit.
        SettingsError: torch cannot compute on `device` there.
    """
    from asl_core.letters.recognizer import LetterRecognizer

    path = Path(run)
    return LetterRecognizer.load(path if path.is_file() else named_run(run).folder, device, threads)


def open_photo_detector() -> "HandDetector":
    """Open MediaPipe's detector for photos."""
    from asl_core.hands.detector import MediaPipeHandDetector

    return MediaPipeHandDetector("photo")


def open_photo_pipeline(run: str, device: str | None, threads: int | None) -> "FramePipeline":
    """Open both; raises what they raise."""
    from asl_core.frame_pipeline import FramePipeline

    return FramePipeline(open_photo_detector(), open_recognizer(run, device, threads))
