"""How fast is the live page in a real browser?

    python -m benchmarks.live_browser

Measures the speed for 1, 2 and 4 visitors at once in some minutes. Writes
benchmarks/results/live-speed.json and docs/live-speed.md. Nothing else should run on the machine.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from asl_core.benchmark.frames import drawn_frame, moving_frames
from asl_core.benchmark.live_speed import measure_live
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import AslError
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.records.training_run import SHIPPED_RUN, named_run
from benchmarks.coded_webcam import write_coded_webcam
from benchmarks.live_page import markdown
from benchmarks.live_report import (
    PAGE_FILE,
    REPORT_FILE,
    FailedRound,
    FrameShares,
    LiveReport,
    SpeedPart,
    SpeedRound,
    keep_speed,
    read_report,
)
from benchmarks.live_visitor import LiveVisitor, NoVideoError, PageTimes, speed_of
from benchmarks.machine import CoreWatch, origin, server_at
from scripts.running_app import chromium_path, running_app, running_browser

VISITORS = (1, 2, 4)
WARM_UP_SECONDS = 6.0
SHARE_SECONDS = 60.0
CLIP_SECONDS = 20.0


def main(
    speed: Annotated[bool, typer.Option(help="Measure the speed.")] = True,
    seconds: Annotated[
        float, typer.Option(min=3, max=60, help="For each number of visitors, after warming up.")
    ] = 20.0,
    visitors: Annotated[
        list[int] | None,
        typer.Option(min=1, max=8, help="At once; may be repeated. Default: 1, 2 and 4."),
    ] = None,
    output: Annotated[
        Path, typer.Option(help="The report, .json; elsewhere its page comes beside it.")
    ] = (REPORT_FILE),
) -> None:
    """Measure, print what was found, and write the report; without the speed only the page anew."""
    try:
        report = read_report(output)
        with tempfile.TemporaryDirectory() as folder:
            clip = Path(folder) / "webcam.mjpeg"
            if speed:
                _require_chromium()
                typer.echo("Writing the webcam's film …")
                write_coded_webcam(clip, CLIP_SECONDS)
                report = keep_speed(measure_speed(clip, seconds, visitors or VISITORS), output)
    except (AslError, RuntimeError, BrowserError) as error:
        typer.echo(f"Measured in vain: {error}", err=True)
        raise typer.Exit(1) from None
    _write_page(report, output)


def measure_speed(clip: Path, seconds: float, counts: Sequence[int]) -> SpeedPart:
    """Measure the shares of a frame's time, then each number of visitors with one app and browser.

    A number of visitors whose video does not start is kept as failed.

    Raises:
        RuntimeError: the app does not start, no number of visitors had video, or nothing was shown.
    """
    typer.echo(f"Shares of a frame's time, without browser, {SHARE_SECONDS:.0f} seconds …")
    shares = _frame_shares()
    with running_app() as address, running_browser(clip) as browser:
        arguments = " ".join(sys.argv[1:])
        begun = origin(browser.version, f"python -m benchmarks.live_browser {arguments}".strip())
        rounds: list[SpeedRound] = []
        failed: list[FailedRound] = []
        last: NoVideoError | None = None
        for count in counts:
            try:
                rounds.append(_measure_round(browser, address, seconds, count))
            except NoVideoError as error:
                typer.echo(f"  {error}", err=True)
                failed.append(FailedRound(count, error.sentence))
                last = error
        if last is not None and not rounds:
            raise last
    return SpeedPart(begun, tuple(rounds), shares, tuple(failed))


def _measure_round(browser: Browser, address: str, seconds: float, count: int) -> SpeedRound:
    typer.echo(f"{count} at once, {seconds:g} seconds …")
    visitors: list[LiveVisitor] = []
    try:
        visitors += [LiveVisitor(browser, address) for _ in range(count)]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.wait_for_video()
        visitors[0].rest(WARM_UP_SECONDS)
        measured = _watch(visitors, CoreWatch(server_at(address)), seconds)
    finally:
        for visitor in visitors:
            visitor.close()
    for number, visitor_speed in enumerate(measured.visitors, 1):
        lag = visitor_speed.lag
        typer.echo(
            f"  visitor {number}: {visitor_speed.read_fps} read and {visitor_speed.shown_fps} "
            f"shown a second, lag {f'{lag.p50_ms} / {lag.p95_ms} ms' if lag else 'unknown'}"
        )
    typer.echo(f"  cores: server {measured.server_cores}, browsers {measured.browser_cores}")
    return measured


def _watch(visitors: list[LiveVisitor], cores: CoreWatch, seconds: float) -> SpeedRound:
    told: list[list[PageTimes]] = [[] for _ in visitors]
    starts = [visitor.forget_frames() for visitor in visitors]
    for _ in range(round(seconds)):
        visitors[0].rest(1)
        for visitor, lines in zip(visitors, told, strict=True):
            times = visitor.page_times()
            if times is not None:
                lines.append(times)
    server_cores, browser_cores = cores.cores()
    speeds = []
    for visitor, start_ms, lines in zip(visitors, starts, told, strict=True):
        seen = visitor.seen_frames()
        seconds_seen = (seen.end_ms - start_ms) / 1e3
        speeds.append(speed_of(seen, lines, seconds_seen, CLIP_SECONDS))
    return SpeedRound(seconds, tuple(speeds), server_cores, browser_cores)


def _frame_shares() -> tuple[FrameShares, ...]:
    recognizer = LetterRecognizer.load(named_run(SHIPPED_RUN).folder)
    frames = moving_frames(drawn_frame())
    with quiet_libraries():
        measured = measure_live(recognizer, frames, SHARE_SECONDS)
    return tuple(
        FrameShares(
            visitors=live.visitors,
            frames_per_second=live.fps,
            detect=live.detect_share,
            network=live.network_share,
            draw=live.draw_share,
            rest=live.rest_share,
        )
        for live in measured
    )


def _require_chromium() -> None:
    if chromium_path() is None:
        raise RuntimeError("there is no Chromium on this machine.")


def _write_page(report: LiveReport, output: Path) -> None:
    # A trial with another --output leaves the page in docs alone.
    page = PAGE_FILE if output == REPORT_FILE else output.with_suffix(".md")
    page.write_text(markdown(report), encoding="utf-8")
    typer.echo(f"\n{markdown(report)}\nWritten: {output} and {page}")


if __name__ == "__main__":
    typer.run(main)
