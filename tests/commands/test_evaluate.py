import json

import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.evaluation import measurement
from asl_core.records import training_run
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.json_file import write_json


@pytest.fixture
def run_folder(tmp_path, monkeypatch, colour_pipeline):
    """A run whose model is the colour pipeline, read in this process."""
    monkeypatch.setattr(training_run, "MODELS_FOLDER", tmp_path / "models")
    monkeypatch.setattr(training_run, "RUNS_FOLDER", tmp_path / "runs")
    monkeypatch.setattr(measurement, "load_photo_pipeline", lambda folder, **_: colour_pipeline)
    folder = tmp_path / "runs" / "fake-run"
    write_json(folder / "model.json", {"classes": ["A", "B", "J"]})
    return folder


@pytest.fixture
def invoke():
    return lambda *arguments: CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_writes_the_report_into_the_run(run_folder, colour_photos, invoke):
    result = invoke("fake-run", "--photos", colour_photos, "--split", "test", "--workers", 1)
    assert result.exit_code == 0, result.output
    folder = run_folder / "evaluations" / "colours-test"
    assert sorted(path.name for path in folder.iterdir()) == [
        "classification_report.txt",
        "confusion_matrix.png",
        "report.json",
        "sample_predictions.png",
    ]
    assert (run_folder / "class_mapping.json").is_file()
    report = EvaluationReport.load(folder / "report.json")
    assert report.static.accuracy == pytest.approx(1 / 3)
    assert (report.run, report.photo_set) == ("fake-run", "colours")


def test_a_report_is_kept_under_the_name_that_was_asked_for(run_folder, colour_photos, invoke):
    result = invoke("fake-run", "--photos", colour_photos, "--workers", 1, "--name", "all-18")
    assert result.exit_code == 0, result.output
    (kept,) = (run_folder / "evaluations").iterdir()
    assert kept.name == "all-18"
    assert EvaluationReport.load(kept / "report.json").command.endswith("--name all-18")


@pytest.mark.parametrize("name", ["../outside", "a/b", ".hidden", ""])
def test_a_name_that_is_no_folder_is_refused(run_folder, colour_photos, invoke, name):
    result = invoke("fake-run", "--photos", colour_photos, "--workers", 1, "--name", name)
    assert result.exit_code != 0
    assert not (run_folder / "evaluations").exists()


def test_prints_the_headline_first(run_folder, colour_photos, invoke):
    output = invoke("fake-run", "--photos", colour_photos, "--workers", 1).output
    rows = [line.split() for line in output.splitlines()]
    headline = ["static", "letters", "3", "33.3%", "66.7%", "25.0%", "25.0%", "25.0%", "33.3%"]
    assert headline in rows
    assert rows.index(headline) < rows.index(["anna", "3", "33.3%", "33.3%"])
    assert "Left out: 'del', a class that the model does not know (1 photos)." in output
    assert "error 0.287" in output


@pytest.mark.slow
def test_no_place_of_this_machine_in_what_is_kept(
    run_folder, colour_photos, invoke, monkeypatch, tmp_path
):
    invoke("fake-run", "--photos", colour_photos, "--workers", 1)
    folder = run_folder / "evaluations" / "colours-test"
    for name in ("report.json", "classification_report.txt"):
        assert str(tmp_path) not in (folder / name).read_text()
    monkeypatch.chdir(colour_photos)
    invoke(run_folder, "--photos", "../colours", "--workers", 1)
    assert EvaluationReport.load(folder / "report.json").command == (
        "python -m asl_core evaluate fake-run --photos ../colours --split test"
    )


@pytest.mark.slow
def test_json_is_one_object_on_standard_output(run_folder, colour_photos, invoke):
    result = invoke(
        "fake-run", "--photos", colour_photos, "--split", "all", "--workers", 1, "--json"
    )
    values = json.loads(result.stdout)
    assert values["overall"]["photos"] == 5
    assert values["static"]["accuracy"] == 0.25
    assert values["left_out"] == [{"label": "del", "photos": 1}]
    assert "photos" not in values
    assert values["files"][0].endswith("fake-run/evaluations/colours-all/report.json")


