"""Finds the model that a person names on the command line."""

from pathlib import Path

from asl_core.records.training_run import named_run

CHECKPOINT_SUFFIXES = (".pth", ".pt")


def model_path(name: str) -> Path:
    """Return what `Checkpoint.load` takes: a run's folder, or the file of a reference checkpoint.

    `name` is the name of a run, the path of its folder, or the path of a `.pth` file.

    Raises:
        RunError: there is no such run.
    """
    path = Path(name)
    if path.suffix in CHECKPOINT_SUFFIXES or path.is_file():
        return path
    return named_run(name).folder
