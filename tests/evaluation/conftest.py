"""A run without weights, measured with fakes in this process."""

from collections.abc import Callable

import pytest

from asl_core.evaluation.measurement import Measurement
from asl_core.records.json_file import write_json
from asl_core.records.training_run import TrainingRun

MakeMeasurement = Callable[..., Measurement]


@pytest.fixture
def fake_run(tmp_path) -> TrainingRun:
    """Return a run that is only a `model.json`: classes and threshold of the colour pipeline."""
    folder = tmp_path / "fake-run"
    calibration = {"rejection_threshold": 0.8}
    write_json(folder / "model.json", {"classes": ["A", "B", "J"], "calibration": calibration})
    return TrainingRun(folder)


@pytest.fixture
def make_measurement(fake_run) -> MakeMeasurement:
    """Return a function that makes a measurement of the split `test` with what it is given."""

    def make(loaded: object, **changes) -> Measurement:
        told = {"material": "colours", "split": "test", "command": "python -m asl_core evaluate"}
        return Measurement(run=fake_run, load=lambda: loaded, **told | changes)

    return make
