"""What a visitor of /live sees when something goes wrong, and how the words come back."""

import socket

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from scripts.fake_webcam import words_of_drawn_hands, write_webcam_file
from scripts.live_page import open_live, start_camera, transcript_of
from scripts.running_app import (
    CAMERA_ALLOWED,
    FAKE_CAMERA,
    chromium_path,
    open_from_menu,
    running_app,
    running_browser,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

SPELL_SECONDS = 90


@pytest.fixture(scope="module")
def webcam(tmp_path_factory):
    clip = tmp_path_factory.mktemp("webcam") / "webcam.mjpeg"
    write_webcam_file(clip, words_of_drawn_hands(("LAB",)))
    return clip


@pytest.fixture(scope="module")
def address():
    with running_app() as running:
        yield running


def wait_for_letters(page) -> str:
    for _ in range(SPELL_SECONDS * 2):
        text = transcript_of(page).strip()
        if text:
            return text
        page.wait_for_timeout(500)
    raise AssertionError("no letter was read")


def assert_no_traceback(page) -> None:
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(
    ("missing", "title"),
    [
        ((CAMERA_ALLOWED,), "The camera was refused"),
        ((CAMERA_ALLOWED, FAKE_CAMERA), "No camera was found"),
    ],
    ids=["refused", "no camera"],
)
def test_a_camera_that_fails_is_named_and_snapshots_are_offered(address, missing, title):
    with running_browser(without=missing) as browser:
        page = open_live(browser, address)
        start_camera(page)
        finding = page.locator(".st-key-camera_finding")
        finding.get_by_text(title).wait_for()
        finding.get_by_role("button", name="Use snapshots").click()
        page.get_by_text("Take or choose a picture").first.wait_for()
        assert_no_traceback(page)


def test_words_outlive_a_page_switch_and_a_closed_tab(address, webcam):
    with running_browser(webcam) as browser:
        context = browser.new_context()
        page = open_live(context, address)
        start_camera(page)
        wait_for_letters(page)
        open_from_menu(page, "The model", "Per-class metrics")
        page.get_by_role("heading", name="Per-class metrics").wait_for()
        open_from_menu(page, "Read", "Live")
        page.locator(".st-key-transcript .asl-text").wait_for()
        text = wait_for_letters(page)
        page.wait_for_timeout(1500)  # the browser keeps the words a moment after they change
        page.close()

        again = open_live(context, address)
        again.locator(".st-key-kept_offer").wait_for()
        again.locator(".st-key-kept_restore button:visible").click()
        again.locator(".st-key-kept_offer").wait_for(state="detached")
        assert wait_for_letters(again) == text
        assert_no_traceback(again)


def test_words_come_back_after_the_server_restarted_in_mid_stream(webcam):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running_browser(webcam) as browser:
        with running_app(port=port) as address:
            page = open_live(browser, address)
            start_camera(page)
            wait_for_letters(page)
            page.wait_for_timeout(1500)
        with running_app(port=port):
            page.locator(".st-key-kept_offer").wait_for()
            page.locator(".st-key-kept_restore button:visible").click()
            text = wait_for_letters(page)
            start_camera(page)
            page.locator(".st-key-letter_card").get_by_text("FPS").wait_for()
            assert transcript_of(page).startswith(text)
            assert_no_traceback(page)
