"""How fast does a real browser read its own camera, and how soon does it start?

    python -m benchmarks.device_browser

Opens the camera page in a headless Chromium whose webcam plays a film of drawn hands, 640x480 at 30
frames a second: once with an empty cache, and twice more. The lag is measured as a visitor has it
and, in turn with that, where each frame is read with its picture. With --photos a second film shows
photos of validation signers: of real hands the landmarks are less often sure. Writes
device-browser.json in benchmarks/results and docs/device-figures.md. Nothing else should run on the
machine.
"""

import itertools
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from playwright.sync_api import BrowserContext

from asl_core.benchmark.machine_name import processor_name
from asl_core.photos.photo_set import read_photo_set
from asl_core.photos.split import VALIDATION
from benchmarks.device_load import service_process
from benchmarks.device_page import write_page
from benchmarks.device_report import (
    BROWSER_FILE,
    READ_SECONDS,
    BrowserReport,
    Lags,
    RealHands,
)
from benchmarks.machine import CoreWatch
from scripts.fake_webcam import words_of_drawn_hands, words_of_signer, write_webcam_file
from scripts.running_app import running_profile
from scripts.running_service import running_service

WORD = "LUNAR"
REAL_SIGNERS = 3
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


def chosen_signers(root: Path) -> list[str]:
    """Choose REAL_SIGNERS validation signers who show all letters of WORD, evenly by name."""
    letters: dict[str, set[str]] = {}
    for photo in read_photo_set(root).of_split(VALIDATION).photos:
        letters.setdefault(photo.signer, set()).add(photo.label)
    names = sorted(
        name
        for name, shown in letters.items()
        if shown >= set(WORD) and (root / VALIDATION / name).is_dir()
    )
    places = np.linspace(0, len(names) - 1, min(REAL_SIGNERS, len(names))).round().astype(int)
    return [names[place] for place in places]


def measure_real_hands(root: Path) -> RealHands:
    """Watch photos of signers that spell WORD, once each way for the length of the film."""
    signers, empty = chosen_signers(root), np.full((480, 640, 3), 120, np.uint8)
    films = [words_of_signer((WORD,), root / VALIDATION / name, empty) for name in signers]
    with tempfile.TemporaryDirectory() as folder:
        clip, profile = Path(folder) / "webcam.mjpeg", Path(folder) / "profile"
        seconds = write_webcam_file(clip, itertools.chain.from_iterable(films))
        with running_service() as address, running_profile(profile, clip) as context:
            page = start(context, address)
            page.wait_for_timeout(1e3 * WARM_UP_SECONDS)
            ways = [[watch_round(page, seconds, every)] for every in (False, True)]
    as_it_is, every_picture = (lags_of(way, seconds) for way in ways)
    name = root.resolve().name
    return RealHands(name, tuple(signers), WORD, seconds, as_it_is, every_picture)


def measure(seconds: float, rounds: int, photos: Path | None) -> BrowserReport:
    """Start three times, and watch the last stream for `seconds`, `rounds` times each way.

    Then watch photos of real hands, if there are any.
    """
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
    real_hands = (measure_real_hands(photos),) if photos is not None else ()
    return BrowserReport(
        command=f"python -m benchmarks.device_browser --seconds {seconds:g} --rounds {rounds}"
        + (f" --photos {photos.resolve().name}" if photos is not None else ""),
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
        real_hands=real_hands,
    )


def main(
    seconds: Annotated[float, typer.Option(min=3, max=60, help="Of each round.")] = 24.0,
    rounds: Annotated[int, typer.Option(min=1, max=5, help="Each way.")] = 2,
    photos: Annotated[Path | None, typer.Option(help="Folder of labelled photos.")] = None,
) -> None:
    """Measure, print what was found, and write the report and its page."""
    report = measure(seconds, rounds, photos)
    report.save(BROWSER_FILE)
    ways = [(report.as_it_is, report.every_picture)]
    ways += [(hands.as_it_is, hands.every_picture) for hands in report.real_hands]
    for as_it_is, every_picture in ways:
        typer.echo(f"as it is: {as_it_is}\neach picture: {every_picture}")
    typer.echo(
        f"Started after {report.first_start_ms:.0f} ms, again after "
        f"{report.second_start_ms:.0f} ms."
    )
    write_page()


if __name__ == "__main__":
    typer.run(main)