def test_unreadable_photos_make_the_exit_status_one(run_folder, colour_photos, invoke):
    (colour_photos / "test/anna/B/002.png").write_bytes(b"")
    result = invoke("fake-run", "--photos", colour_photos, "--workers", 1)
    assert result.exit_code == 1
    assert "Not read: test/anna/B/002.png: 002.png is empty (0 bytes)." in result.output
    report = EvaluationReport.load(run_folder / "evaluations/colours-test/report.json")
    assert report.unreadable == ("test/anna/B/002.png: 002.png is empty (0 bytes).",)


def test_kaggle_layout(run_folder, colour_photos, invoke):
    root = colour_photos.parent / "asl_alphabet_train"
    root.mkdir()
    for label in ("A", "B"):
        (colour_photos / "test/anna" / label).rename(root / label)
    result = invoke("fake-run", "--photos", root, "--split", "all", "--workers", 1)
    assert result.exit_code == 0, result.output
    path = run_folder / "evaluations" / "asl_alphabet_train-all" / "report.json"
    report = EvaluationReport.load(path)
    assert [photo.photo_id for photo in report.photos] == ["A/000.png", "A/001.png", "B/002.png"]
    assert report.sources[0].signer == "kaggle_asl_alphabet"


def test_an_unsound_photo_set_is_refused(run_folder, colour_photos, invoke):
    (colour_photos / "test/anna/A/000.png").unlink()
    result = invoke("fake-run", "--photos", colour_photos, "--workers", 1)
    assert result.exit_code == 1
    assert "test/anna/A/000.png" in result.stderr
    assert result.stdout == ""
    assert not (run_folder / "evaluations").exists()


def test_unknown_run(run_folder, colour_photos, invoke):
    result = invoke("other-run", "--photos", colour_photos)
    assert result.exit_code == 1
    assert result.stderr == "There is no run 'other-run'; known runs are: fake-run.\n"


def test_help_teaches(invoke):
    output = invoke("--help").output
    assert "python -m asl_core evaluate my-run --photos photos --split validation" in output


def test_the_picture_alone_is_kept_beside_the_whole(
    run_folder, colour_photos, invoke, monkeypatch, colour_pipeline
):
    asked = []

    def load(folder, picture_only=False, **_):
        asked.append(picture_only)
        return colour_pipeline

    monkeypatch.setattr(measurement, "load_photo_pipeline", load)
    result = invoke("fake-run", "--photos", colour_photos, "--workers", 1, "--picture-only")
    assert result.exit_code == 0, result.output
    assert asked == [True]
    report = EvaluationReport.load(run_folder / "evaluations/colours-test-picture/report.json")
    assert report.command.endswith("--split test --picture-only")
    assert not (run_folder / "evaluations/colours-test").exists()


@pytest.fixture
def kaggle(tmp_path):
    """A Kaggle tree of 20 photos of A and 20 of J, all read as A."""
    from PIL import Image

    for label in "AJ":
        folder = tmp_path / "kaggle" / label
        folder.mkdir(parents=True)
        for number in range(20):
            Image.new("RGB", (40, 40), (100, 0, 0)).save(folder / f"{number:02}.png")
    return tmp_path / "kaggle"


@pytest.mark.slow
def test_a_run_is_measured_on_the_part_that_it_did_not_learn_from(run_folder, kaggle, invoke):
    write_json(run_folder / "config.json", {"division": "random-80-20", "photo_set": "kaggle"})
    result = invoke("fake-run", "--photos", kaggle, "--split", "validation", "--workers", 1)
    assert result.exit_code == 0, result.output
    report = EvaluationReport.load(run_folder / "evaluations/kaggle-validation/report.json")
    assert (report.static.photos, report.motion.photos) == (4, 4)
    refused = invoke("fake-run", "--photos", kaggle, "--division", "random", "--workers", 1)
    assert refused.exit_code == 1
    assert "that was divided 'random-80-20'" in refused.output


def test_a_stranger_is_measured_on_any_part(run_folder, kaggle, invoke):
    result = invoke("fake-run", "--photos", kaggle, "--division", "random", "--workers", 1)
    assert result.exit_code == 0, result.output
    report = EvaluationReport.load(run_folder / "evaluations/kaggle-test/report.json")
    assert report.overall.photos == 6
    assert report.command.endswith("--split test --division random")
