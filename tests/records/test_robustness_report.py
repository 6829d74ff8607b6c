import json

import pytest

from asl_core.errors import RunError
from asl_core.records.robustness_report import RobustnessReport, robustness_table
from asl_core.records.scenes_report import ScenesReport, scenes_table
from asl_core.records.training_run import TrainingRun


def test_round_trips(tmp_path, robustness_report, scenes_report):
    robustness_report.save(tmp_path / "robustness.json")
    scenes_report.save(tmp_path / "scenes.json")
    assert RobustnessReport.load(tmp_path / "robustness.json") == robustness_report
    assert ScenesReport.load(tmp_path / "scenes.json") == scenes_report


def test_what_costs_too_much(robustness_report):
    assert [row.name for row in robustness_report.costly] == ["motion blur"]


def test_table_marks_it(robustness_report):
    lines = robustness_table(robustness_report).splitlines()
    assert lines[2:] == [
        "| as they are | 93.0% | 2.0% | |",
        "| motion blur | 88.0% | 4.0% | **5.0 (0.1 to 9.7)** |",
        "| other hand | 94.0% | 1.0% | -1.0 (-3.7 to 1.8) |",
    ]


def test_table_of_scenes(scenes_report):
    lines = scenes_table(scenes_report).splitlines()
    assert lines[2:] == [
        "| as photos | 200 | 1 | 2 (1.0%) | 1 (0.5%) |  |",
        "| before the camera | 200 | 0 | 0 (0.0%) | 0 (0.0%) | 0 |",
    ]


def test_a_run_finds_its_reports(tmp_path, robustness_report, scenes_report):
    run = TrainingRun(tmp_path)
    assert (run.robustness("photos-test"), run.scenes) == (None, ())
    robustness_report.save(tmp_path / "evaluations/photos-test/robustness.json")
    scenes_report.save(tmp_path / "evaluations/backgrounds-test/scenes.json")
    assert run.robustness("photos-test") == robustness_report
    assert run.robustness("photos-validation") is None
    assert run.scenes == (scenes_report,)
    assert run.evaluations == (), "neither is an evaluation by itself"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda v: v.update(schema_version=9),
            "photos-test/robustness.json has schema 9, expected",
        ),
        (lambda v: v.pop("accuracy"), "is broken: accuracy is missing."),
        (lambda v: v.update(photos=201), "is broken: photos is 201, of 200 available."),
        (lambda v: v["rows"][0].update(lost=101), "motion blur counts more than the 100 photos."),
        (lambda v: v["rows"][1].update(cost_low="low"), "rows[1].cost_low is 'low', not a finite"),
    ],
    ids=["schema", "missing", "too many", "impossible count", "text"],
)
def test_broken_robustness_gives_one_sentence(tmp_path, robustness_report, spoil, sentence):
    _expect(
        RobustnessReport,
        robustness_report,
        tmp_path / "photos-test/robustness.json",
        spoil,
        sentence,
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda v: v.update(schema_version=None), "has schema None, expected 1."),
        (lambda v: v["photo"].update(letters=201), "is broken: photo counts 201 of 200 scenes."),
        (lambda v: v["live"].update(scenes=0), "is broken: live counts 0 of 0 scenes."),
        (lambda v: v["letters"][0].update(hand_found=1), "hand_found is 1, not true or false."),
    ],
    ids=["schema", "impossible count", "no scene", "no truth value"],
)
def test_broken_scenes_give_one_sentence(tmp_path, scenes_report, spoil, sentence):
    _expect(ScenesReport, scenes_report, tmp_path / "backgrounds-test/scenes.json", spoil, sentence)


def _expect(kind, report, path, spoil, sentence):
    report.save(path)
    values = json.loads(path.read_text())
    spoil(values)
    path.write_text(json.dumps(values))
    with pytest.raises(RunError) as caught:
        kind.load(path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
