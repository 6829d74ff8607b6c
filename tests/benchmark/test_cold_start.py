import sys
import time
from pathlib import Path

import pytest

from asl_core.benchmark import speed_report
from asl_core.benchmark.speed_report import measure_cold_start, seconds_to_first_line
from asl_core.errors import RunError
from asl_core.records.speed_report import ColdStart


def python(code):
    return [sys.executable, "-c", code]


def test_the_clock_stops_at_the_first_line():
    slow_end = "import time; print('A', flush=True); time.sleep(1)"
    started = time.perf_counter()
    seconds = seconds_to_first_line(python(slow_end))
    assert 0 < seconds < time.perf_counter() - started - 0.9


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit('the model is missing')", "the model is missing"),
        ("pass", "it printed nothing"),
        ("print('A'); raise SystemExit(3)", "it printed nothing"),
    ],
    ids=["an error", "silence", "a failure after the line"],
)
def test_a_process_without_a_prediction_is_an_error(code, reason):
    with pytest.raises(RunError, match=reason):
        seconds_to_first_line(python(code))


def test_ours_and_the_reference_start_in_turns_and_medians_are_compared(monkeypatch):
    seconds = iter([1.0, 4.0, 8.0, 9.0, 2.0, 5.0])
    commands = []

    def start(command):
        commands.append(command[2])
        return next(seconds)

    monkeypatch.setattr(speed_report, "seconds_to_first_line", start)
    measured = measure_cold_start(Path("run"), Path("hand.png"), 3)
    ours, reference = "asl_core", "asl_core.benchmark.reference_loop"
    assert commands == [ours, reference, reference, ours, ours, reference]
    assert measured == ColdStart(3, ours_seconds=2.0, reference_seconds=5.0, ratio=2.5)
