"""Writes docs/soak.md: what a long stream did to the server's memory, threads, files and words."""

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.live_page import origin_line
from benchmarks.soak_report import SoakReport, SoakSample

SETTLED_S = 120.0
"""Judged from here on after a server's first sample; before, caches fill."""

SETTLED_SHARE = 0.25
"""Of a server that ran shortly, no more than this share is left out."""

FLAT_MEMORY_SHARE = 0.02
"""Memory is flat if its straight line rises by no more than this share over the judged time."""

FLAT_COUNT = 2
"""Threads and files are flat if their straight line rises by no more over the judged time.

Not by their highest and lowest: Streamlit refreshes the page in a new thread each time.
"""

FEWEST = 3

_INTRODUCTION = (
    "Made by `benchmarks/soak.py` from `benchmarks/results/soak.json`; not written by hand. A "
    "headless Chromium plays a film of a drawn hand that spells as its webcam, and one visitor's "
    "video runs. The server was asked every few seconds; a row is the mean of a minute, for "
    "threads and files the most."
)


def markdown(report: SoakReport) -> str:
    """Write the whole page."""
    verdicts = [_verdict(number, samples) for number, samples in enumerate(report.servers, 1)]
    headings = ["| | memory | threads | open files | frames/s |", "|---|---:|---:|---:|---:|"]
    parts = [
        "# A long stream",
        _INTRODUCTION,
        origin_line(report.origin),
        _disturbances(report),
        "\n".join([*headings, *_rows(report)]),
        *verdicts,
        f"After the last stop the server had {report.ended.threads} threads and "
        f"{report.ended.open_files} open files; before its first stream the first server had "
        f"{report.idle.threads} and {report.idle.open_files}.",
    ]
    return "\n\n".join(parts) + "\n"


def is_flat(samples: Sequence[SoakSample]) -> bool:
    """Say whether memory, threads and open files of one server stayed flat once it had settled.

    Fewer than three moments are not judged, and True.
    """
    settled = settled_samples(samples)
    if len(settled) < FEWEST:
        return True
    return (
        _memory_rise(settled) <= FLAT_MEMORY_SHARE
        and rise_of(settled, [sample.threads for sample in settled]) <= FLAT_COUNT
        and rise_of(settled, [sample.open_files for sample in settled]) <= FLAT_COUNT
    )


def settled_samples(samples: Sequence[SoakSample]) -> list[SoakSample]:
    """Return the moments of one server that are judged.

    Those in which no frame was read are not: until Start is pressed again, what a stream needs is
    free, and a line through both states would rise or fall with where they lie.
    """
    if not samples:
        return []
    first, last = samples[0].seconds, samples[-1].seconds
    since = first + min(SETTLED_S, SETTLED_SHARE * (last - first))
    return [sample for sample in samples if sample.seconds >= since and sample.fps > 0]


def rise_of(samples: Sequence[SoakSample], values: Sequence[float]) -> float:
    """Compute by how much the least-squares line of `values` rises from first to last moment."""
    times = np.array([sample.seconds for sample in samples])
    slope, _ = np.polyfit(times, values, 1)
    return float(slope * (times[-1] - times[0]))


def _memory_rise(settled: Sequence[SoakSample]) -> float:
    rise = rise_of(settled, [sample.memory_mib for sample in settled])
    return rise / settled[0].memory_mib


def _disturbances(report: SoakReport) -> str:
    words = (
        "No letter that had stood on the page was lost."
        if not report.lost
        else "**Lost: " + " ".join(report.lost) + "**"
    )
    return (
        f"One visitor's stream for {report.minutes:g} minutes. Spread evenly over it, the video "
        f"was stopped and started {report.reconnects} times, the page left for another and come "
        f"back to {report.page_switches} times, and the server stopped and started anew "
        f"{report.restarts} times, after which the visitor took the offer of the words that the "
        f"browser had kept. Start had to be pressed a second time {report.second_starts} times. "
        f"{report.letters:,} letters were spelled. {words}"
    )


def _verdict(number: int, samples: Sequence[SoakSample]) -> str:
    settled = settled_samples(samples)
    if len(settled) < FEWEST:
        return f"Server {number}: too short to judge, fewer than {FEWEST} moments."
    minutes = (settled[-1].seconds - settled[0].seconds) / 60
    share = _memory_rise(settled)
    rise = share * settled[0].memory_mib
    since = settled[0].seconds
    without = sum(sample.seconds >= since and sample.fps == 0 for sample in samples)
    left_out = f" {without} moments in which no frame was read are left out." if without else ""
    threads = [float(sample.threads) for sample in settled]
    files = [float(sample.open_files) for sample in settled]
    return (
        f"Server {number}, once settled, over {minutes:.1f} minutes: memory's straight line "
        f"{'rises' if rise >= 0 else 'falls'} by {abs(rise):.1f} MiB ({abs(share):.1%}): "
        f"{_flat(share <= FLAT_MEMORY_SHARE)}. Threads {min(threads):.0f} to {max(threads):.0f}, "
        f"{_line(settled, threads)}. Open files {min(files):.0f} to {max(files):.0f}, "
        f"{_line(settled, files)}.{left_out}"
    )


def _line(samples: Sequence[SoakSample], counts: Sequence[float]) -> str:
    rise = round(rise_of(samples, counts), 1) + 0.0  # turns -0.0 into 0.0
    return f"their straight line {rise:+.1f}: {_flat(rise <= FLAT_COUNT)}"


def _flat(flat: bool) -> str:
    return "flat" if flat else "**not flat**"


def _rows(report: SoakReport) -> list[str]:
    rows = [_row("before the first stream", [report.idle], has_fps=False)]
    for number, server in enumerate(report.servers):
        if number:
            rows.append(f"| server {number + 1} | | | | |")
        for minute in range(math.ceil(server[-1].seconds / 60) + 1):
            samples = [s for s in server if minute * 60 <= s.seconds < minute * 60 + 60]
            if samples:
                rows.append(_row(f"minute {minute + 1}", samples))
    return [*rows, _row("after the last stop", [report.ended], has_fps=False)]


def _row(name: str, samples: Sequence[SoakSample], has_fps: bool = True) -> str:
    fps = f"{np.mean([s.fps for s in samples]):.1f}" if has_fps else ""
    return (
        f"| {name} | {np.mean([s.memory_mib for s in samples]):.0f} MiB "
        f"| {max(s.threads for s in samples)} | {max(s.open_files for s in samples)} | {fps} |"
    )
