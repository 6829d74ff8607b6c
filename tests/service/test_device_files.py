"""What browsers load: each file at an address of its own content, from this app."""

import gzip
import hashlib
import json
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from asl_core.errors import RunError
from asl_core.live.device_visits import DeviceVisits
from asl_core.records.training_run import TrainingRun
from asl_core.service import device_files
from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings
from scripts.made_up_run import write_web_model

CONTENT = b"letters of a network" * 50


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "my-run"
    folder.mkdir()
    write_web_model(folder, CONTENT)
    return TrainingRun(folder)


@pytest.fixture
def client(run, reader, monkeypatch):
    monkeypatch.setattr(device_files, "_letters_in_memory", {})

    def choose_run(name):
        if name not in (None, "my-run"):
            raise RunError(f"There is no run {name!r}.")
        return run

    source = SimpleNamespace(
        visits=DeviceVisits(), open_visit=None, natural=None, choose_run=choose_run
    )
    service = create_service(
        ServiceSettings(workers=1), reader.open_recognizer, reader.open_detector, source
    )
    return TestClient(service.api, raise_server_exceptions=False)


def test_the_manifest_names_every_file_and_each_is_what_it_says(client):
    manifest = client.get("/device-files.json?model=my-run").json()
    assert set(manifest["files"]) == {
        *("vision", "vision_loader", "vision_wasm", "landmarker"),
        *("runtime", "runtime_loader", "runtime_wasm", "letters"),
    }
    for file in manifest["files"].values():
        answer = client.get(f"/{file['path']}")
        assert answer.status_code == 200
        assert len(answer.content) == file["bytes"]
        assert hashlib.sha256(answer.content).hexdigest()[:16] == file["path"].split("/")[1]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == file["wire_bytes"]
    assert sum(file["wire_bytes"] for file in manifest["files"].values()) < 30_000_000


def test_the_manifest_holds_what_the_network_must_be_given(client):
    model = client.get("/device-files.json").json()["model"]
    assert model["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert model["classes"] == ["A", "B", "C"]
    assert model["preprocessing"]["input_size"] == 112
    assert model["schema_version"] == 1


def test_who_takes_no_gzip_gets_the_plain_file(client):
    path = client.get("/device-files.json").json()["files"]["letters"]["path"]
    answer = client.get(f"/{path}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == CONTENT


@pytest.mark.parametrize(
    "path",
    ["/device-files/0000000000000000/letters.onnx", "/device-files/0000/..%2F..%2Fapp.py"],
)
def test_another_file_is_not_to_be_had(client, path):
    client.get("/device-files.json")
    assert client.get(path).status_code == 404


def test_a_run_that_is_not_there_is_one_sentence(client):
    answer = client.get("/device-files.json?model=other")
    assert answer.status_code == 503
    assert answer.json() == {"error": "There is no run 'other'."}


def test_a_run_without_a_form_for_browsers_says_how_to_make_one(client, run):
    (run.folder / "web.json").unlink()
    assert "export my-run --format web" in client.get("/device-files.json").json()["error"]


def test_an_altered_network_is_not_sent(client, run):
    (run.folder / "picture.int8.onnx").write_bytes(b"another")
    assert (
        "is another one than web.json tells of" in client.get("/device-files.json").json()["error"]
    )


def test_packed_files_are_unpacked_to_what_they_were():
    file = device_files._packed("x", CONTENT, "0")
    assert gzip.decompress(file.content) == CONTENT
    assert json.dumps(file.path)
