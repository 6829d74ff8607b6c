"""The speed screen: the benchmark's record, and this server's own figures."""

from types import SimpleNamespace

import pytest

from asl_core.records.speed_report import (
    SPEED_FILE,
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
from asl_core.records.training_run import SHIPPED_RUN
from pages.panels.frame import server_figures


@pytest.fixture
def report():
    video = SideBySide.of([ReadTimes(9, 3, 12.5, True)], [ReadTimes(25, 25, 50, True)])
    shares = (0.6, 0.25, 0.1, 0.05, 0.15, 1.0)
    return SpeedReport(
        run=SHIPPED_RUN,
        machine=Machine(
            2,
            2,
            "cpu",
            "Linux x86_64",
            "3.11",
            "2.15",
            "1.2",
            onnxruntime="1.31",
            processor="Test Processor",
            network="int8 in ONNX Runtime",
            load=0.25,
        ),
        pipeline=PipelineSpeed(video.ours.fps, video.reference.fps, video.ratio),
        video=video,
        photo=video,
        batch=BatchSpeed({"1": 50.0, "32": 120.0}, 20.0, 6.0),
        live=tuple(LiveSpeed(n, 90, 60.0, Percentiles(12.5, 14), *shares) for n in (1, 2)),
        cold_start=ColdStart(2, 3.0, 6.0, 2.0),
        created="2026-11-26T07:00:00+00:00",
        command="python -m asl_core benchmark --keep",
    )


def test_without_a_record_it_says_which_command_makes_one(made_up, open_screen):
    screen = open_screen("model/speed.py")
    assert screen.code[0].value == "python -m asl_core benchmark --keep"
    assert [metric.value for metric in screen.metric][:3] == ["0", "0.0", "–"]
    assert screen.metric[3].value.endswith(" MB")


def test_the_figures_come_from_the_record(report, made_up, open_screen):
    report.save(made_up / SHIPPED_RUN / SPEED_FILE)
    screen = open_screen("model/speed.py")
    stages = screen.dataframe[0].value
    assert list(stages["a second"]) == [80.0, 20.0, 80.0, 20.0]
    assert stages["total"].iloc[0] == "12.5 / 12.5"
    live = screen.dataframe[1].value
    assert list(live[""]) == ["1 visitor", "2 visitors"]
    assert list(live["neither detector nor network"]) == ["15.0%", "15.0%"]
    origin = screen.caption[-1].value
    for part in ("Test Processor", "load average before the start 0.2", "int8 in ONNX Runtime"):
        assert part in origin
    assert "2026-11-26 at 07:00 UTC" in origin


def test_a_broken_record_is_one_sentence(made_up, open_screen):
    (made_up / SHIPPED_RUN / SPEED_FILE).write_text("{}")
    screen = open_screen("model/speed.py")
    assert screen.error[0].value.startswith(f"{SHIPPED_RUN}/{SPEED_FILE} is broken")


def test_the_server_tells_what_it_does_now(made_up, open_screen, monkeypatch):
    times = SimpleNamespace(receive=1.0, detect=9.0, classify=3.0, draw=1.0, spell=0.5)
    camera = SimpleNamespace(fps=30.0, ms=times, dropped=7, error=None)

    class Visit:
        def snapshot(self):
            return camera

    visit = Visit()
    visits = server_figures.LiveVisits()
    visits.add(visit)
    monkeypatch.setattr(server_figures, "live_visits", visits)
    screen = open_screen("model/speed.py")
    assert [metric.value for metric in screen.metric][:3] == ["1", "30.0", "14.5"]
    assert "detect 9.0 ms" in screen.caption[0].value
    assert "so far: 7" in screen.caption[0].value
