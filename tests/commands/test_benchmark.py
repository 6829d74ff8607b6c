import json

import pytest
from PIL import Image
from typer.testing import CliRunner

from asl_core.__main__ import app


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    """Run the command with the measuring replaced; `invoke.asked` keeps what was asked for."""
    # Imported late, so that the commands' tests are collected without torch and MediaPipe.
    from asl_core.benchmark import speed_report
    from asl_core.records.speed_report import (
        BatchSpeed,
        ColdStart,
        LiveSpeed,
        Machine,
        Percentiles,
        PipelineSpeed,
        ReadTimes,
        SideBySide,
        SpeedReport,
    )

    video = SideBySide.of([ReadTimes(15, 5, 20, True)], [ReadTimes(30, 20, 50, True)])
    report = SpeedReport(
        run="fake-run",
        machine=Machine(2, 1, "cpu", "Linux", "3.11", "2.15", "1.2"),
        pipeline=PipelineSpeed(video.ours.fps, video.reference.fps, video.ratio),
        video=video,
        photo=video,
        batch=BatchSpeed({"1": 50.0, "8": 80.0, "32": 90.0}, 20.0, 4.5),
        live=(
            LiveSpeed(1, 90, 25.0, Percentiles(38.0, 44.0), 0.5, 0.375, 0.075, 0.05, 0.125, 1.0),
        ),
        cold_start=ColdStart(2, 4.0, 6.0, 1.5),
    )
    photo = tmp_path / "hand.png"
    Image.new("RGB", (64, 48), (9, 9, 9)).save(photo)
    (tmp_path / "run").mkdir()

    def run(*arguments):
        options = ["--photo", str(photo), "--run", str(tmp_path / "run")]
        return CliRunner().invoke(app, ["benchmark", *options, *arguments], env={"COLUMNS": "100"})

    def measure(model, picture, seconds, cold_starts, device):
        run.asked = (model, picture.shape, seconds, cold_starts, device)
        return report

    monkeypatch.setattr(speed_report, "measure_speed", measure)
    run.model = tmp_path / "run"
    return run


def test_json_is_one_object_with_the_pipelines_speed(invoke):
    result = invoke("--json")
    assert result.exit_code == 0, result.output
    values = json.loads(result.stdout)
    assert values["pipeline"] == {"ours_fps": 50.0, "reference_fps": 20.0, "ratio": 2.5}
    assert values["video"]["ours"]["detect"] == {"p50": 15.0, "p95": 15.0}
    assert values["photo"]["reference"]["total"]["p50"] == 50
    assert values["batch"]["ours_images_per_second"]["32"] == 90
    assert values["live"][0]["visitors"] == 1
    assert values["live"][0]["overhead_share"] == 0.125
    assert values["cold_start"]["ratio"] == 1.5


def test_the_table_puts_ours_beside_the_reference(invoke):
    rows = " ".join(invoke().stdout.split())
    assert "ours 15.0 / 15.0 5.0 / 5.0 20.0 / 20.0 50.0 100%" in rows
    assert "reference 30.0 / 30.0 20.0 / 20.0 50.0 / 50.0 20.0 100%" in rows
    assert "ours reads 2.50 times as many frames a second" in rows
    assert "4.50 times the reference" in rows
    assert "1 25.0 38.0 / 44.0 50.0% 37.5% 7.5% 5.0% 100%" in rows
    assert "all but detector and network, by visitors: 12.5% (1)" in rows
    assert "4.0 s; reference 6.0 s" in rows


def test_options_reach_the_measuring(invoke):
    invoke("--seconds", "1.5", "--cold-starts", "0", "--device", "cpu")
    assert invoke.asked == (invoke.model, (48, 64, 3), 1.5, 0, "cpu")


def test_an_unreadable_photo_is_one_sentence(invoke, tmp_path):
    (tmp_path / "hand.png").write_text("nothing")
    result = invoke()
    assert result.exit_code == 1
    assert result.stderr.startswith("hand.png is not a picture that can be read")


def test_kept_figures_come_back_and_the_page_shows_them(invoke, tmp_path):
    from asl_core.records.speed_report import SPEED_FILE, SpeedReport

    page = tmp_path / "speed.md"
    assert invoke("--keep", "--write", str(page)).exit_code == 0
    kept = SpeedReport.load(invoke.model / SPEED_FILE)
    assert kept.video.ratio == 2.5
    text = page.read_text()
    assert "| video frames a second | 50.0 | 20.0 | **2.50** |" in text
    assert "| cold start to the first letter | 4.0 s | 6.0 s | **1.50** |" in text
    assert "| 1 | 25.0 | 38.0 / 44.0 | 50.0% | 37.5% | 7.5% | 5.0% |" in text


def test_figures_of_a_checkpoint_cannot_be_kept(invoke, tmp_path):
    result = invoke("--keep", "--run", str(tmp_path / "best_model.pth"))
    assert result.exit_code == 1
    assert "best_model.pth is none" in result.stderr
    assert not hasattr(invoke, "asked")
