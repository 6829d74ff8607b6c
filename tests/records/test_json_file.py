import json
from dataclasses import dataclass

import pytest

from asl_core.errors import RunError
from asl_core.records.json_file import BrokenValueError, build, read_json, write_json


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


@dataclass(frozen=True)
class Point:
    x: float
    label: str


@dataclass(frozen=True)
class Path:
    points: tuple[Point, ...]
    corner: tuple[int, int] | None
    is_closed: bool = False


def test_builds_nested_dataclasses():
    values = {"points": [{"x": 1, "label": "a"}, {"x": 2.5, "label": "b"}], "corner": [3, 4]}
    assert build(Path, values) == Path((Point(1.0, "a"), Point(2.5, "b")), (3, 4))
    assert type(build(Point, {"x": 1, "label": "a"}).x) is float


def test_none_and_default():
    assert build(Path, {"points": [], "corner": None, "is_closed": True}) == Path((), None, True)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([], "is [], not an object"),
        ({"points": []}, "corner is missing"),
        ({"points": [], "corner": None, "colour": 1}, "colour is not known"),
        ({"points": {}, "corner": None}, "points is {}, not a list"),
        ({"points": [{"x": 1}], "corner": None}, "points[0].label is missing"),
        (
            {"points": [{"x": "1", "label": "a"}], "corner": None},
            "points[0].x is '1', not a finite",
        ),
        ({"points": [{"x": True, "label": "a"}], "corner": None}, "points[0].x is True"),
        ({"points": [{"x": float("nan"), "label": "a"}], "corner": None}, "points[0].x is nan"),
        ({"points": [{"x": 1, "label": 7}], "corner": None}, "points[0].label is 7, not a text"),
        ({"points": [], "corner": [1, 2, 3]}, "corner has 3 entries, not 2"),
        ({"points": [], "corner": [1, 2.5]}, "corner[1] is 2.5, not a whole number"),
        ({"points": [], "corner": None, "is_closed": 1}, "is_closed is 1, not true or false"),
    ],
)
def test_says_where_a_value_is_wrong(values, sentence):
    with pytest.raises(BrokenValueError) as caught:
        build(Path, values)
    assert sentence in str(caught.value)


def test_long_values_are_cut():
    with pytest.raises(BrokenValueError) as caught:
        build(Point, {"x": "9" * 1000, "label": "a"})
    assert len(str(caught.value)) < 100
