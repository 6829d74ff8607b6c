import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app

ROOT = Path(__file__).parents[2]
SECONDS = 120


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return the folder of a model that reads every hand as A."""
    from scripts.made_up_run import write_constant_model, write_made_up_run

    folder = tmp_path_factory.mktemp("models") / "constant"
    write_made_up_run(folder)
    write_constant_model(folder)
    return folder


@contextmanager
def serving(model):
    process = subprocess.Popen(
        [sys.executable, "-m", "asl_core", "serve", "--port", "0", "--model", str(model)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address_of(process):
    line = process.stdout.readline()
    assert line.startswith("Serving at http://127.0.0.1:"), process.stderr.read()
    return line.removeprefix("Serving at ").split(";")[0]


def wait_until_ready(address):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            assert error.code == 503
            time.sleep(0.1)
    raise AssertionError("not ready in time")


@pytest.mark.slow
def test_a_real_process_serves_until_ctrl_c(model, drawn_frame):
    import base64
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(drawn_frame("B")).save(buffer, "JPEG")
    picture = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    with serving(model) as process:
        address = address_of(process)
        assert wait_until_ready(address) == {"status": "ready", "model": "constant"}
        request = urllib.request.Request(
            f"{address}/predict",
            json.dumps({"image": picture}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert "server" not in answer.headers
            assert json.load(answer)["prediction"] == "A"
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert (rest, errors) == ("", "")
    assert process.returncode == 0


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_ends_it(model, tmp_path):
    import shutil

    broken = shutil.copytree(model, tmp_path / "broken")
    (broken / "weights.safetensors").write_bytes(b"nonsense")
    with serving(broken) as process:
        assert process.wait(SECONDS) == 1
        sentence = process.stderr.read()
    assert sentence.startswith("The model could not be loaded: ")
    assert "weights.safetensors" in sentence
    assert len(sentence.splitlines()) == 1


WRONG = {
    "model": (["--model", "nowhere"], "There is no run 'nowhere'"),
    "workers": (["--workers", "0"], "workers is 0; allowed are 1 to 16."),
    "proxy": (["--proxy", "house"], "'house' is not an address or network of a proxy"),
    "host": (["--host", "203.0.113.1"], "Cannot listen at 203.0.113.1, port 5000: "),
}


@pytest.mark.parametrize(("options", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_option_is_one_sentence(options, sentence):
    result = CliRunner().invoke(app, ["serve", *options])
    assert result.exit_code == 1
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


def test_a_port_that_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["serve", "--port", str(port)])
    assert result.exit_code == 1
    assert result.stderr == f"Cannot listen at 127.0.0.1, port {port}: Address already in use.\n"


def test_options_win_over_the_environment(monkeypatch):
    from asl_core.commands.serve import _settings

    monkeypatch.setenv("ASL_SERVICE_QUEUE_SIZE", "9")
    monkeypatch.setenv("ASL_SERVICE_BURST", "8")
    settings = _settings(queue_size=3, burst=None)
    assert (settings.queue_size, settings.burst) == (3, 8)
