"""A photo that is given right after a start of the server, while what reads it is loaded."""

import base64
import io

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from pages.panels.frame.loading import SENTENCE
from scripts.running_app import chromium_path, running_app, running_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

WAIT_MS = 120_000

GIVE_AT_ONCE = """async (drawn) => {
    const field = 'input[type=file]';
    while (!document.querySelector(field)) await new Promise(requestAnimationFrame);
    const loads = document.body.innerText.includes(SENTENCE);
    const picture = await (await fetch(drawn)).blob();
    const files = new DataTransfer();
    files.items.add(new File([picture], 'hand.png', {type: 'image/png'}));
    const input = document.querySelector(field);
    input.files = files.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
    return loads;
}"""


def test_a_photo_given_while_the_model_loads_is_read():
    from PIL import Image

    from asl_core.drawing.drawn_letters import drawn_letter

    png = io.BytesIO()
    Image.fromarray(drawn_letter("L", 320)).save(png, "PNG")
    drawn = f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
    with running_browser() as browser:
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        with running_app() as address:
            page.goto(f"{address}/photo", wait_until="commit")
            give = GIVE_AT_ONCE.replace("SENTENCE", repr(SENTENCE))
            print("It was given while the page told that it loads:", page.evaluate(give, drawn))
            metric = page.get_by_test_id("stMetricValue")
            metric.wait_for()
            assert metric.inner_text() == "L"
            assert page.get_by_text("hand.png").count() >= 1
            assert page.get_by_test_id("stException").count() == 0
            page.close()
