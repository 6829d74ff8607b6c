"""How soon after its start does the app serve a page that works and read a first letter?

    python -m benchmarks.start_up

Starts the app anew for each try, with a headless Chromium that is already open, and beside it an
app of one heading, for what Streamlit and the browser take alone. Then opens pages of a warm
server, and lets one and two visitors stream to tell what memory they take. Writes
benchmarks/results/start-up.json and docs/start-up.md. Nothing else should run on the machine.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.errors import AslError, RunError
from asl_core.records.json_file import BrokenValueError, build, read_json, write_json
from benchmarks.live_page import origin_line
from benchmarks.live_report import Origin
from benchmarks.live_visitor import LiveVisitor
from benchmarks.machine import origin, server_at
from scripts.fake_webcam import Scene, fit, write_webcam_file
from scripts.live_page import start_camera
from scripts.running_app import (
    PAGE_MS,
    ROOT,
    chromium_path,
    free_port,
    running_app,
    running_browser,
)

REPORT_FILE = Path(__file__).parent / "results" / "start-up.json"
PAGE_FILE = Path(__file__).parents[1] / "docs" / "start-up.md"

AIM_PAGE_S, AIM_LETTER_S, AIM_FRAME_S, AIM_WARM_FRAME_S = 2.5, 5.0, 2.0, 0.3
AIM_MEMORY_MIB, AIM_NEXT_MIB = 700, 60

LETTER = "B"
_EMPTY_APP = 'import streamlit as st\n\nst.title("Empty")\n'
_FILM_SECONDS = 8.0
_STREAM_SECONDS = 25.0
_UPLOADER = "[data-testid=stFileUploaderDropzone]"
_HEADING = "[data-testid=stMain] h1"
_FIRST_PAINT = """() => performance.timeOrigin
    + performance.getEntriesByName("first-contentful-paint")[0].startTime"""
"""When the browser showed the first words, in milliseconds since 1970, by its own clock."""
_SHOWN = f".st-key-current_letter >> text=/^{LETTER}$/"


@dataclass(frozen=True)
class StartUp:
    """Seconds from the command to each moment, the medians of some starts, and memory in MiB.

    `answers_s`: the server answers. `frame_s`: the photo page shows its heading and that it opens,
    by the browser's own measure (first contentful paint); `heading_s`: its own heading, by
    Streamlit, takes the place; `works_s`: it takes a photo.
    `letter_s`: the live page shows the first letter, Start pressed as soon as it can be.
    `empty_s`: an app of one heading shows it. Those with `warm_` are of a visitor whose browser
    has nothing of it yet, from the moment when they open the page of a server that has loaded it.
    `memory_mib` is what the process holds (resident) without a visitor, with one and with two who
    stream.
    """

    origin: Origin
    tries: int
    answers_s: float
    frame_s: float
    heading_s: float
    works_s: float
    letter_s: float
    empty_s: float
    warm_frame_s: float
    warm_heading_s: float
    warm_letter_s: float
    memory_mib: tuple[float, float, float]


def read_start_up(path: Path = REPORT_FILE) -> StartUp:
    """Read the report.

    Raises:
        RunError: the file is missing or broken.
    """
    try:
        return build(StartUp, read_json(path))
    except BrokenValueError as error:
        raise RunError(f"{path.name}: {error}; remove it and measure again.") from None


def markdown(report: StartUp) -> str:
    """Write the whole page."""
    alone, one, two = report.memory_mib

    def row(name: str, value: float, unit: str, aim: float | None = None) -> str:
        told = "" if aim is None else f"{aim:g} {unit}: "
        told += "" if aim is None else ("reached" if value <= aim else "**missed**")
        return f"| {name} | {value:.{1 if unit == 's' else 0}f} {unit} | {told} |"

    return (
        "\n\n".join(
            [
                "# From the start to the first letter",
                "Made by `benchmarks/start_up.py` from `benchmarks/results/start-up.json`; not "
                "written by hand. Server and a headless Chromium, which is open before, share the "
                "cores.",
                origin_line(report.origin),
                "\n".join(
                    [
                        f"| from `streamlit run app.py`, median of {report.tries} starts | | aim |",
                        "| --- | ---: | --- |",
                        row("the server answers", report.answers_s, "s"),
                        row(
                            "the photo page shows its heading and that it opens",
                            report.frame_s,
                            "s",
                            AIM_FRAME_S,
                        ),
                        row("Streamlit has built the heading", report.heading_s, "s"),
                        row("it takes a photo", report.works_s, "s", AIM_PAGE_S),
                        row(
                            "the live page shows its first letter",
                            report.letter_s,
                            "s",
                            AIM_LETTER_S,
                        ),
                        row("for comparison: an app of one heading shows it", report.empty_s, "s"),
                    ]
                ),
                "\n".join(
                    [
                        "| from opening a page of a server that has loaded all | | aim |",
                        "| --- | ---: | --- |",
                        row(
                            "the photo page shows its heading and that it opens",
                            report.warm_frame_s,
                            "s",
                            AIM_WARM_FRAME_S,
                        ),
                        row("Streamlit has built the heading", report.warm_heading_s, "s"),
                        row("the live page shows its first letter", report.warm_letter_s, "s"),
                    ]
                ),
                "\n".join(
                    [
                        "| memory of the process | | aim |",
                        "| --- | ---: | --- |",
                        row("nobody there, models loaded", alone, "MiB"),
                        row("one live visitor", one, "MiB", AIM_MEMORY_MIB),
                        row("more for a second one", two - one, "MiB", AIM_NEXT_MIB),
                    ]
                ),
            ]
        )
        + "\n"
    )


Look = Callable[[Page, str, float], tuple[float, ...]]
"""Opens a page of an address and returns the seconds from a moment until it shows something."""


@contextmanager
def _new_page(browser: Browser) -> Iterator[Page]:
    """Open a window of a browser that has nothing of the app yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    try:
        page = context.new_page()
        page.set_default_timeout(PAGE_MS)
        yield page
    finally:
        context.close()


