import json

import pytest

from asl_core.errors import ModelFileError
from asl_core.records.web_model import web_model_of
from scripts.made_up_run import write_web_model


@pytest.fixture
def folder(tmp_path):
    write_web_model(tmp_path, b"network")
    return tmp_path


def changed(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_it_is_read_back_with_its_network(folder):
    model = web_model_of(folder)
    assert model.classes == ("A", "B", "C")
    assert model.content(folder) == b"network"


def test_another_schema_is_refused(folder):
    changed(folder / "web.json", schema_version=2)
    with pytest.raises(ModelFileError, match="schema 2, expected 1"):
        web_model_of(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"sha256": "11" * 32}},
        {"classes": ["A", "C", "B"]},
        {"calibration": {"temperature": 2.0}},
    ],
    ids=["weights", "class order", "calibration"],
)
def test_a_form_of_an_older_model_is_refused(folder, change):
    changed(folder / "model.json", **change)
    with pytest.raises(ModelFileError, match="other weights or settings than the run has"):
        web_model_of(folder)


def test_a_file_outside_of_the_run_is_refused(folder):
    changed(folder / "web.json", file="../picture.onnx")
    with pytest.raises(ModelFileError, match="lies outside"):
        web_model_of(folder)


@pytest.mark.parametrize("content", [None, b"another"], ids=["missing", "altered"])
def test_a_network_that_is_not_the_noted_one_is_refused(folder, content):
    path = folder / "picture.int8.onnx"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ModelFileError):
        web_model_of(folder).content(folder)


def test_without_one_the_command_that_makes_it_is_named(tmp_path):
    with pytest.raises(ModelFileError, match="--format web"):
        web_model_of(tmp_path)
