"""A service whose reader is a fake: the picture's red value says what is read in it."""

import base64
import io
import threading
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings

WARM_UP_SHAPE = (256, 256, 3)


class GatedDetector:
    """The colour pipeline's detector; waits at `gate` and remembers being closed."""

    def __init__(self, detect, gate):
        self._detect = detect
        self._gate = gate
        self.is_closed = False
        self.threads = set()
        self.frames = 0

    def detect(self, frame, timestamp_ms=0):
        self.threads.add(threading.current_thread().name)
        if frame.shape == WARM_UP_SHAPE:
            return None
        self.frames += 1
        assert self._gate.wait(20)
        if frame[0, 0, 0] == 13:
            raise RuntimeError("a secret of the server")
        return self._detect(frame)

    def close(self):
        self.is_closed = True


@pytest.fixture
def reader(colour_pipeline):
    """Return the fakes of a pool: recognizer, detectors as they are opened, the gate (open)."""
    gate = threading.Event()
    gate.set()
    recognizer = colour_pipeline.recognizer
    opened = []

    def open_detector():
        opened.append(GatedDetector(colour_pipeline.detector.detect, gate))
        return opened[-1]

    return SimpleNamespace(
        gate=gate,
        detectors=opened,
        open_recognizer=lambda: recognizer,
        open_detector=open_detector,
    )


@pytest.fixture
def start(reader, wait_until):
    """Return a function that starts a service with settings and gives its client, ready."""
    running = []

    def start_it(**settings):
        settings = {"workers": 1, "requests_per_second": 0} | settings
        service = create_service(
            ServiceSettings(**settings), reader.open_recognizer, reader.open_detector
        )
        client = TestClient(service.api, raise_server_exceptions=False)
        client.__enter__()
        running.append(client)
        wait_until(lambda: service.pool.state == "ready")
        client.service = service
        return client

    yield start_it
    reader.gate.set()
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def client(start):
    """Return the client of a service with ordinary settings."""
    return start()


@pytest.fixture
def picture():
    """Return a function that encodes a picture of one red value; 0 shows no hand."""

    def encode(red=100, kind="PNG"):
        buffer = io.BytesIO()
        Image.new("RGB", (80, 40), (red, 0, 0)).save(buffer, kind)
        return buffer.getvalue()

    return encode


@pytest.fixture
def data_url(picture):
    """Return a function that writes such a picture as data URL."""
    return lambda red=100: "data:image/png;base64," + base64.b64encode(picture(red)).decode()
