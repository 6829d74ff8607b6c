"""Spells in a real Chromium that reads its own camera, and watches what it sends."""

import socket
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core import images
from asl_core.live.device_message import MAX_MESSAGE_BYTES
from scripts.fake_webcam import words_of_drawn_hands, words_of_signer, write_webcam_file
from scripts.live_page import open_live, start_device_camera, transcript_of
from scripts.running_app import chromium_path, running_app, running_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

SHARED = Path(__file__).parents[3] / "shared"
SIGNER = SHARED / "photos/test/evriel_1"
EMPTY_SCENE = SHARED / "backgrounds/test/polyhaven_003.jpg"
WORDS = ("WORLD", "PIANO")
LETTER_SECONDS = 2.5
"""Chromium reads each frame on the processor here, beside the server: a few frames a second."""
ROUNDS = 6
ASKED = "?source=device"
FRAME_SIZES = {40, 40 + 4 * 63, 40 + 4 * (63 + 26)}
"""Bytes of a message without a hand, with one, and with what the picture network says of it:
nothing else than numbers fits in."""


@pytest.fixture(scope="module")
def address():
    with running_app() as running:
        yield running


def read_until(page, wanted: set[str], seconds: float) -> list[str]:
    words: list[str] = []
    for _ in range(round(seconds * 2)):
        words = transcript_of(page).split()
        if wanted <= set(words):
            break
        page.wait_for_timeout(500)
    return words


class Traffic:
    """All that a page sends, from now on."""

    def __init__(self, page):
        self.frames: list[bytes | str] = []
        self.others: list[int] = []
        self.hosts: set[str] = set()
        page.on("websocket", self._watch)
        page.on("request", self._note)

    def _watch(self, websocket):
        is_device = websocket.url.endswith("/device")

        def sent(payload):
            if is_device:
                self.frames.append(payload)
            else:
                self.others.append(len(payload))

        websocket.on("framesent", sent)

    def _note(self, request):
        self.hosts.add(request.url.split("/")[2] if "//" in request.url else "")
        self.others.append(len(request.post_data_buffer or b""))


@pytest.mark.alone
@pytest.mark.shared
@pytest.mark.skipif(not SIGNER.is_dir(), reason="../shared/photos is not here")
def test_two_words_of_an_unseen_signer_are_read_and_no_picture_leaves(address, tmp_path):
    clip = tmp_path / "webcam.mjpeg"
    scenes = words_of_signer(WORDS, SIGNER, images.read(EMPTY_SCENE), letter_seconds=LETTER_SECONDS)
    seconds = write_webcam_file(clip, scenes)
    with running_browser(clip) as browser:
        page = open_live(browser, address, ASKED)
        traffic = Traffic(page)
        start_device_camera(page)
        words = read_until(page, set(WORDS), ROUNDS * seconds)
        assert set(WORDS) <= set(words), words
        page.locator(".st-key-letter_card").get_by_text("FPS").wait_for()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Start", exact=True).wait_for()
    hello, *frames = traffic.frames
    assert isinstance(hello, str)
    assert len(frames) > 50
    assert {len(frame) for frame in frames} <= FRAME_SIZES
    assert max(traffic.others) <= MAX_MESSAGE_BYTES
    assert traffic.hosts <= {address.split("/")[2]}


def test_a_browser_without_webassembly_is_told_and_offered_the_other_sources(address):
    with running_browser() as browser:
        context = browser.new_context()
        context.add_init_script("delete window.WebAssembly;")
        page = open_live(context, address, ASKED)
        page.get_by_text("This browser is too old to read the camera by itself").wait_for()
        page.locator(".st-key-device_offers").get_by_role("button", name="Use snapshots").click()
        page.get_by_text("Take or choose a picture").first.wait_for()
        assert page.get_by_test_id("stException").count() == 0


@pytest.mark.alone
def test_spelling_goes_on_after_the_server_restarted_with_its_words(tmp_path):
    clip = tmp_path / "webcam.mjpeg"
    write_webcam_file(clip, words_of_drawn_hands(("LAB",), letter_seconds=LETTER_SECONDS))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running_browser(clip) as browser:
        with running_app(port=port) as address:
            page = open_live(browser, address, ASKED)
            start_device_camera(page)
            text = kept_text_of(page)
        page.get_by_text("The server does not answer").wait_for()
        with running_app(port=port):
            page.get_by_text("The server does not answer").wait_for(state="detached")
            wait_for_longer(page, text)
            assert page.get_by_test_id("stException").count() == 0


def test_it_fits_on_a_phone(address):
    with running_browser() as browser:
        page = open_live(browser, address, ASKED)
        page.set_viewport_size({"width": 390, "height": 844})
        page.get_by_role("button", name="Start", exact=True).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def kept_text_of(page) -> str:
    """Wait until this browser keeps letters for a restart; return them."""
    kept = "JSON.parse(JSON.parse(localStorage.getItem('asl-live-words')).words).text"
    page.wait_for_function("localStorage.getItem('asl-live-words')")
    return str(page.evaluate(kept)).strip()


def wait_for_longer(page, text: str) -> None:
    """Wait until the page shows `text` and further letters after it."""
    shown = ""
    for _ in range(240):
        shown = transcript_of(page)
        if shown.startswith(text) and len(shown.strip()) > len(text):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{shown!r} after {text!r}")
