"""How fast does a real browser read its own camera, and how soon does it start?

    python -m benchmarks.device_browser

Opens the camera page in a headless Chromium whose webcam plays a film of drawn hands, 640x480 at 30
frames a second: once with an empty cache, and twice more. The lag is measured as a visitor has it
and, in turn with that, where each frame is read with its picture. Writes device-browser.json in
benchmarks/results and docs/device-figures.md. Nothing else should run on the machine.
"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from playwright.sync_api import BrowserContext

from asl_core.benchmark.machine_name import processor_name
from benchmarks.device_load import service_process
from benchmarks.device_page import write_page
from benchmarks.device_report import BROWSER_FILE, READ_SECONDS, BrowserReport, Lags
from benchmarks.machine import CoreWatch
from scripts.fake_webcam import words_of_drawn_hands, write_webcam_file
from scripts.running_app import running_profile
from scripts.running_service import running_service

WORD = "LUNAR"
START_MS = 300_000
WARM_UP_SECONDS = 8.0
SETTLE_SECONDS = 1.0
"""Left out after a change of the way: answers of before it are still under way."""
EVERY_PICTURE = Path(__file__).with_name("every_picture.js")
_VERSION = """async () => (await navigator.userAgentData.getHighEntropyValues(["uaFullVersion"]))
    .uaFullVersion"""


def start(context: BrowserContext, address: str, read_s: float = 0.0) -> Any:
    """Open the camera page, press Start after a while, and return the page once it reads frames."""
    page = context.new_page()
    page.set_default_timeout(START_MS)
    page.add_init_script(path=EVERY_PICTURE)
    page.goto(f"{address}/camera")
    page.wait_for_timeout(1e3 * read_s)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".figures", has_text="FPS").wait_for()
    return page


def figures(page: Any) -> dict[str, Any]:
    """Ask the page for its own figures."""
    found: dict[str, Any] = page.evaluate("() => window.aslDeviceCamera.figures")
    return found


def watch_round(page: Any, seconds: float, every_picture: bool) -> list[dict[str, Any]]:
    """Watch for `seconds`, read one way or the other, and return the page's rows of that time."""
    page.evaluate("(every) => { window.aslEveryPicture = every; }", every_picture)
    page.wait_for_timeout(1e3 * SETTLE_SECONDS)
    before = max((row["number"] for row in figures(page)["lags"]), default=0)
    page.wait_for_timeout(1e3 * seconds)
    return [row for row in figures(page)["lags"] if row["number"] > before]


def lags_of(rounds: list[list[dict[str, Any]]], seconds: float) -> Lags:
    """Sum up the rows of the rounds that were read one way."""
    rows = [row for part in rounds for row in part]
    shown = [row for row in rows if row["hasLetter"]]
    p50, p95 = np.percentile([row["ms"] for row in shown], [50, 95])
    detect_p50, detect_p95 = np.percentile([row["detectMs"] for row in shown], [50, 95])
    empty = [row["ms"] for row in rows if not row["hasLetter"]] or [0.0]
    medians = [np.median([row["ms"] for row in part if row["hasLetter"]]) for part in rounds]
    return Lags(
        frames=len(shown),
        without_picture=sum(not row["hasPicture"] for row in shown),
        p50_ms=round(float(p50), 1),
        p95_ms=round(float(p95), 1),
        rounds_p50_ms=tuple(round(float(median), 1) for median in medians),
        detect_p50_ms=round(float(detect_p50), 1),
        detect_p95_ms=round(float(detect_p95), 1),
        empty_p50_ms=round(float(np.median(empty)), 1),
        fps=round(len(rows) / (seconds * len(rounds)), 1),
    )


def measure(seconds: float, rounds: int) -> BrowserReport:
    """Start three times, and watch the last stream for `seconds`, `rounds` times each way."""
    load = round(os.getloadavg()[0], 2)
    with tempfile.TemporaryDirectory() as folder:
        clip, profile = Path(folder) / "webcam.mjpeg", Path(folder) / "profile"
        write_webcam_file(clip, words_of_drawn_hands((WORD,)))
        with running_service() as address, running_profile(profile, clip) as context:
            starts = []
            for read_s in (0.0, 0.0, READ_SECONDS):
                page = start(context, address, read_s)
                starts.append(figures(page)["startMs"])
                if not read_s:
                    page.close()
            first, second, read = starts
            page.wait_for_timeout(1e3 * WARM_UP_SECONDS)
            watch = CoreWatch(service_process())
            as_it_is = [watch_round(page, seconds, every_picture=False)]
            server, browsers = watch.cores()
            every_picture = [watch_round(page, seconds, every_picture=True)]
            for _ in range(rounds - 1):
                as_it_is.append(watch_round(page, seconds, every_picture=False))
                every_picture.append(watch_round(page, seconds, every_picture=True))
            version = page.evaluate(_VERSION)
    return BrowserReport(
        command=f"python -m benchmarks.device_browser --seconds {seconds:g} --rounds {rounds}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load_average=load,
        browser=version,
        first_start_ms=round(first, 1),
        second_start_ms=round(second, 1),
        read_start_ms=round(read, 1),
        seconds=seconds,
        as_it_is=lags_of(as_it_is, seconds),
        every_picture=lags_of(every_picture, seconds),
        server_cores=server,
        browser_cores=browsers,
    )


def main(
    seconds: Annotated[float, typer.Option(min=3, max=60, help="Of each round.")] = 24.0,
    rounds: Annotated[int, typer.Option(min=1, max=5, help="Each way.")] = 2,
) -> None:
    """Measure, print what was found, and write the report and its page."""
    report = measure(seconds, rounds)
    report.save(BROWSER_FILE)
    for way, lags in (("as it is", report.as_it_is), ("each picture", report.every_picture)):
        typer.echo(f"{way}: {lags}")
    typer.echo(
        f"Started after {report.first_start_ms:.0f} ms, again after "
        f"{report.second_start_ms:.0f} ms."
    )
    write_page()


if __name__ == "__main__":
    typer.run(main)
