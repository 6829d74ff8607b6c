"""A browser that has been here before gets ready to read its camera while the page is read."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from scripts.fake_webcam import words_of_drawn_hands, write_webcam_file
from scripts.running_app import chromium_path, running_profile
from scripts.running_service import running_service

pytestmark = [
    pytest.mark.browser,
    pytest.mark.alone,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

WAIT_MS = 60_000
READ_MS = 3000


def open_camera(context, address):
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    requested = []
    page.on("request", lambda request: requested.append(request.url.split("/")[-1]))
    page.goto(f"{address}/camera")
    page.wait_for_timeout(READ_MS)
    return page, requested


def start(page):
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".figures", has_text="FPS").wait_for()
    return page.evaluate("() => window.aslDeviceCamera.figures.startMs")


def test_it_loads_before_start_what_it_already_has_and_nothing_else(tmp_path):
    film = tmp_path / "film.mjpeg"
    write_webcam_file(film, words_of_drawn_hands(("B",)))
    with (
        running_service("--requests-per-second", "0") as address,
        running_profile(tmp_path / "profile", film) as context,
    ):
        page, requested = open_camera(context, address)
        assert "device-files.json" not in requested
        first_ms = start(page)
        page.close()
        page, requested = open_camera(context, address)
        assert "device-files.json" in requested
        assert start(page) < first_ms
