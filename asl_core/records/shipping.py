"""Copies a finished run to where models are shipped, without what only its training needed."""

import shutil
from pathlib import Path

from asl_core.errors import RunError
from asl_core.records.json_file import write_json
from asl_core.records.training_run import MODEL_FILE, RECORDS_ONLY_KEY, TrainingRun

TRAINING_ONLY = ("*.ckpt", "*.partial")
WEIGHTS = "*.safetensors"


def ship_run(run: TrainingRun, models: Path, records_only: bool = False) -> Path:
    """Copy `run` below `models` and give the new folder; one of that name is replaced.

    With `records_only` the weights stay behind and the new `model.json` says so.

    Raises:
        RunError: the run is not finished, or already lies there.
    """
    target = models / run.name
    if not run.is_finished:
        raise RunError(f"{run.name} has no {MODEL_FILE}: it is still training or incomplete.")
    if target.resolve() == run.folder.resolve():
        raise RunError(f"{run.name} already lies in {models.name}.")
    left_out = (*TRAINING_ONLY, WEIGHTS) if records_only else TRAINING_ONLY
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
