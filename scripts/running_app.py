"""Starts the app and a headless Chromium: for screenshots and for tests in a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from asl_core.commands.dashboard import ARENAS

ROOT = Path(__file__).parents[1]
START_SECONDS = 180.0
PAGE_MS = 120_000
CAMERA_ALLOWED = "--use-fake-ui-for-media-stream"
FAKE_CAMERA = "--use-fake-device-for-media-stream"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    CAMERA_ALLOWED,
    FAKE_CAMERA,
)


@contextmanager
def running_app(
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
    health: str = "/_stcore/health",
    script: Path = ROOT / "app.py",
) -> Iterator[str]:
    """Run the app and give its address; it is stopped on leaving.

    `script` is another app in its place. `environment` is added to this process's own and to what
    scripts/app.sh sets. Without a `port` a free one is taken. `health` is the path that answers
    once the app is up.

    Raises:
        RuntimeError: the server does not answer within START_SECONDS.
    """
    port = free_port() if port is None else port
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    command += ["--server.fileWatcherType=none"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**ARENAS, **os.environ, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for_answer(f"http://127.0.0.1:{port}{health}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def chromium_path() -> str | None:
    """Return the path of an installed Chromium or Chrome, None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def running_browser(webcam: Path | None = None, without: Collection[str] = ()) -> Iterator[Browser]:
    """Run a headless Chromium; it is closed on leaving.

    Its camera is Chromium's test picture, or plays `webcam` (see `scripts/fake_webcam.py`).
    `without` names flags of FLAGS to leave out.
    """
    with running_browsers([webcam], without) as browsers:
        yield browsers[0]


@contextmanager
def running_browsers(
    webcams: Sequence[Path | None], without: Collection[str] = ()
) -> Iterator[list[Browser]]:
    """Run a headless Chromium for each of `webcams`, side by side; see `running_browser`."""
    kept = [flag for flag in FLAGS if flag not in without]
    with sync_playwright() as playwright, ExitStack() as stack:
        browsers = []
        for webcam in webcams:
            film = [f"--use-file-for-fake-video-capture={webcam}"] if webcam else []
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=[*kept, *film]
            )
            stack.callback(browser.close)
            browsers.append(browser)
        yield browsers


@contextmanager
def running_profile(folder: Path, webcam: Path | None = None) -> Iterator[BrowserContext]:
    """Run a headless Chromium that keeps its profile in `folder`, as a person's browser does.

    Its cache lies on the disk and takes files that a private window's, in memory, is too small for.
    """
    film = [f"--use-file-for-fake-video-capture={webcam}"] if webcam else []
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium_path(), args=[*FLAGS, *film]
        )
        try:
            yield context
        finally:
            context.close()


def wait_until_idle(page: Page, calm_ms: int = 700) -> None:
    """Wait until the page has content and the app has stopped running for `calm_ms`."""
    page.wait_for_selector("[data-testid=stMain] h1", timeout=PAGE_MS)
    busy = (
        "[data-test-script-state=running], [data-testid=stSpinner], [data-testid=stSkeleton], "
        "[data-testid=stAppSkeleton], [data-stale=true]"
    )
    calm_since = time.monotonic()
    deadline = calm_since + PAGE_MS / 1000
    while time.monotonic() < deadline:
        if page.locator(busy).count():
            calm_since = time.monotonic()
        if (time.monotonic() - calm_since) * 1000 > calm_ms:
            return
        page.wait_for_timeout(100)


def open_from_menu(page: Page, section: str, title: str) -> None:
    """Choose the page `title` from a section of the menu, on a window wide enough for the menu."""
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_test_id("stTopNavPopover").get_by_text(title, exact=True).click()


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for_answer(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers.

    Raises:
        RuntimeError: the server ended, or does not answer within START_SECONDS.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The app did not answer at {address} (exit status {server.poll()}).")
