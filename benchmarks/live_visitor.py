"""One visitor of the live page in a real browser, and what their browser saw."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Frame, Locator, Page
from playwright.sync_api import Error as BrowserError

from benchmarks.frame_codes import read_code
from benchmarks.live_report import Lag, StageTimes, VisitorSpeed

OPEN_MS = 120_000
"""Most time for the page, and for the first read frame."""

WATCH_SCRIPT = Path(__file__).with_name("frame_watch.js")

_CAMERA = 'iframe[title*="webrtc"]'
_TIMES = ".asl-times"
_FORGET = (
    "() => { frameWatch.camera.length = frameWatch.shown.length = 0; return performance.now() }"
)
_SEEN = "() => ({ ...frameWatch, now: performance.now() })"
_SETTLED = """node => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".asl-unsettled").forEach(part => part.remove());
    return copy.textContent;
}"""
_STAGE = re.compile(r"(\w+) ([\d.]+) ms")


@dataclass(frozen=True)
class PageTimes:
    """The line of speed and times as the page shows it."""

    fps: float
    stages: StageTimes


@dataclass(frozen=True)
class SeenFrame:
    """A frame in the browser: when, in milliseconds, its size, and the brightness of its cells."""

    time_ms: float
    width: int
    height: int
    strip: tuple[int, ...]


@dataclass(frozen=True)
class SeenFrames:
    """The frames of one visitor's camera and those shown to them, in order, up to `end_ms`."""

    camera: tuple[SeenFrame, ...]
    shown: tuple[SeenFrame, ...]
    end_ms: float


class NoVideoError(RuntimeError):
    """No frame was read in time; `sentence` says so without what the page told."""

    def __init__(self, sentence: str, told: str) -> None:
        super().__init__(f"{sentence} {told}")
        self.sentence = sentence


class LiveVisitor:
    """A separate window with the live page."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._context = browser.new_context(viewport={"width": 1280, "height": 1000})
        self._page: Page = self._context.new_page()
        self._page.set_default_timeout(OPEN_MS)
        self._page.add_init_script(path=WATCH_SCRIPT)
        self._page.goto(f"{address}/live")
        self._wait_for_camera()

    def start(self) -> None:
        """Press Start."""
        self._button("Start").click()

    def wait_for_video(self, seconds: float = OPEN_MS / 1000) -> None:
        """Wait until frames are being read.

        Raises:
            NoVideoError: none is read within `seconds`.
        """
        for _ in range(round(seconds * 5)):
            if (times := self.page_times()) is not None and times.fps > 0:
                return
            self.rest(0.2)
        raise NoVideoError(f"No frame was read in {seconds:g} seconds.", self._told())

    def start_for_sure(self, patience_s: float) -> bool:
        """Press Start; where no video comes, do it again, as the page advises; tell whether it was.

        Raises:
            NoVideoError: no frame is read within `patience_s`, and pressing again does not help.
        """
        self.start()
        try:
            self.wait_for_video(patience_s)
        except NoVideoError:
            if not self._button("Start").count():
                self.stop()
            self.start()
            self.wait_for_video()
            return True
        return False

    def stop(self) -> None:
        """Press Stop and wait until it is done."""
        self._button("Stop").click()
        self._wait_for_camera()

    def leave_and_come_back(self) -> None:
        """Go to another page of the app and back through the menu, whatever runs."""
        self._page.get_by_role("link", name="Overview").click()
        self._page.locator(_CAMERA).wait_for(state="detached")
        self._page.get_by_role("link", name="Live", exact=True).first.click()
        self._wait_for_camera()

    def words(self) -> str:
        """Return the text as the page shows it, without letters that may still change."""
        text = self._page.locator(".st-key-transcript .asl-text")
        found: str = text.evaluate(_SETTLED)
        return found.lstrip()

    def restore_words(self) -> None:
        """Wait for the offer of the words that the browser kept, and take it."""
        self._page.locator(".st-key-kept_offer").wait_for()
        self._page.locator(".st-key-kept_restore button:visible").click()
        self._page.locator(".st-key-kept_offer").wait_for(state="detached")
        self._wait_for_camera()

    def rest(self, seconds: float) -> None:
        """Let time pass while the browser's events are taken."""
        self._page.wait_for_timeout(seconds * 1000)

    def page_times(self) -> PageTimes | None:
        """Read the line of speed and times; None while the page shows none."""
        line = self._page.locator(_TIMES)
        try:
            if not line.count():
                return None
            text = line.inner_text(timeout=2000)
            stages = dict(_STAGE.findall(line.get_attribute("title", timeout=2000) or ""))
        except BrowserError:  # it was just being replaced
            return None
        return times_of(text, stages)

    def forget_frames(self) -> float:
        """Begin to note frames anew; return the browser's time in milliseconds."""
        now_ms: float = self._camera_frame().evaluate(_FORGET)
        return now_ms

    def seen_frames(self) -> SeenFrames:
        """Return what was noted since."""
        seen = self._camera_frame().evaluate(_SEEN)
        return SeenFrames(_frames(seen["camera"]), _frames(seen["shown"]), seen["now"])

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def _wait_for_camera(self) -> None:
        try:
            self._button("Start").wait_for()
        except BrowserError:
            raise RuntimeError(
                f"The camera could not be started in {OPEN_MS // 1000} seconds. {self._told()}"
            ) from None

    def _told(self) -> str:
        return "The page says: " + " / ".join(self._page.locator("body").inner_text().split("\n"))

    def _button(self, name: str) -> Locator:
        camera = self._page.frame_locator(_CAMERA)
        return camera.get_by_role("button", name=name, exact=True)

    def _camera_frame(self) -> Frame:
        return next(frame for frame in self._page.frames if "webrtc" in frame.url)


