"""A visit whose browser reads its own camera never gets half of one model and half of another."""

import json
from types import SimpleNamespace

import pytest

from asl_core.errors import ModelFileError
from asl_core.letters.model_file import Calibration, model_digest
from asl_core.service.device_source import DeviceSource
from asl_core.service.model_swap import SharedRecognizer


@pytest.fixture
def folder(tmp_path):
    from scripts.made_up_run import write_web_model

    folder = tmp_path / "tiny"
    write_web_model(folder, b"first")
    return folder


def change(folder):
    """Give the run other weights, with their form for browsers."""
    for name, key in (("model.json", "weights"), ("web.json", "source")):
        values = json.loads((folder / name).read_text())
        values[key] = {"sha256": "11" * 32} if key == "weights" else "11" * 32
        (folder / name).write_text(json.dumps(values))


def recognizer(folder):
    values = json.loads((folder / "model.json").read_text())
    made = SimpleNamespace(digest=model_digest(values), calibration=Calibration())
    made.for_live = lambda: SimpleNamespace(**vars(made), whole=made)
    return made


@pytest.fixture
def shared(folder):
    return SharedRecognizer(lambda: recognizer(folder))


@pytest.fixture
def source(folder, shared):
    return DeviceSource(shared, str(folder))


def test_visits_share_one_recognizer(source):
    source.open_visit()
    first = source._models()[0]
    source.open_visit()
    assert source._models()[0] is first


def test_files_that_the_service_has_not_taken_are_refused_until_it_has(folder, shared, source):
    source.open_visit()
    change(folder)
    with pytest.raises(ModelFileError, match="tiny was changed on the disk since"):
        source.open_visit()
    renewed = recognizer(folder)
    shared.replace(renewed)
    source.open_visit()
    assert source._models()[0].whole is renewed
