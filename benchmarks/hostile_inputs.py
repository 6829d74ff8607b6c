"""Does anything that strangers send break the program? Measured for docs/hostile-inputs.md.

    python -m benchmarks.hostile_inputs --count 10000 --seed 1

Damages pictures, videos, checkpoints, run folders, JSON requests and video frames of a call, by a
seed, and gives each to the code that reads it. Right is an answer or one sentence; a traceback or
a process that dies is a fault. Each kind runs in a process of its own, whose memory is watched.
Writes docs/hostile_inputs.json and docs/hostile-inputs.md.
"""

import json
import multiprocessing
import random
import tempfile
import time
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

DOCS = Path(__file__).parents[1] / "docs"
SETTLED_SHARE = 0.3
"""Share of the inputs after which memory counts: by then all decoders are loaded."""

MOST_INPUTS = 100_000
_SLOW_S = 10.0


@dataclass(frozen=True)
class KindResult:
    """What became of the inputs of one kind; memory is the process's resident set in MB."""

    kind: str
    inputs: int
    answered: int
    refused: int
    faults: tuple[str, ...]
    died: int
    slow: int
    settled_mb: float
    final_mb: float


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
    settled = slow = 0.0
    with tempfile.TemporaryDirectory() as folder:
        make = KINDS[kind](Path(folder))
        for number in range(count):
            started = time.perf_counter()
            outcomes[judged(make, draw, Path(folder))] += 1
            slow += time.perf_counter() - started > _SLOW_S
            if number == int(count * SETTLED_SHARE):
                settled = process.memory_info().rss / 1e6
    final = process.memory_info().rss / 1e6
    faults = [text for text in outcomes if text not in ("answered", "refused")]
    return KindResult(
        kind,
        count,
        outcomes["answered"],
        outcomes["refused"],
        tuple(sorted(faults)),
        0,
        int(slow),
        round(settled, 1),
        round(final, 1),
    )


def run_apart(kind: str, count: int, seed: int) -> KindResult:
    """Judge a kind in a process of its own; one that dies is told and ends the kind."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            return pool.submit(run_kind, kind, count, seed).result()
        except BrokenProcessPool:
            return KindResult(kind, count, 0, 0, (), 1, 0, 0.0, 0.0)


def markdown(report: HostileReport) -> str:
    """Write the report as a page."""
    rows = [
        f"| {k.kind} | {k.inputs:,} | {k.answered:,} | {k.refused:,} | {len(k.faults)} | "
        f"{k.died} | {k.slow} | {k.settled_mb:.0f} → {k.final_mb:.0f} |"
        for k in report.kinds
    ]
    total = sum(k.inputs for k in report.kinds)
    return "\n".join(
        [
            "# Hostile inputs",
            "",
            f"`python -m benchmarks.hostile_inputs --count {total} --seed {report.seed}` damaged "
            f"{total:,} inputs of six kinds and gave each to the code that reads it; it took "
            f"{report.seconds / 60:.0f} minutes. Right is an answer, or one sentence that refuses. "
            f"A fault is any other exception; slow is more than {_SLOW_S:g} s. Memory is that of "
            f"the kind's process in MB, after {SETTLED_SHARE:.0%} of the inputs and at the end.",
            "",
            "| kind | inputs | answered | refused | faults | processes that died | slow | memory |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )


def main(
    count: Annotated[int, typer.Option(min=len(KINDS), max=MOST_INPUTS)] = 10_000,
    seed: int = 1,
    output: Annotated[Path, typer.Option(help="Folder of the report and its page.")] = DOCS,
) -> None:
    """Run every kind, print the page, and write it with its figures."""
    started = time.monotonic()
    share, rest = divmod(count, len(KINDS))
    results = tuple(
        run_apart(kind, share + (number < rest), seed) for number, kind in enumerate(KINDS)
    )
    report = HostileReport(seed, round(time.monotonic() - started, 1), results)
    text = json.dumps(asdict(report), indent=2) + "\n"
    (output / "hostile_inputs.json").write_text(text, encoding="utf-8")
    (output / "hostile-inputs.md").write_text(markdown(report), encoding="utf-8")
    typer.echo(markdown(report))
    if any(k.faults or k.died for k in results):
        raise typer.Exit(1)


if __name__ == "__main__":
    main_app = typer.Typer(add_completion=False)
    main_app.command()(main)
    main_app()
