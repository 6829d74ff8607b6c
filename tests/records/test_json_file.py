import json

import pytest

from asl_core.errors import RunError
from asl_core.records.json_file import read_json, write_json


def test_round_trip_and_no_leftover(tmp_path):
    path = tmp_path / "run" / "model.json"
    write_json(path, {"classes": ["A", "Ä"], "share": 0.5})
    assert read_json(path) == {"classes": ["A", "Ä"], "share": 0.5}
    assert [entry.name for entry in path.parent.iterdir()] == ["model.json"]


@pytest.mark.parametrize("number", [float("nan"), float("inf")], ids=["nan", "infinity"])
def test_nan_is_refused_and_the_old_file_stays(tmp_path, number):
    path = tmp_path / "report.json"
    write_json(path, {"loss": 1.0})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"loss": number})
    assert read_json(path) == {"loss": 1.0}


def test_a_write_cut_off_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    write_json(path, {"epoch": 1})

    def full_disk(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(path), "replace", full_disk)
    with pytest.raises(
        RunError, match=r"report\.json cannot be written: No space left on device\."
    ):
        write_json(path, {"epoch": 2})
    assert json.loads(path.read_text()) == {"epoch": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "my-run has no model.json."),
        (b"", "my-run/model.json is not JSON: Expecting value"),
        (b'{"a": 1', "my-run/model.json is not JSON"),
        (b"\xff\xfe\x00", "my-run/model.json is not JSON"),
        (b"[" * 100_000, "my-run/model.json is not JSON"),
        (b"[1, 2]", "my-run/model.json holds no JSON object."),
        (b'{"a": NaN}', "NaN is not a number that JSON knows"),
        (b'{"a": -Infinity}', "-Infinity is not a number that JSON knows"),
    ],
    ids=["missing", "empty", "cut", "binary", "too deep", "list", "nan", "infinity"],
)
def test_broken_files_give_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "my-run" / "model.json"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RunError) as caught:
        read_json(path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
