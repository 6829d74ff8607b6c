import base64
import importlib.util
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from typer.testing import CliRunner
from websockets.sync.client import connect

from asl_core.__main__ import app
from asl_core.folders import MODELS_FOLDER
from asl_core.letters.model_file import model_digest
from asl_core.records.training_run import SHIPPED_RUN

ROOT = Path(__file__).parents[2]
SECONDS = 300


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return the folder of a model that reads every hand as A."""
    from scripts.made_up_run import write_constant_model, write_made_up_run

    folder = tmp_path_factory.mktemp("models") / "constant"
    write_made_up_run(folder)
    write_constant_model(folder)
    return folder


@contextmanager
def serving(model, *options, **environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "asl_core", "serve", "--port", "0", "--model", str(model), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
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


def ask(address, frame):
    """Post a picture; return the headers and the reading."""
    buffer = io.BytesIO()
    Image.fromarray(frame).save(buffer, "JPEG")
    picture = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    request = urllib.request.Request(
        f"{address}/predict",
        json.dumps({"image": picture}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers, json.load(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        (),
        pytest.param(
            ("--engine", "ray", "--replicas", "2", "--workers", "1"),
            marks=pytest.mark.skipif(
                importlib.util.find_spec("ray") is None, reason="needs Ray: pip install '.[scale]'"
            ),
        ),
    ],
    ids=["threads", "ray"],
)
def test_a_real_process_serves_until_ctrl_c(model, drawn_frame, options):
    with serving(model, *options) as process:
        address = address_of(process)
        ready = wait_until_ready(address)
        assert (ready["status"], ready["model"]) == ("ready", "constant")
        headers, reading = ask(address, drawn_frame("B"))
        assert "server" not in headers
        assert reading["prediction"] == "A"
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert rest == ""
    loaded, request = map(json.loads, errors.splitlines())  # nothing else is written
    assert (loaded["event"], loaded["digest"]) == ("model_loaded", ready["model_digest"])
    assert (request["event"], request["status"]) == ("request", 200)
    assert request["request_id"] == headers["X-Request-ID"]
    assert process.returncode == 0


@pytest.mark.slow
def test_small_messages_of_devices_are_not_compressed(model):
    from asl_core.service.side_routes import DEVICE_SOCKET

    with serving(model) as process:
        address = address_of(process)
        with connect(
            address.replace("http", "ws", 1) + DEVICE_SOCKET, compression="deflate"
        ) as ours:
            assert ours.request.headers["Sec-WebSocket-Extensions"].startswith("permessage-deflate")
            assert "Sec-WebSocket-Extensions" not in ours.response.headers


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there is no SIGHUP here")
def test_a_hangup_swaps_the_shipped_model_under_requests(tmp_path, drawn_frame):
    folder = tmp_path / SHIPPED_RUN
    shutil.copytree(MODELS_FOLDER / SHIPPED_RUN, folder)
    values = json.loads((folder / "model.json").read_text())
    digest_before = model_digest(values)

    def write(scale):
        values["preprocessing"]["crop_scale"] = scale  # counts for the digest
        (folder / "model.json").write_text(json.dumps(values))

    with serving(SHIPPED_RUN, ASL_MODELS=str(tmp_path), ASL_LOG_LEVEL="error") as process:
        address = address_of(process)
        assert wait_until_ready(address)["model_digest"] == digest_before
        frame = drawn_frame("B")

        weights = (folder / "picture.int8.onnx").read_bytes()
        form = (folder / "picture.onnx").read_bytes()
        for name in ("picture.int8.onnx", "picture.onnx"):
            (folder / f"new-{name}").write_bytes(b"altered")
            (folder / f"new-{name}").replace(folder / name)
        process.send_signal(signal.SIGHUP)
        said = json.loads(process.stderr.readline())
        assert said["event"] == "model_swap_failed"
        assert "was altered (SHA-256 " in said["sentence"]
        assert ask(address, frame)[1]["model_digest"] == digest_before

        for name, content in (("picture.int8.onnx", weights), ("picture.onnx", form)):
            (folder / f"new-{name}").write_bytes(content)
            (folder / f"new-{name}").replace(folder / name)
        write(1.5)
        process.send_signal(signal.SIGHUP)
        digests: list[str] = []
        deadline = time.monotonic() + SECONDS
        while len(set(digests)) < 2 and time.monotonic() < deadline:
            _, reading = ask(address, frame)
            assert reading["prediction"] == "B"
            digests.append(reading["model_digest"])
        assert digests[-1] == model_digest(values) != digest_before
        assert set(digests[:-1]) == {digest_before}
        assert wait_until_ready(address)["model_digest"] == digests[-1]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there is no SIGHUP here")
@pytest.mark.parametrize("is_closed", [False, True])
def test_a_closed_terminal_ends_the_service_and_no_other_hangup_does(monkeypatch, is_closed):
    from asl_core.commands.serve import _swapping_on_hangup

    asked = []
    swap = SimpleNamespace(start=lambda: None, ask=lambda: asked.append(1))
    server = SimpleNamespace(should_exit=False)
    answers = iter([True, not is_closed])
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: next(answers)))
    before = signal.getsignal(signal.SIGHUP)
    with _swapping_on_hangup(SimpleNamespace(swap=swap), server):
        signal.raise_signal(signal.SIGHUP)
    assert server.should_exit == is_closed
    assert len(asked) == (not is_closed)
    assert signal.getsignal(signal.SIGHUP) is before


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_ends_it(model, tmp_path):
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


WRONG_VARIABLES = {
    "ASL_SERVICE_BURST": ("many", "ASL_SERVICE_BURST is 'many', not a whole number."),
    "ASL_MODELS": ("/nowhere", "ASL_MODELS is '/nowhere', which is no folder."),
    "ASL_NETWORK_FORM": ("int4", "ASL_NETWORK_FORM is 'int4', allowed are: int8, float32, torch."),
    "ASL_LOG_FORMAT": ("loud", "ASL_LOG_FORMAT is 'loud'; allowed are text, json."),
    "ASL_LOG_LEVEL": ("loud", "ASL_LOG_LEVEL is 'loud'; allowed are debug, info, warning, error."),
    "ASL_LIBRARY_LOGS": ("yes", "ASL_LIBRARY_LOGS is 'yes'; allowed are 0 and 1."),
}


@pytest.mark.parametrize(("variable", "case"), WRONG_VARIABLES.items(), ids=WRONG_VARIABLES.keys())
def test_a_wrong_variable_ends_the_start_with_one_sentence(variable, case):
    value, sentence = case
    result = CliRunner().invoke(app, ["serve", "--port", "0"], env={variable: value})
    assert result.exit_code == 1
    assert result.stderr == f"{sentence}\n"


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
