"""`streamlit run app.py` serves the pages and the HTTP service from one process."""

import base64
import io
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api", reason="scripts.running_app needs playwright")

from pages.panels.frame.menu import APP_TITLE
from scripts.running_app import running_app

pytestmark = pytest.mark.slow

SECONDS = 120


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    from scripts.made_up_run import write_constant_model, write_made_up_run

    folder = tmp_path_factory.mktemp("models")
    write_made_up_run(folder / "constant")
    write_constant_model(folder / "constant", "C")
    environment = {"ASL_MODELS": str(folder), "ASL_SERVICE_MODEL": "constant"}
    with running_app(environment) as running:
        yield running


def ask(request):
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_service_answers_beside_the_pages(address, drawn_frame):
    assert ask(f"{address}/healthz") == (200, '{"status":"alive"}')
    status, text = ask(f"{address}/readyz")
    assert (status, json.loads(text)["error"]) == (
        503,
        "The model is loading; try again in a few seconds.",
    )
    deadline = time.monotonic() + SECONDS
    while (ready := ask(f"{address}/readyz"))[0] == 503 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert ready[0] == 200
    assert json.loads(ready[1])["model"] == "constant"
    buffer = io.BytesIO()
    Image.fromarray(drawn_frame("B")).save(buffer, "JPEG")
    image = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    body = json.dumps({"image": image}).encode()
    headers = {"Content-Type": "application/json"}
    status, text = ask(urllib.request.Request(f"{address}/predict", body, headers))
    assert (status, json.loads(text)["prediction"]) == (200, "C")


def test_the_pages_are_still_there(address):
    for path in ("", "photo", "_stcore/health"):
        status, text = ask(f"{address}/{path}")
        assert status == 200
        assert text == "ok" if "health" in path else f"<title>{APP_TITLE}" in text
    status, text = ask(f"{address}/camera")
    assert status == 200
    assert "Spell with your camera" in text


WRONG = {
    "service": ("ASL_SERVICE_QUEUE_SIZE", "many", "is 'many', not a whole number."),
    "pages": ("ASL_LIVE_SOURCE", "film", "is 'film'; known are video, device, snapshots."),
    "log": ("ASL_LOG_FORMAT", "loud", "is 'loud'; allowed are text, json."),
}


@pytest.mark.parametrize(("variable", "value", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_setting_ends_the_start_with_one_sentence(variable, value, sentence):
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    ended = subprocess.run(
        [*command, "--server.port=0"],
        check=False,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert ended.returncode == 1
    said = ended.stdout + ended.stderr
    assert f"cannot start: {variable} {sentence}" in said
    assert "Traceback" not in said
