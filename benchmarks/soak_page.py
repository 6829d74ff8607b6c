"""Writes what a long stream did to the server's memory, threads and open files."""

import math

import numpy as np

from benchmarks.live_report import SoakPart, SoakSample

SETTLED_S = 120.0
"""Judged from here on; before, caches fill."""

FLAT_MEMORY_SHARE = 0.02
"""Memory is flat if its straight line rises by no more than this share over the judged time."""

FLAT_COUNT = 2
"""Threads and files are flat if their straight line rises by no more over the judged time.

Not by their highest and lowest: Streamlit refreshes the page in a new thread each time.
"""


def soak_lines(part: SoakPart) -> list[str]:
    """Write the paragraphs and the table of a long stream."""
    settled = settled_samples(part)
    lines = [
        f"One visitor's stream for {part.minutes:g} minutes; from second "
        f"{part.reconnect_start_s:.0f} to {part.reconnect_end_s:.0f} it was stopped and started "
        f"{part.reconnects} times, with {part.page_switches} switches to another page and back. "
        "The other page had been visited once before. The server was asked every few seconds; a "
        "row is the mean of a minute, for threads and files the most.",
        "\n".join(["| | memory | threads | open files | frames/s |", "|---|---:|---:|---:|---:|"])
        + "\n"
        + "\n".join(_rows(part)),
    ]
    if len(settled) < 3:
        return [*lines, "Too short to judge: fewer than three moments after the first two minutes."]
    return [*lines, _verdict(part, settled)]


def settled_samples(part: SoakPart) -> list[SoakSample]:
    """Return the moments that are judged: after SETTLED_S, without the time of the reconnects."""
    return [
        sample
        for sample in part.samples
        if sample.seconds >= SETTLED_S
        and not part.reconnect_start_s <= sample.seconds <= part.reconnect_end_s
    ]


def rise_of(samples: list[SoakSample], values: list[float]) -> float:
    """Compute by how much the least-squares line of `values` rises from first to last moment."""
    times = np.array([sample.seconds for sample in samples])
    slope, _ = np.polyfit(times, values, 1)
    return float(slope * (times[-1] - times[0]))


def _verdict(part: SoakPart, settled: list[SoakSample]) -> str:
    rise = rise_of(settled, [sample.memory_mib for sample in settled])
    minutes = (settled[-1].seconds - settled[0].seconds) / 60
    share = rise / settled[0].memory_mib
    threads = [float(sample.threads) for sample in settled]
    files = [float(sample.open_files) for sample in settled]
    return (
        f"After the first two minutes, over {minutes:.1f} minutes: memory's straight line "
        f"{'rises' if rise >= 0 else 'falls'} by {abs(rise):.1f} MiB ({abs(share):.1%}): "
        f"{_flat(share <= FLAT_MEMORY_SHARE)}. Threads {min(threads):.0f} to {max(threads):.0f}, "
        f"{_line(settled, threads)}. Open files {min(files):.0f} to {max(files):.0f}, "
        f"{_line(settled, files)}. Once stopped, the server "
        f"had {part.ended.threads - part.idle.threads:+d} threads and "
        f"{part.ended.open_files - part.idle.open_files:+d} open files against the time before "
        "the first stream."
    )


def _line(samples: list[SoakSample], counts: list[float]) -> str:
    rise = round(rise_of(samples, counts), 1) + 0.0  # turns -0.0 into 0.0
    return f"their straight line {rise:+.1f}: {_flat(rise <= FLAT_COUNT)}"


def _flat(is_flat: bool) -> str:
    return "flat" if is_flat else "**not flat**"


def _rows(part: SoakPart) -> list[str]:
    rows = [_row("before the first stream", [part.idle], has_fps=False)]
    for minute in range(math.ceil(max((s.seconds for s in part.samples), default=0) / 60) + 1):
        samples = [s for s in part.samples if minute * 60 <= s.seconds < minute * 60 + 60]
        if samples:
            rows.append(_row(f"minute {minute + 1}", samples))
    return [*rows, _row("after the last stop", [part.ended], has_fps=False)]


def _row(name: str, samples: list[SoakSample], has_fps: bool = True) -> str:
    fps = f"{np.mean([s.fps for s in samples]):.1f}" if has_fps else ""
    return (
        f"| {name} | {np.mean([s.memory_mib for s in samples]):.0f} MiB "
        f"| {max(s.threads for s in samples)} | {max(s.open_files for s in samples)} | {fps} |"
    )
