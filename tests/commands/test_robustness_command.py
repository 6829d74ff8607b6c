import json

import pytest
from PIL import Image
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.records import training_run
from asl_core.records.json_file import write_json
from asl_core.records.robustness_report import RobustnessReport
from asl_core.records.scenes_report import ScenesReport


@pytest.fixture
def run_folder(tmp_path, monkeypatch, colour_pipeline):
    """A run whose model is the colour pipeline, in this process; one distortion hides all."""
    # Imported late, so that the commands' tests are collected without torch and MediaPipe.
    from asl_core.evaluation import measurement, robustness, scene_readings
    from asl_core.evaluation.distortions import Distortion
    from asl_core.frame_speller import FrameSpeller
    from asl_core.spelling.speller import Speller

    monkeypatch.setattr(training_run, "MODELS_FOLDER", tmp_path / "models")
    monkeypatch.setattr(training_run, "RUNS_FOLDER", tmp_path / "runs")
    monkeypatch.setattr(measurement, "load_photo_pipeline", lambda folder, **_: colour_pipeline)
    hidden = Distortion("hidden", "all black", lambda frame, hand, random: frame * 0)
    monkeypatch.setattr(robustness, "DISTORTIONS", (hidden,))
    reader = scene_readings.SceneReader(
        colour_pipeline, lambda: FrameSpeller(colour_pipeline, Speller(0.8))
    )
    monkeypatch.setattr(scene_readings, "load_scene_reader", lambda folder, **_: reader)
    folder = tmp_path / "runs" / "fake-run"
    calibration = {"rejection_threshold": 0.8}
    write_json(folder / "model.json", {"classes": ["A", "B", "J"], "calibration": calibration})
    return folder


@pytest.fixture
def backgrounds(tmp_path):
    folder = tmp_path / "backgrounds"
    (folder / "test").mkdir(parents=True)
    for name, red in (("a", 0), ("b", 100)):
        Image.new("RGB", (80, 40), (red, 0, 0)).save(folder / f"test/{name}.png")
    (folder / "backgrounds.csv").write_text("path,split\ntest/a.png,test\ntest/b.png,test\n")
    return folder


def invoke(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "120"})


def test_robustness_lies_beside_the_report(run_folder, colour_photos, tmp_path):
    result = invoke("robustness", "fake-run", "--photos", colour_photos, "--workers", 1)
    assert result.exit_code == 0, result.output
    path = run_folder / "evaluations/colours-test/robustness.json"
    report = RobustnessReport.load(path)
    assert (report.photos, report.rows[0].name, report.rows[0].lost) == (3, "hidden", 1)
    assert report.command == (
        "python -m asl_core robustness fake-run --photos colours --split test"
    )
    assert str(tmp_path) not in path.read_text()
    rows = [line.split() for line in result.output.splitlines()]
    assert ["as", "they", "are", "33.3%", "33.3%"] in rows
    assert any(row[:4] == ["hidden", "0.0%", "100.0%", "33.3"] and row[-1] == "!" for row in rows)


def test_a_limit_is_part_of_the_command(run_folder, colour_photos):
    result = invoke(
        *("robustness", "fake-run", "--photos", colour_photos, "--workers", 1),
        *("--photos-per-letter", 1, "--json"),
    )
    values = json.loads(result.stdout)
    assert (values["photos"], values["available"]) == (2, 3)
    assert values["command"].endswith("--split test --photos-per-letter 1")


@pytest.mark.slow
def test_evaluate_shows_the_measured_table(run_folder, colour_photos):
    options = ("fake-run", "--photos", colour_photos, "--workers", 1)
    assert "What it withstands" not in invoke("evaluate", *options).output
    invoke("robustness", *options)
    assert "What it withstands: 3 of 3 photos" in invoke("evaluate", *options).output


def test_scenes_are_counted_and_kept(run_folder, backgrounds, tmp_path):
    result = invoke("scenes", "fake-run", "--scenes", backgrounds, "--workers", 1)
    assert result.exit_code == 0, result.output
    path = run_folder / "evaluations/backgrounds-test/scenes.json"
    report = ScenesReport.load(path)
    assert (report.photo.scenes, report.photo.letters, report.written) == (2, 1, 1)
    assert str(tmp_path) not in path.read_text()
    assert "test/b.png (photo): A 90%, in a hand" in result.output
    rows = [line.split() for line in result.output.splitlines()]
    assert ["as", "photos", "2", "1", "1", "(50.0%)", "1", "(50.0%)"] in rows


def test_scenes_as_json(run_folder, backgrounds):
    result = invoke("scenes", "fake-run", "--scenes", backgrounds, "--workers", 1, "--json")
    assert json.loads(result.stdout)["photo"]["sure"] == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("robustness", "nobody", "--photos", "."), "There is no run 'nobody'"),
        (("robustness", "fake-run", "--photos", "nowhere"), "nowhere is not a folder."),
        (("scenes", "fake-run", "--scenes", "nowhere"), "The scenes in nowhere cannot be read"),
    ],
    ids=["no run", "no photos", "no scenes"],
)
def test_what_is_missing_is_named(run_folder, arguments, sentence):
    result = invoke(*arguments, "--workers", 1)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not (run_folder / "evaluations").exists()
