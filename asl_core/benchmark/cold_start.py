"""From an empty process to the first letter, ours and the reference in turns."""

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from asl_core.errors import RunError


@dataclass(frozen=True)
class ColdStart:
    """Median seconds to the first printed prediction; `ratio` is reference divided by ours."""

    starts: int
    ours_seconds: float
    reference_seconds: float
    ratio: float


def measure_cold_start(model: Path, photo: Path, starts: int) -> ColdStart:
    """Start each `starts` times in a process of its own, which reads `photo` with `model`.

    Raises:
        RunError: a process ended without a prediction.
    """
    commands = (
        ["asl_core", "predict", str(photo), "--json", "--run", str(model)],
        ["asl_core.benchmark.reference_loop", str(model), str(photo)],
    )
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(starts):
        turns = list(zip(commands, seconds, strict=True))
        for command, kept in turns if number % 2 == 0 else reversed(turns):
            kept.append(seconds_to_first_line([sys.executable, "-m", *command]))
    first, second = map(statistics.median, seconds)
    return ColdStart(starts, round(first, 3), round(second, 3), round(second / first, 3))


def seconds_to_first_line(command: list[str]) -> float:
    """Start a command and give the seconds until its first line on stdout.

    Raises:
        RunError: the command ended without a line.
    """
    root = Path(__file__).parents[2]
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - started
        _, errors = process.communicate()
    if not line or process.returncode != 0:
        reason = (errors.strip().splitlines() or ["it printed nothing"])[-1]
        raise RunError(f"{' '.join(command[1:4])} gave no prediction: {reason}")
    return seconds