def times_of(text: str, stages: dict[str, str]) -> PageTimes | None:
    """Make figures of the line and of its exact times; None where something is missing."""
    fps = re.match(r"(\d+) FPS", text)
    names = ("receive", "detect", "classify", "draw", "words")
    if fps is None or not all(name in stages for name in names):
        return None
    return PageTimes(float(fps[1]), StageTimes(*(float(stages[name]) for name in names)))


def speed_of(
    seen: SeenFrames, told: Sequence[PageTimes], seconds: float, clip_seconds: float
) -> VisitorSpeed:
    """Sum up what a visitor had for `seconds`; the webcam's film starts over each `clip_seconds`.

    Raises:
        RuntimeError: the page told nothing, or nothing was shown.
    """
    if not told or not seen.shown:
        raise RuntimeError(
            f"In {seconds:.0f} seconds {len(seen.shown)} frames were shown and the page told its "
            f"speed {len(told)} times; there is nothing to sum up."
        )
    camera = [(frame.time_ms, read_code(frame.strip)) for frame in seen.camera]
    # The video comes back as in a mirror; what is not mirrored has not been read by the server.
    shown = [(frame.time_ms, read_code(frame.strip[::-1])) for frame in seen.shown]
    sizes = [f"{frame.width}x{frame.height}" for frame in seen.shown]
    columns = [
        [getattr(times.stages, name) for times in told] for name in StageTimes.__annotations__
    ]
    return VisitorSpeed(
        camera_fps=round(len(_changes(camera)) / seconds, 2),
        read_fps=round(float(np.mean([times.fps for times in told])), 2),
        shown_fps=round(len(_changes(shown)) / seconds, 2),
        lag=lag_of(camera, _changes(shown), clip_seconds),
        unread_share=round(sum(number is None for _, number in shown) / len(shown), 4),
        picture=max(set(sizes), key=sizes.count),
        stages=StageTimes(*(round(float(np.mean(column)), 2) for column in columns)),
    )


def _frames(notes: Sequence[Any]) -> tuple[SeenFrame, ...]:
    return tuple(
        SeenFrame(time, width, height, tuple(strip)) for time, width, height, strip in notes
    )


def _changes(frames: Sequence[tuple[float, int | None]]) -> list[tuple[float, int]]:
    """Return time and number of each frame that differs from the one before."""
    changes: list[tuple[float, int]] = []
    for time_ms, number in frames:
        if number is not None and (not changes or changes[-1][1] != number):
            changes.append((time_ms, number))
    return changes


def lag_of(
    camera: Sequence[tuple[float, int | None]],
    shown: Sequence[tuple[float, int]],
    clip_seconds: float,
) -> Lag | None:
    """Compare each shown frame with the last time that the camera gave it; times in milliseconds.

    The browser does not look at every frame of the camera. Of a frame that it missed it knows the
    film's last round at best, which tells no lag: what is older than half a round is left out.
    None where nothing can be compared.
    """
    most = clip_seconds * 1e3 / 2
    lags = []
    for time_ms, number in shown:
        taken = [at for at, code in camera if code == number and time_ms - most <= at <= time_ms]
        if taken:
            lags.append(time_ms - taken[-1])
    if not lags:
        return None
    middle, high = np.percentile(lags, (50, 95))
    return Lag(round(float(middle), 1), round(float(high), 1), len(lags))
