"""Does anything that strangers send break the program? Measured for docs/hostile-inputs.md.

    python -m benchmarks.hostile_inputs --count 10000 --seed 1

Damages pictures, videos, checkpoints, run folders, JSON requests and video frames of a call, by a
seed, and gives each to the code that reads it. Right is an answer or one sentence; a traceback or
a process that dies is a fault. Each kind runs in a process of its own, whose memory is watched.
Writes benchmarks/results/hostile_inputs.json and docs/hostile-inputs.md.
"""

import json
import logging
import multiprocessing
import random
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import psutil
import typer

from asl_core.errors import AslError
from benchmarks.hostile_makers import KINDS, Maker

REPORT_FILE = Path(__file__).parent / "results" / "hostile_inputs.json"
PAGE_FILE = Path(__file__).parents[1] / "docs" / "hostile-inputs.md"
MOMENTS = 10
"""How often memory is asked for, evenly over the inputs."""

SETTLED_MOMENT = 2
"""The moment, from 0, after which memory counts: by then all decoders are loaded."""

FLAT_MB = 20.0
"""Most megabytes by which memory may rise from there to the end and still be called flat."""

MOST_INPUTS = 100_000
_SLOW_S = 10.0


@dataclass(frozen=True)
class KindResult:
    """What became of the inputs of one kind.

    `memory_mb` is the process's resident set at MOMENTS moments, the last one the end. `seconds`
    are those of the processor, of all threads.
    """

    kind: str
    inputs: int
    answered: int
    refused: int
    faults: tuple[str, ...]
    died: int
    slow: int
    seconds: float
    memory_mb: tuple[float, ...]

    @property
    def rise_mb(self) -> float:
        """By how much memory rose after it had settled."""
        later = self.memory_mb[SETTLED_MOMENT:]
        return later[-1] - later[0] if later else 0.0

    @property
    def is_sound(self) -> bool:
        """Whether nothing broke, died or grew."""
        return not self.faults and not self.died and self.rise_mb <= FLAT_MB


@dataclass(frozen=True)
class HostileReport:
    """All kinds, and the seed and seconds of the run."""

    seed: int
    seconds: float
    kinds: tuple[KindResult, ...]


def judged(make: Maker, draw: random.Random, folder: Path) -> str:
    """Give one damaged input to its reader; return "answered", "refused", or the fault."""
    try:
        make(draw, folder)
    except AslError as error:
        sentence = str(error)
        is_one = sentence.endswith(".") and sentence.isprintable() and "Traceback" not in sentence
        return "refused" if is_one else f"no sentence: {sentence!r}"
    except Exception as error:  # whatever comes out is what this looks for
        return f"{type(error).__name__}: {error}"
    return "answered"


def run_kind(kind: str, count: int, seed: int) -> KindResult:
    """Judge `count` inputs of a kind."""
    draw = random.Random(f"{seed} {kind}")
    process = psutil.Process()
    outcomes: Counter[str] = Counter()
    memory: list[float] = []
    slow, before = 0, process.cpu_times()
    with tempfile.TemporaryDirectory() as folder:
        make = KINDS[kind](Path(folder))
        for number in range(count):
            started = time.perf_counter()
            outcomes[judged(make, draw, Path(folder))] += 1
            slow += time.perf_counter() - started > _SLOW_S
            if (number + 1) * MOMENTS // count > len(memory):
                memory.append(round(process.memory_info().rss / 1e6, 1))
    after = process.cpu_times()
    faults = [text for text in outcomes if text not in ("answered", "refused")]
    return KindResult(
        kind,
        count,
        outcomes["answered"],
        outcomes["refused"],
        tuple(sorted(faults)),
        0,
        slow,
        round(after.user + after.system - before.user - before.system, 1),
        tuple(memory),
    )


def _quiet() -> None:
    """Keep away what libraries warn of thousands of times; none of it is for a person."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")


def run_apart(kind: str, count: int, seed: int) -> KindResult:
    """Judge a kind in a process of its own; one that dies is told and ends the kind."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_quiet) as pool:
        try:
            return pool.submit(run_kind, kind, count, seed).result()
        except BrokenProcessPool:
            return KindResult(kind, count, 0, 0, (), 1, 0, 0.0, ())


def markdown(report: HostileReport) -> str:
    """Write the report as a page."""
    rows = [
        f"| {k.kind} | {k.inputs:,} | {k.answered:,} | {k.refused:,} | {len(k.faults)} | "
        f"{k.died} | {k.slow} | {k.seconds:.0f} | {_memory(k)} |"
        for k in report.kinds
    ]
    total = sum(k.inputs for k in report.kinds)
    introduction = (
        f"`python -m benchmarks.hostile_inputs --count {total} --seed {report.seed}` damaged "
        f"{total:,} inputs of six kinds and gave each to the code that reads it; it took "
        f"{report.seconds / 60:.0f} minutes. Right is an answer, or one sentence that refuses. "
        f"A fault is any other exception; slow is more than {_SLOW_S:g} s. Memory is that of the "
        f"kind's process in MB, asked {MOMENTS} times over its inputs; it is flat if it rises by "
        f"no more than {FLAT_MB:g} MB from the third time to the last."
    )
    headings = (
        "| kind | inputs | answered | refused | faults | died | slow | processor s | memory |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---|"
    )
    faults = [f"- {k.kind}: {fault}" for k in report.kinds for fault in k.faults]
    lines = ["# Hostile inputs", "", introduction, "", headings, *rows, "", *faults]
    return "\n".join(lines).rstrip() + "\n"


def _memory(result: KindResult) -> str:
    line = " ".join(f"{value:.0f}" for value in result.memory_mb)
    return f"{line}: {'flat' if result.rise_mb <= FLAT_MB else f'**+{result.rise_mb:.0f} MB**'}"


def main(
    count: Annotated[int, typer.Option(min=len(KINDS), max=MOST_INPUTS)] = 10_000,
    seed: int = 1,
    output: Annotated[
        Path, typer.Option(help="The report, .json; elsewhere its page comes beside it.")
    ] = REPORT_FILE,
) -> None:
    """Run every kind, print the page, and write it with its figures."""
    started = time.monotonic()
    share, rest = divmod(count, len(KINDS))
    results = tuple(
        run_apart(kind, share + (number < rest), seed) for number, kind in enumerate(KINDS)
    )
    report = HostileReport(seed, round(time.monotonic() - started, 1), results)
    text = json.dumps(asdict(report), indent=2) + "\n"
    output.write_text(text, encoding="utf-8")
    # A trial with another --output leaves the page in docs alone.
    page = PAGE_FILE if output == REPORT_FILE else output.with_suffix(".md")
    page.write_text(markdown(report), encoding="utf-8")
    typer.echo(markdown(report))
    if not all(result.is_sound for result in results):
        raise typer.Exit(1)


if __name__ == "__main__":
    main_app = typer.Typer(add_completion=False)
    main_app.command()(main)
    main_app()
