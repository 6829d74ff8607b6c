import dataclasses

import pytest

from asl_core.records.comparison import Step, compare, comparison_markdown, training_line
from asl_core.records.json_file import write_json
from asl_core.records.training_run import TrainingRun

FIRST = Step("First", "one signer", "first", known_evaluation="own-test")
SECOND = Step("Second", "many signers", "second", "photos-test-picture")
CONFIG = {
    "settings": {
        "preset": "tiny",
        "epochs": 3,
        "photos_per_epoch": 0,
        "stages": [[0.5, 64], [1.0, 96]],
        "frozen_stages": 3,
    },
    "photos": {"train": 4060},
    "signers": {"train": 1},
    "start": "part.pth",
}


@pytest.fixture
def runs(tmp_path, small_report):
    """Two measured runs: first with its own signer's evaluation, second reading everything."""

    def save(report, run, name, **changes):
        path = tmp_path / run / "evaluations" / name / "report.json"
        dataclasses.replace(report, run=run, **changes).save(path)

    better = dataclasses.replace(small_report.static, accuracy=0.75)
    save(small_report, "first", "photos-test")
    save(small_report, "first", "own-test", static=better)
    read = [dataclasses.replace(p, predicted=p.label) for p in small_report.photos]
    right = (*read[:1], small_report.photos[1], *read[2:])
    save(small_report, "second", "photos-test-picture", photos=right)
    write_json(tmp_path / "first" / "config.json", CONFIG)
    return [TrainingRun(tmp_path / name) for name in ("first", "second")]


def test_figures_come_from_the_named_evaluations(runs):
    found = compare(runs, (FIRST, SECOND))
    assert found.missing == ()
    first, second = found.results
    assert (first.photos, first.accuracy, first.known_accuracy) == (3, pytest.approx(1 / 3), 0.75)
    assert (second.accuracy, second.known_accuracy) == (pytest.approx(2 / 3), None)
    assert first.no_hand_rate == pytest.approx(1 / 3)
    assert [signer.signer for signer in first.signers] == ["anna"]


def test_what_was_not_measured_is_told(runs):
    absent = Step("Third", "x", "third")
    other = Step("Fourth", "x", "second", "photos-validation")
    found = compare(runs, (absent, FIRST, other))
    assert [row.step for row in found.results] == [FIRST]
    assert found.missing[0] == "Third: there is no run 'third'."
    assert found.missing[1].startswith("Fourth: second has no evaluation 'photos-validation'")


def test_only_photos_that_all_were_measured_on_count(runs, small_report):
    path = runs[1].folder / "evaluations/photos-test-picture/report.json"
    dataclasses.replace(small_report, run="second", photos=(small_report.photos[2],)).save(path)
    first, second = compare(runs, (FIRST, SECOND)).results
    assert (first.photos, second.photos) == (1, 1)
    assert (first.accuracy, second.accuracy, first.top3_accuracy) == (0.0, 0.0, 1.0)
    assert first.signers[0].photos == 1


def test_other_photos_are_not_compared(runs, small_report):
    path = runs[1].folder / "evaluations/photos-test-picture/report.json"
    other = [dataclasses.replace(p, photo_id=f"other/{p.photo_id}") for p in small_report.photos]
    dataclasses.replace(small_report, run="second", photos=tuple(other)).save(path)
    found = compare(runs, (FIRST, SECOND))
    assert [row.step for row in found.results] == [FIRST]
    assert found.missing == ("Second: second was measured on other photos than those above it.",)


def test_the_training_is_told_from_its_settings(runs):
    assert training_line(runs[0]) == (
        "4,060 photos of 1 signer, preset tiny, 3 epochs of 4,060 photos at 64 px then 96 px, "
        "started from part.pth, stem and 3 of 4 stages kept"
    )
    assert training_line(runs[1]) == ""


def test_markdown_holds_every_step_and_signer(runs):
    found = compare(runs, (FIRST, SECOND, Step("Third", "x", "third")))
    text = comparison_markdown(found, "plot.png")
    assert "## Not measured\n\n- Third: there is no run 'third'." in text
    assert (
        "| **First** (`first`) | one signer | **33.3%** | 66.7% | 25.0% | 33.3% | 75.0% |" in text
    )
    assert "| **Second** (`second`) | many signers | **66.7%** |" in text
    assert "| anna | 33.3% | 66.7% |" in text
    assert "(plot.png)" in text
