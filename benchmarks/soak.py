"""Lets one visitor's video run for minutes and watches what the server keeps."""

import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import typer

from benchmarks.live_report import SoakPart, SoakSample
from benchmarks.live_visitor import LiveVisitor
from benchmarks.machine import origin, sample, server_at
from scripts.running_app import running_app, running_browser

EVERY_SECONDS = 15.0
SWITCH_EVERY = 3
"""Every third reconnect leaves the page while the video runs, the others press Stop."""

_CALM_SECONDS = 8.0


@dataclass(frozen=True)
class _Reconnects:
    """When they were, and how many were page switches."""

    start_s: float
    end_s: float
    page_switches: int


class _Soak:
    """One visitor and the server, with a clock that begins with the first stream."""

    def __init__(self, visitor: LiveVisitor, server: psutil.Process) -> None:
        self._visitor, self._server = visitor, server
        self._zero_s = time.monotonic()
        self.samples: list[SoakSample] = []

    @property
    def now_s(self) -> float:
        return time.monotonic() - self._zero_s

    def ask(self) -> SoakSample:
        times = self._visitor.page_times()
        return sample(self._server, self.now_s, times.fps if times else 0.0)

    def stream_until(self, end_s: float) -> None:
        """Ask every EVERY_SECONDS."""
        while self.now_s < end_s:
            self._visitor.rest(min(EVERY_SECONDS, max(0.0, end_s - self.now_s)))
            self.samples.append(self.ask())
            last = self.samples[-1]
            typer.echo(
                f"  {last.seconds:5.0f} s: {last.memory_mib:.0f} MiB, {last.threads} threads, "
                f"{last.open_files} open files, {last.fps:.0f} frames/s"
            )

    def reconnect(self, times: int) -> _Reconnects:
        start_s, switches = self.now_s, 0
        for number in range(1, times + 1):
            if number % SWITCH_EVERY:
                self._visitor.stop()
            else:
                self._visitor.leave_and_come_back()
                switches += 1
            self._visitor.start()
            self._visitor.wait_for_video()
        typer.echo(f"  {self.now_s:5.0f} s: reconnected {times} times")
        self._visitor.rest(_CALM_SECONDS)
        return _Reconnects(round(start_s, 1), round(self.now_s, 1), switches)


def soak(clip: Path, minutes: float, reconnects: int) -> SoakPart:
    """Stream for `minutes`, with reconnects in the middle, and note the server's state.

    Raises:
        RuntimeError: app or video does not start, or does not come back.
    """
    typer.echo(f"A stream of {minutes:g} minutes …")
    with running_app() as address, running_browser(clip) as browser:
        begun = origin(browser.version)
        visitor = LiveVisitor(browser, address)
        # What the first visit of another page imports stays, and is no growth of the stream.
        visitor.leave_and_come_back()
        visitor.rest(_CALM_SECONDS)
        run = _Soak(visitor, server_at(address))
        idle = run.ask()
        visitor.start()
        visitor.wait_for_video()
        run.stream_until(minutes * 30)
        middle = run.reconnect(reconnects)
        run.stream_until(minutes * 60)
        visitor.stop()
        visitor.rest(_CALM_SECONDS)
        return SoakPart(
            origin=begun,
            minutes=minutes,
            reconnects=reconnects,
            page_switches=middle.page_switches,
            reconnect_start_s=middle.start_s,
            reconnect_end_s=middle.end_s,
            idle=idle,
            samples=tuple(run.samples),
            ended=run.ask(),
        )
