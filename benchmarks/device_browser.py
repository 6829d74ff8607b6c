"""How fast does a real browser read its own camera, and how soon does it start?

    python -m benchmarks.device_browser

Opens the camera page in a headless Chromium whose webcam plays a film of drawn hands, 640x480 at 30
frames a second: once with an empty cache, and twice more. Writes device-browser.json in
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
from benchmarks.device_report import BROWSER_FILE, READ_SECONDS, BrowserReport
from benchmarks.machine import CoreWatch
from scripts.fake_webcam import words_of_drawn_hands, write_webcam_file
from scripts.running_app import running_profile
from scripts.running_service import running_service

WORD = "LUNAR"
START_MS = 300_000
WARM_UP_SECONDS = 8.0
_VERSION = """async () => (await navigator.userAgentData.getHighEntropyValues(["uaFullVersion"]))
    .uaFullVersion"""


def start(context: BrowserContext, address: str, read_s: float = 0.0) -> Any:
    """Open the camera page, press Start after a while, and return the page once it reads frames."""
    page = context.new_page()
    page.set_default_timeout(START_MS)
    page.goto(f"{address}/camera")
    page.wait_for_timeout(1e3 * read_s)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".figures", has_text="FPS").wait_for()
    return page


def figures(page: Any) -> dict[str, Any]:
    """Ask the page for its own figures."""
    found: dict[str, Any] = page.evaluate("() => window.aslDeviceCamera.figures")
    return found


def measure(seconds: float) -> BrowserReport:
    """Start three times, and watch the last stream for `seconds`."""
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
            page.wait_for_timeout(1e3 * seconds)
            server, browsers = watch.cores()
            seen = figures(page)
            version = page.evaluate(_VERSION)
    p50, p95 = np.percentile(seen["lags"], [50, 95])
    return BrowserReport(
        command=f"python -m benchmarks.device_browser --seconds {seconds:g}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        processor=processor_name(),
        cores=os.cpu_count() or 1,
        load_average=load,
        browser=version,
        first_start_ms=round(first, 1),
        second_start_ms=round(second, 1),
        read_start_ms=round(read, 1),
        seconds=seconds,
        fps=round(seen["fps"], 1),
        lags=len(seen["lags"]),
        lag_p50_ms=round(float(p50), 1),
        lag_p95_ms=round(float(p95), 1),
        server_cores=server,
        browser_cores=browsers,
    )


def main(seconds: Annotated[float, typer.Option(min=3, max=120)] = 20.0) -> None:
    """Measure, print what was found, and write the report and its page."""
    report = measure(seconds)
    report.save(BROWSER_FILE)
    typer.echo(
        f"{report.fps} frames a second, lag {report.lag_p50_ms} ms; started after "
        f"{report.first_start_ms:.0f} ms, again after {report.second_start_ms:.0f} ms."
    )
    write_page()


if __name__ == "__main__":
    typer.run(main)
