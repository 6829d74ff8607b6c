import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from asl_core.errors import ModelFileError
from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings
from asl_core.service.side_routes import ROUTES

ROOT = Path(__file__).parents[2]


def test_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = {
        "status": "ready",
        "model": "colours",
        "model_version": "1.2.3",
        "model_digest": "c0" * 32,
    }
    assert client.get("/readyz").json() == ready


def test_while_the_model_loads(reader, data_url):
    gate = threading.Event()

    def slow():
        assert gate.wait(20)
        return reader.open_recognizer()

    service = create_service(ServiceSettings(workers=1), slow, reader.open_detector)
    with TestClient(service.api) as client:
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
        answer = client.post("/predict", json={"image": data_url()})
        gate.set()
    for refused in (ready, answer):
        assert refused.status_code == 503
        assert refused.json() == {"error": "The model is loading; try again in a few seconds."}
        assert int(refused.headers["retry-after"]) > 0


def test_a_model_that_cannot_be_loaded_is_one_sentence(reader):
    def broken():
        raise ModelFileError("weights.safetensors was altered.")

    service = create_service(ServiceSettings(workers=2), broken, reader.open_detector)
    with TestClient(service.api) as client:
        for thread in service.pool._threads:
            thread.join(20)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["error"] == (
        "The model could not be loaded: weights.safetensors was altered."
    )


def test_a_lazy_service_loads_at_its_first_request(reader, data_url, wait_until):
    service = create_service(
        ServiceSettings(workers=1), reader.open_recognizer, reader.open_detector
    )
    outer = Starlette(routes=service.routes(), lifespan=lambda _: service.running(is_eager=False))
    with TestClient(outer) as client:
        assert client.get("/healthz").status_code == 200
        assert service.pool.state == "idle"
        assert client.post("/predict", json={"image": data_url()}).status_code == 503
        wait_until(lambda: service.pool.state == "ready")
        assert client.post("/predict", json={"image": data_url()}).json()["prediction"] == "A"
        assert client.get("/predict").status_code == 405
        assert client.get("/nowhere").status_code == 404
    assert service.pool.state == "closed"
    assert [detector.is_closed for detector in reader.detectors] == [True]


@pytest.mark.parametrize("engine", ["threads"], indirect=True)
def test_the_end_leaves_no_thread_and_no_detector(start, reader):
    client = start(workers=2)
    threads = client.service.pool._threads
    assert all(thread.is_alive() for thread in threads)
    client.__exit__(None, None, None)
    assert not any(thread.is_alive() for thread in threads)
    assert [detector.is_closed for detector in reader.detectors] == [True, True]


WRONG = {
    "address": (
        "GET",
        "/nowhere",
        404,
        "There is nothing at '/nowhere'; /docs lists what there is.",
    ),
    "method": ("GET", "/predict", 405, "'GET' is not possible at '/predict'; allowed is POST."),
    "delete": (
        "DELETE",
        "/metrics",
        405,
        "'DELETE' is not possible at '/metrics'; allowed is GET.",
    ),
    "file": ("GET", "/service-files/x.py", 404, "The pages have no file 'x.py'."),
    "way out": ("GET", "/service-files/..%2fsettings.py", 404, None),
}


@pytest.mark.parametrize(("method", "path", "status", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_the_router_refuses(client, method, path, status, sentence):
    answer = client.request(method, path)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    if sentence:
        assert answer.json()["error"] == sentence


@pytest.mark.parametrize("path", ["/camera", "/docs"])
def test_pages_let_nothing_in_from_elsewhere(client, path):
    page = client.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    # WebAssembly alone may be compiled, from files of this app.
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style", page.text)
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links
    for link in links:
        assert "//" not in link
        assert client.get(f"/{link}").status_code == 200, link
    assert client.head(path).status_code == 200


def test_scripts_load_only_from_here(client):
    seen = {"camera.js", "api.js"}
    waiting = list(seen)
    while waiting:
        text = client.get(f"/service-files/{waiting.pop()}").text
        assert "http://" not in text.replace("http://localhost", "")
        for name in re.findall(r'from "\./([\w.]+)"', text):
            assert client.get(f"/service-files/{name}").status_code == 200
            waiting += [name] if name not in seen else []
            seen.add(name)
    assert seen >= {"device_camera.js", "device_overlay.js", "device_socket.js", "webcam.js"}


def test_the_start_leads_to_the_camera(client):
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "camera")


def test_the_document_names_every_refusal(client):
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) == {"/predict", "/healthz", "/readyz", "/metrics"}
    responses = document["paths"]["/predict"]["post"]["responses"]
    assert set(responses) == {"200", "400", "408", "413", "415", "422", "429", "503"}
    assert all(
        response["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorAnswer")
        for status, response in responses.items()
        if status != "200"
    )


def test_every_route_answers(client):
    for path in ROUTES:
        assert client.get(path).status_code == (405 if path == "/predict" else 200), path


def test_another_site_may_call_only_when_named(start, data_url):
    site = "https://example.org"
    call = {"json": {"image": data_url()}, "headers": {"Origin": site}}
    assert "access-control-allow-origin" not in start().post("/predict", **call).headers
    allowed = start(origins=(site,)).post("/predict", **call)
    assert allowed.headers["access-control-allow-origin"] == site


@pytest.mark.slow
def test_the_service_imports_nothing_heavy():
    script = (
        "import sys, asl_core.service.http_service\n"
        "heavy = {'torch', 'mediapipe', 'onnxruntime', 'pandas', 'streamlit'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1000:]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/camera", "/docs"])
def test_head_answers_like_get_without_a_body(client, path):
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.content == b""


@pytest.mark.parametrize("prefix", ["asl", "/asl/", "team/asl"])
def test_below_a_prefix_the_service_answers_there_and_only_there(client, prefix):
    outer = Starlette(routes=client.service.routes(prefix))
    below = TestClient(outer)
    root = "/" + prefix.strip("/")
    for path in ("/healthz", "/readyz", "/metrics", "/camera", "/docs", "/openapi.json"):
        assert below.get(f"{root}{path}").status_code == 200, path
        assert below.get(path).status_code == 404, path
    assert below.get(f"{root}/healthz").json() == {"status": "alive"}
    assert below.get(f"{root}/service-files/icon.svg").headers["content-type"] == "image/svg+xml"
    assert below.post(f"{root}/predict").status_code == 400
    assert 'route="/healthz"' in below.get(f"{root}/metrics").text
