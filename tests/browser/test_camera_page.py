"""Spells with the camera page in a real Chromium: a film of drawn hands is its webcam."""

import base64
import io
import re
import time

import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from asl_core.live.device_message import MAX_MESSAGE_BYTES
from scripts.running_app import chromium_path
from scripts.running_service import browser_with_film, running_service, write_camera_film

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

WAIT_MS = 60_000
TUTORIAL_CLIENT = """async (image) => {
    const response = await fetch('/predict', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ image: image }),
    });
    const data = await response.json();
    return data.prediction;
}"""
REFUSE_CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
    throw new DOMException('no', '%s');
};"""
CAMERA_PROBLEMS = {
    "refused": ("NotAllowedError", "The browser may not use the camera."),
    "none": ("NotFoundError", "No camera was found."),
    "in use": ("NotReadableError", "The camera is in use by another program."),
    "another reason": ("SecurityError", "The camera cannot be opened: no."),
}


@pytest.fixture(scope="module")
def address():
    with running_service("--requests-per-second", "0") as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    film = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    write_camera_film(film, ("B", "L", ""), seconds_each=6)
    with browser_with_film(film) as running:
        yield running


def complaint(text):
    """Leave out what MediaPipe notes of its graph: information and warnings, as Google logs."""
    return [] if re.match(r"[IW]\d{4} |INFO: |Graph successfully", text) else [text]


@pytest.fixture
def open_page(browser, address):
    """Return a function that opens a page of the service in a new window."""
    contexts = []

    def open_it(path="camera", width=1280, script=""):
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.requested = [], []
        page.on("console", lambda message: page.complaints.extend(complaint(message.text)))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.requested.append(request.url))
        page.set_default_timeout(WAIT_MS)
        if script:
            page.add_init_script(script)
        page.goto(f"{address}/{path}")
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.alone
def test_letters_before_the_camera_become_text(open_page, address):
    page = open_page()
    sent = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda payload: sent.append(len(payload))))
    page.get_by_role("button", name="Start", exact=True).click()
    wait_until(page, lambda: {"B", "L"} <= set(page.inner_text("#text")))
    assert set(page.inner_text("#text")) <= {"B", "L", " "}
    assert page.locator(".figures").inner_text().startswith(tuple("123456789"))
    page.click("#clear")
    wait_until(page, lambda: page.inner_text("#text") in ("", "B", "L"))
    page.click("#undo")
    page.get_by_role("button", name="Stop", exact=True).click()
    assert page.inner_text("#verdict") == "The camera is off"
    assert page.locator("#space").is_disabled()
    assert max(sent) < MAX_MESSAGE_BYTES
    assert page.complaints == []
    assert all(url.startswith((address, "blob:")) for url in page.requested)


@pytest.mark.alone
def test_natural_spelling_is_a_choice_of_the_page(open_page):
    page = open_page()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_selector("#space:enabled")
    page.select_option("#speed", "natural")
    assert page.inner_text("#how").startswith("No letter is held")
    wait_until(page, lambda: {"B", "L"} <= set(page.inner_text("#text")))
    page.get_by_role("button", name="Stop", exact=True).click()
    kept = page.inner_text("#text")
    assert page.inner_text("#unsettled") == ""
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_selector("#space:enabled")
    wait_until(page, lambda: len(page.inner_text("#text")) > len(kept))
    assert page.inner_text("#text").startswith(kept)
    assert page.complaints == []


@pytest.mark.parametrize("path", ["camera", "docs"])
def test_a_page_fits_on_a_phone(open_page, path):
    page = open_page(path, width=390)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.complaints == []


@pytest.mark.parametrize(("name", "sentence"), CAMERA_PROBLEMS.values(), ids=CAMERA_PROBLEMS.keys())
def test_a_camera_that_cannot_be_used_is_explained(open_page, name, sentence):
    page = open_page(script=REFUSE_CAMERA % name)
    page.click(".start")
    page.wait_for_selector(".problem:visible")
    assert page.inner_text(".problem").startswith(sentence)
    assert page.inner_text(".start") == "Start"


def test_a_server_without_the_files_is_told(open_page):
    page = open_page()
    broken = {"status": 503, "json": {"error": "This model has no form for browsers."}}
    page.route("**/device-files.json", lambda route: route.fulfill(**broken))
    page.click(".start")
    page.wait_for_selector(".problem:visible")
    assert page.inner_text(".problem") == (
        "This source cannot be opened: This model has no form for browsers."
    )
    assert page.inner_text(".start") == "Start"


def test_the_tutorials_client_gets_its_answer(open_page, drawn_frame):
    buffer = io.BytesIO()
    Image.fromarray(drawn_frame("L", 640, 480)).save(buffer, "JPEG")
    image = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    assert open_page().evaluate(TUTORIAL_CLIENT, image) == "L"


def test_the_api_page_reads_a_picture(open_page, drawn_frame, address):
    buffer = io.BytesIO()
    Image.fromarray(drawn_frame("B", 640, 480)).save(buffer, "JPEG")
    page = open_page("docs")
    page.get_by_text("hand.landmarks", exact=True).wait_for()
    picture = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    page.set_input_files("#picture", picture)
    page.click("#send")
    wait_until(page, lambda: page.inner_text("#answer").startswith("200"))
    assert '"prediction": "B"' in page.inner_text("#answer")
    assert page.complaints == []
    assert all(url.startswith(address) for url in page.requested)


def wait_until(page, is_so):
    """Ask again and again from outside: the page's policy forbids `wait_for_function`'s eval."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline, "waited too long"
        page.wait_for_timeout(100)
