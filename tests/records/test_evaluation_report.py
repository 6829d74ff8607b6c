import dataclasses
import json

import pytest

from asl_core.errors import RunError
from asl_core.records.evaluation_report import EvaluationReport, LeftOut


def test_round_trip(tmp_path, small_report):
    report = dataclasses.replace(
        small_report, unreadable=("x.webp: cut short.",), left_out=(LeftOut("del", 3),)
    )
    path = tmp_path / "photos-test" / "report.json"
    report.save(path)
    assert EvaluationReport.load(path) == report


def test_round_trip_without_motion_letters(tmp_path, small_report):
    report = dataclasses.replace(small_report, motion=None)
    report.save(tmp_path / "report.json")
    assert EvaluationReport.load(tmp_path / "report.json").motion is None


def test_is_right(small_report):
    assert [photo.is_right for photo in small_report.photos] == [True, False, False, True]


def test_nan_is_refused(tmp_path, small_report):
    report = dataclasses.replace(small_report, expected_calibration_error=float("nan"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        report.save(tmp_path / "report.json")
    assert list(tmp_path.iterdir()) == []


def _without(values, name):
    del values[name]


def _set(name, value):
    return lambda values: values.__setitem__(name, value)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_set("schema_version", 99), "photos-test/report.json has schema 99, expected 1."),
        (lambda v: _without(v, "schema_version"), "has schema None, expected 1."),
        (
            lambda v: (_set("schema_version", 2)(v), _set("mood", "fine")(v)),
            "photos-test/report.json has schema 2, expected 1.",
        ),
        (
            _set("expected_calibration_error", float("nan")),
            "calibration_error is nan, not a finite",
        ),
        (_set("run", None), "is broken: run is None, not a text."),
        (lambda v: _without(v, "static"), "is broken: static is missing."),
        (_set("static", 3), "is broken: static is 3, not an object."),
        (_set("mood", "fine"), "is broken: mood is not known."),
        (_set("photos", "many"), "is broken: photos is 'many', not a list."),
        (lambda v: v["photos"][2].update(top="A"), "is broken: photos[2].top is 'A', not a list."),
        (lambda v: v["photos"][0]["box"].pop(), "photos[0].box has 3 entries, not 4."),
        (lambda v: v["photos"][0]["landmarks"].pop(), "000.webp has 20 landmarks, not 21 or none."),
        (lambda v: v["confusion"].pop(), "confusion is not 3 rows of 4 counts."),
        (lambda v: v["confusion"][1].pop(), "confusion is not 3 rows of 4 counts."),
        (lambda v: v["letters"][0].update(f1="high"), "letters[0].f1 is 'high', not a finite"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_reports_give_one_sentence(tmp_path, small_report, spoil, sentence):
    path = tmp_path / "photos-test" / "report.json"
    small_report.save(path)
    values = json.loads(path.read_text())
    spoil(values)
    path.write_text(json.dumps(values))
    with pytest.raises(RunError) as caught:
        EvaluationReport.load(path)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("photos-test/report.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "photos-test/report.json is not JSON: "),
        (b'{"run": "a"', "photos-test/report.json is not JSON: "),
        (b"\xff\xfe\x00", "photos-test/report.json is not JSON: "),
        (b"[" * 100_000, "photos-test/report.json is not JSON: "),
        (b"[1]", "photos-test/report.json holds no JSON object."),
    ],
    ids=["empty", "cut", "binary", "too deep", "list"],
)
def test_what_is_no_report_gives_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "photos-test" / "report.json"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(RunError) as caught:
        EvaluationReport.load(path)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_missing_report(tmp_path):
    with pytest.raises(RunError, match=r"has no report\.json\."):
        EvaluationReport.load(tmp_path / "report.json")
