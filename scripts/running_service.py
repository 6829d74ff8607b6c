"""Starts the HTTP service and a Chromium with a hand before its camera: for tests and pictures."""

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from asl_core.drawing.drawn_hand import draw_hand
from asl_core.drawing.drawn_letters import letter_landmarks
from scripts.running_app import FLAGS, ROOT, START_SECONDS, chromium_path

_WIDTH, _HEIGHT, _FPS = 640, 480, 10
_NOISE = 3.0  # grey levels; a camera's picture is never quite still


@contextmanager
def running_service(*arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `python -m asl_core serve` on a free port and give its address once it is ready.

    Raises:
        RuntimeError: it ends, or is not ready within START_SECONDS.
    """
    command = [sys.executable, "-m", "asl_core", "serve", "--port", "0", *arguments]
    with tempfile.TemporaryFile("w+") as errors:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield _ready_address(server)
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def write_camera_film(path: Path, letters: Sequence[str], seconds_each: float) -> None:
    """Write the film of a fake webcam, MJPEG: drawn hands that show one letter after the other.

    An empty name shows the empty scene. Chromium plays the film again and again.
    """
    noise = np.random.default_rng(1)
    with path.open("wb") as film:
        for letter in letters:
            frame = _scene(letter)
            for _ in range(round(seconds_each * _FPS)):
                grain = noise.normal(0, _NOISE, frame.shape)
                noisy = np.clip(frame + grain, 0, 255).astype(np.uint8)
                done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(noisy, cv2.COLOR_RGB2BGR))
                assert done
                film.write(jpeg.tobytes())


@contextmanager
def browser_with_film(film: Path) -> Iterator[Browser]:
    """Run a headless Chromium whose camera plays `film`."""
    flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        try:
            yield browser
        finally:
            browser.close()


def _scene(letter: str) -> np.ndarray:
    if not letter:
        return np.full((_HEIGHT, _WIDTH, 3), 128, np.uint8)
    return draw_hand(letter_landmarks(letter, _WIDTH, _HEIGHT), _WIDTH, _HEIGHT)


def _ready_address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    line = server.stdout.readline()
    if "Serving at " not in line:
        raise RuntimeError(f"The service did not start (exit status {server.wait(10)}).")
    # Nobody reads on; a full pipe would stop the server.
    threading.Thread(target=server.stdout.read, daemon=True).start()
    address = line.split("Serving at ")[1].split(";")[0]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The service was not ready in time (exit status {server.poll()}).")
