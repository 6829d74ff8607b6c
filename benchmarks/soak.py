"""Does an hour of one visitor's video wear the server out, and does it lose a word?

    python -m benchmarks.soak --minutes 60 --reconnects 100 --page-switches 20 --restarts 1

A real Chromium with a film as its webcam streams to a server in a separate process. Over the time
the visitor presses Stop and Start, leaves for another page and comes back, and the server is
restarted. Writes benchmarks/results/soak.json and docs/soak.md. Nothing else should run on the
machine.
"""

import tempfile
import time
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import psutil
import typer
from playwright.sync_api import Error as BrowserError

from asl_core.errors import AslError
from benchmarks.coded_webcam import write_coded_webcam
from benchmarks.live_visitor import LiveVisitor
from benchmarks.machine import origin, sample, server_at
from benchmarks.soak_page import markdown
from benchmarks.soak_report import PAGE_FILE, REPORT_FILE, SoakReport, SoakSample, write_soak
from scripts.running_app import chromium_path, free_port, running_app, running_browser

CLIP_SECONDS = 20.0
MOST_EVERY_S = 15.0
SAMPLES = 120
"""How often the server is asked at least, evenly over the time."""

RECONNECT, SWITCH, RESTART = "reconnect", "page switch", "restart"
_CALM_SECONDS = 8.0
_PATIENCE_SECONDS = 30.0
_QUOTED = 20
_KEPT_SECONDS = 2.0
"""The browser keeps the words a moment after they change."""


def plan(seconds: float, reconnects: int, switches: int, restarts: int) -> list[tuple[float, str]]:
    """Spread the disturbances over the time: each kind evenly, in the order of their seconds."""
    kinds = ((RECONNECT, reconnects), (SWITCH, switches), (RESTART, restarts))
    return sorted(
        (seconds * (number + 1) / (count + 1), kind)
        for kind, count in kinds
        for number in range(count)
    )


