"""A model that vanishes, breaks and changes while the server runs: pages say so, the service reads.

One server for the whole story: the photo page looks at the files for each visitor, the service
keeps what it loaded until it is restarted.
"""

import io
import json
import os
import time
import urllib.error
import urllib.request

import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from scripts.running_app import chromium_path, running_app, running_browser, wait_until_idle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
]

WAIT_S = 120
NAME = "constant"


def write_model(folder, letter):
    from scripts.made_up_run import write_constant_model

    write_constant_model(folder, letter)


@pytest.fixture
def models(tmp_path):
    from scripts.made_up_run import write_made_up_run

    write_made_up_run(tmp_path / "models" / NAME)
    write_model(tmp_path / "models" / NAME, "A")
    return tmp_path / "models"


@pytest.fixture
def picture(tmp_path):
    from asl_core.drawing.drawn_letters import drawn_letter

    path = tmp_path / "hand.png"
    Image.fromarray(drawn_letter("L", 320)).save(path)
    return path


def ask(address, picture):
    """Post a picture; return the status and the letter, or the sentence."""
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    request = urllib.request.Request(
        f"{address}/predict",
        head + picture.read_bytes() + b"\r\n--b--\r\n",
        {"Content-Type": "multipart/form-data; boundary=b"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(io.BytesIO(answer.read()))["prediction"]
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["error"]


def ask_when_loaded(address, picture):
    deadline = time.monotonic() + WAIT_S
    while (answer := ask(address, picture))[1] == (
        "The model is loading; try again in a few seconds."
    ):
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return answer


def read_on_page(browser, address, picture):
    """Upload a picture as a new visitor; return the letter, or the sentence that stands there."""
    page = browser.new_page()
    page.set_default_timeout(WAIT_S * 1000)
    try:
        page.goto(f"{address}/photo")
        wait_until_idle(page)
        if page.locator("input[type=file]").count():
            page.locator("input[type=file]").set_input_files(os.fspath(picture))
            shown = page.get_by_test_id("stMetricValue").or_(page.get_by_test_id("stAlert"))
            shown.first.wait_for()
        assert page.get_by_test_id("stException").count() == 0
        letters = page.get_by_test_id("stMetricValue")
        return (letters if letters.count() else page.get_by_test_id("stMain")).first.inner_text()
    finally:
        page.close()


def test_pages_and_service_outlive_a_model_that_vanishes_and_changes(models, picture):
    folder, settings = models / NAME, {"ASL_SERVICE_MODEL": NAME, "ASL_MODELS": str(models)}
    nothing = str(models / "none")
    with (
        running_app({**settings, "ASL_RUNS": nothing, "ASL_PHOTOS": str(models)}) as address,
        running_browser() as browser,
    ):
        assert ask_when_loaded(address, picture) == (200, "A")
        assert read_on_page(browser, address, picture) == "A"

        weights = (folder / "weights.safetensors").read_bytes()
        (folder / "weights.safetensors").unlink()  # what is loaded stays in memory
        assert read_on_page(browser, address, picture) == "A"
        os.utime(folder / "model.json")  # a model that has to be loaded anew
        assert "constant has no weights.safetensors." in read_on_page(browser, address, picture)
        assert ask(address, picture) == (200, "A")

        (folder / "weights.safetensors").write_bytes(weights[:-1000] + bytes(1000))
        said = read_on_page(browser, address, picture)
        assert "constant/weights.safetensors was altered (SHA-256 " in said

        kept = (folder / "model.json").read_bytes()
        (folder / "model.json").write_bytes(kept[:100])
        assert "model.json" in read_on_page(browser, address, picture)
        (folder / "model.json").unlink()
        assert "constant has no model.json" in read_on_page(browser, address, picture)
        assert ask(address, picture) == (200, "A")

        write_model(folder, "C")
        assert read_on_page(browser, address, picture) == "C"
        assert ask(address, picture) == (200, "A"), "the service keeps the model that it loaded"


def test_a_service_whose_model_is_missing_says_so_and_the_pages_live(models, picture):
    settings = {"ASL_SERVICE_MODEL": NAME, "ASL_MODELS": str(models), "ASL_RUNS": str(models)}
    with running_app({**settings, "ASL_PHOTOS": str(models)}) as address:
        (models / NAME / "weights.safetensors").unlink()
        status, said = ask_when_loaded(address, picture)
        assert status == 503
        assert said == "The model could not be loaded: constant has no weights.safetensors."
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"{address}/", timeout=30) as answer:
            assert b"<title>" in answer.read()