def _timed(browser: Browser, look: Look, script: Path = ROOT / "app.py") -> list[float]:
    """Start the app and return its seconds until it answers, and then those of `look`."""
    with _new_page(browser) as page:
        begun = time.time()
        with running_app(port=free_port(), script=script) as address:
            return [time.time() - begun, *look(page, address, begun)]


def _looked(browser: Browser, look: Look, address: str) -> tuple[float, ...]:
    """Look at a page of a running app, and return the seconds of `look` from its opening."""
    with _new_page(browser) as page:
        return look(page, address, time.time())


def _empty(page: Page, address: str, begun: float) -> tuple[float, ...]:
    page.goto(address, wait_until="commit")
    page.wait_for_selector(_HEADING)
    return (time.time() - begun,)


def _photo(page: Page, address: str, begun: float) -> tuple[float, ...]:
    page.goto(f"{address}/photo", wait_until="commit")
    times = []
    for shown in (_HEADING, _UPLOADER):
        page.wait_for_selector(shown)
        times.append(time.time() - begun)
    return (page.evaluate(_FIRST_PAINT) / 1e3 - begun, *times)


def _live(page: Page, address: str, begun: float) -> tuple[float, ...]:
    page.goto(f"{address}/live", wait_until="commit")
    start_camera(page)
    page.wait_for_selector(_SHOWN)
    return (time.time() - begun,)


def _warm(browser: Browser, tries: int) -> tuple[float, float, float]:
    """Return the median seconds to the photo page's two headings and to the first letter."""
    with running_app() as address:
        time.sleep(_STREAM_SECONDS)
        photos = [_looked(browser, _photo, address) for _ in range(tries)]
        letters = [_looked(browser, _live, address)[0] for _ in range(tries)]
    frame, heading, _ = (statistics.median(column) for column in zip(*photos, strict=True))
    return frame, heading, statistics.median(letters)


def _memory(browser: Browser) -> tuple[float, float, float]:
    with running_app() as address:
        process = server_at(address)
        held: list[float] = []
        visitors: list[LiveVisitor] = []
        for count in range(3):
            if count:
                visitors.append(LiveVisitor(browser, address))
                visitors[-1].start()
                visitors[-1].wait_for_video()
                visitors[-1].rest(_STREAM_SECONDS)
            else:
                time.sleep(_STREAM_SECONDS)
            held.append(round(process.memory_info().rss / 2**20, 1))
        for visitor in visitors:
            visitor.close()
    return held[0], held[1], held[2]


def measure(tries: int) -> StartUp:
    """Start the app `2 * tries` times, an empty one `tries` times, and the app twice more.

    Raises:
        RuntimeError: there is no Chromium, or the app does not start.
    """
    if chromium_path() is None:
        raise RuntimeError("There is no Chromium on this machine.")
    with tempfile.TemporaryDirectory() as folder:
        clip, empty_app = Path(folder) / "webcam.mjpeg", Path(folder) / "empty.py"
        empty_app.write_text(_EMPTY_APP, encoding="utf-8")
        hand = fit(drawn_letter(LETTER, 400), 640, 480)
        write_webcam_file(clip, [Scene(hand, _FILM_SECONDS)])
        with running_browser(clip) as browser:
            begun = origin(browser.version, f"python -m benchmarks.start_up --tries {tries}")
            photos, lives, empty = [], [], []
            for number in range(1, tries + 1):
                photos.append(_timed(browser, _photo))
                lives.append(_timed(browser, _live))
                empty.append(_timed(browser, _empty, empty_app))
                typer.echo(
                    f"  start {number}: photo {photos[-1]}, live {lives[-1]}, empty {empty[-1]}"
                )
            warm_frame, warm_heading, warm_letter = _warm(browser, tries)
            memory = _memory(browser)
    answers, frame, heading, works = (
        statistics.median(column) for column in zip(*photos, strict=True)
    )
    return StartUp(
        origin=begun,
        tries=tries,
        answers_s=round(answers, 2),
        frame_s=round(frame, 2),
        heading_s=round(heading, 2),
        works_s=round(works, 2),
        letter_s=round(statistics.median(row[1] for row in lives), 2),
        empty_s=round(statistics.median(row[1] for row in empty), 2),
        warm_frame_s=round(warm_frame, 2),
        warm_heading_s=round(warm_heading, 2),
        warm_letter_s=round(warm_letter, 2),
        memory_mib=memory,
    )


def main(
    tries: Annotated[int, typer.Option(min=1, max=20, help="Starts for each page.")] = 5,
    output: Annotated[
        Path, typer.Option(help="The report, .json; elsewhere its page comes beside it.")
    ] = REPORT_FILE,
) -> None:
    """Measure, print what was found, and write the report."""
    try:
        report = measure(tries)
        write_json(output, asdict(report))
    except (AslError, RuntimeError, BrowserError) as error:
        typer.echo(f"Measured in vain: {error}", err=True)
        raise typer.Exit(1) from None
    page = PAGE_FILE if output == REPORT_FILE else output.with_suffix(".md")
    page.write_text(markdown(report), encoding="utf-8")
    typer.echo(f"\n{markdown(report)}\nWritten: {output} and {page}")


if __name__ == "__main__":
    typer.run(main)