def shared_beginning(before: str, after: str) -> str:
    """Return the letters in which two texts agree from their beginning on."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return "".join(letter for letter, _ in same)


class _Server:
    """The app on one port, stopped and started; `number` counts from 0."""

    def __init__(self, stack: ExitStack) -> None:
        self._port, self.number = free_port(), 0
        self._running = stack.enter_context(ExitStack())
        self.address = self._running.enter_context(running_app(port=self._port))
        self.process: psutil.Process = server_at(self.address)

    def restart(self) -> None:
        """End it, whatever streams, and start it again on the same port."""
        self._running.close()
        self._running.enter_context(running_app(port=self._port))
        self.process = server_at(self.address)
        self.number += 1


class _Soak:
    """One visitor and the server, with a clock that begins with the first stream."""

    def __init__(self, visitor: LiveVisitor, server: _Server, every_s: float) -> None:
        self._visitor, self._server, self._every_s = visitor, server, every_s
        self._zero_s = time.monotonic()
        self.samples: list[SoakSample] = []
        self.lost: list[str] = []
        self.second_starts = 0

    @property
    def now_s(self) -> float:
        return time.monotonic() - self._zero_s

    def ask(self) -> SoakSample:
        times = self._visitor.page_times()
        fps = times.fps if times else 0.0
        return sample(self._server.process, self.now_s, fps, self._server.number)

    def stream_until(self, end_s: float) -> None:
        """Ask every few seconds."""
        while self.now_s < end_s:
            self._visitor.rest(min(self._every_s, max(0.0, end_s - self.now_s)))
            self.samples.append(self.ask())

    def disturb(self, kind: str) -> None:
        """Do what interrupts the video, start it again, and compare the words."""
        before = self._visitor.words()
        if kind == RECONNECT:
            self._visitor.stop()
        elif kind == SWITCH:
            self._visitor.leave_and_come_back()
        else:
            self._visitor.rest(_KEPT_SECONDS)
            # The video goes on meanwhile, and a J takes the place of the I that it began with.
            before = shared_beginning(before, self._visitor.words())
            self._server.restart()
            self._visitor.restore_words()
        self.second_starts += self._visitor.start_for_sure(_PATIENCE_SECONDS)
        self.compare(kind, before)

    def compare(self, kind: str, before: str) -> None:
        """Note what stood on the page and is gone, and tell how it goes."""
        after = self._visitor.words()
        kept = len(shared_beginning(before, after))
        if kept < len(before):
            self.lost.append(
                f"After a {kind} at {self.now_s:.0f} s {before[kept:]!r} behind {kept} letters "
                f"was {after[kept : kept + _QUOTED]!r}."
            )
        state = self.ask()
        typer.echo(
            f"  {self.now_s:5.0f} s, {kind}: {len(after)} letters, {state.memory_mib:.0f} MiB, "
            f"{state.threads} threads, {state.open_files} open files"
        )


def soak(minutes: float, reconnects: int, switches: int, restarts: int) -> SoakReport:
    """Stream for `minutes` with the disturbances, and note the server's state.

    Raises:
        RuntimeError: there is no Chromium, or app or video does not start or come back.
    """
    if chromium_path() is None:
        raise RuntimeError("There is no Chromium on this machine.")
    arguments = (
        f"--minutes {minutes:g} --reconnects {reconnects} --page-switches {switches} "
        f"--restarts {restarts}"
    )
    with ExitStack() as stack:
        clip = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "webcam.mjpeg"
        write_coded_webcam(clip, CLIP_SECONDS)
        browser = stack.enter_context(running_browser(clip))
        begun = origin(browser.version, f"python -m benchmarks.soak {arguments}")
        server = _Server(stack)
        visitor = LiveVisitor(browser, server.address)
        # What the first visit of another page imports stays, and is no growth of the stream.
        visitor.leave_and_come_back()
        visitor.rest(_CALM_SECONDS)
        run = _Soak(visitor, server, min(MOST_EVERY_S, minutes * 60 / SAMPLES))
        idle = run.ask()
        visitor.start()
        visitor.wait_for_video()
        for at_s, kind in plan(minutes * 60, reconnects, switches, restarts):
            run.stream_until(at_s)
            run.disturb(kind)
        run.stream_until(minutes * 60)
        letters = len(visitor.words().replace(" ", ""))
        visitor.stop()
        visitor.rest(_CALM_SECONDS)
        return SoakReport(
            origin=begun,
            minutes=minutes,
            reconnects=reconnects,
            page_switches=switches,
            restarts=restarts,
            letters=letters,
            lost=tuple(run.lost),
            second_starts=run.second_starts,
            idle=idle,
            samples=tuple(run.samples),
            ended=run.ask(),
        )


def main(
    minutes: Annotated[float, typer.Option(min=1, max=600)] = 60.0,
    reconnects: Annotated[int, typer.Option(min=0, max=1000, help="Stop and Start.")] = 100,
    page_switches: Annotated[
        int, typer.Option(min=0, max=1000, help="To another page and back, while the video runs.")
    ] = 20,
    restarts: Annotated[int, typer.Option(min=0, max=20, help="Of the server.")] = 1,
    output: Annotated[
        Path, typer.Option(help="The report, .json; elsewhere its page comes beside it.")
    ] = REPORT_FILE,
) -> None:
    """Stream, print what was found, and write the report; lost words give the exit status 1."""
    try:
        report = soak(minutes, reconnects, page_switches, restarts)
        write_soak(report, output)
    except (AslError, RuntimeError, BrowserError) as error:
        typer.echo(f"Measured in vain: {error}", err=True)
        raise typer.Exit(1) from None
    page = PAGE_FILE if output == REPORT_FILE else output.with_suffix(".md")
    page.write_text(markdown(report), encoding="utf-8")
    typer.echo(f"\n{markdown(report)}\nWritten: {output} and {page}")
    if report.lost:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
