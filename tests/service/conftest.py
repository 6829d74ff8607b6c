"""A service whose reader is a fake: the picture's red value says what is read in it."""

import base64
import io
import threading
import time
import uuid
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings

WARM_UP_SHAPE = (256, 256, 3)
PICTURE_SIZE = (40, 80)  # height and width


class FileGate:
    """A gate that other processes see too, and how many frames came to it; open at first."""

    def __init__(self, folder):
        self._closed = folder / "closed"
        self._frames = folder / "frames"
        self._frames.mkdir()

    def clear(self):
        self._closed.touch()

    def set(self):
        self._closed.unlink(missing_ok=True)

    def wait(self, seconds):
        deadline = time.monotonic() + seconds
        while self._closed.exists():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def note_frame(self):
        (self._frames / uuid.uuid4().hex).touch()

    def forget_frames(self):
        for frame in self._frames.iterdir():
            frame.unlink()

    @property
    def frames(self):
        return len(list(self._frames.iterdir()))


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
        self._gate.note_frame()
        assert self._gate.wait(20)
        if frame[0, 0, 0] == 13:
            raise RuntimeError("a secret of the server")
        if frame.shape[:2] != PICTURE_SIZE:
            return None  # the fake reads nothing but `picture`
        return self._detect(frame)

    def close(self):
        self.is_closed = True


@pytest.fixture
def reader(colour_pipeline, tmp_path):
    """Return the fakes of a pool: recognizer, detectors as they are opened, the gate (open)."""
    gate = FileGate(tmp_path)
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


@pytest.fixture(params=["threads", pytest.param("ray", marks=pytest.mark.slow)])
def engine(request):
    """Return what reads behind the service: what goes over HTTP is the same."""
    return request.param


@pytest.fixture(scope="session")
def ray_readers(ray_here, make_colour_pipeline, tmp_path_factory):
    """Yield a replica of Ray Serve with the fakes, and its gate; one serves all tests."""
    from asl_core.scale.deployed_readers import DeployedReaders
    from asl_core.scale.replica_settings import ReplicaSettings

    gate = FileGate(tmp_path_factory.mktemp("gate"))
    readers = DeployedReaders(
        ReplicaSettings(queue_size=1000),
        lambda: make_colour_pipeline().recognizer,
        lambda: GatedDetector(make_colour_pipeline().detector.detect, gate),
    )
    readers.open(lambda: True)
    yield readers, gate
    gate.set()
    readers.close()


class Lent:
    """Replicas that stay when a pool that used them is closed."""

    def __init__(self, readers):
        self.describe, self.read, self.slots = readers.describe, readers.read, readers.slots

    def open(self, is_wanted):
        pass

    def close(self):
        pass


@pytest.fixture
def start(reader, wait_until, engine, request):
    """Return a function that starts a service with settings and gives its client, ready."""
    running = []

    def pool_of(settings):
        if engine == "threads":
            return None
        from asl_core.scale.replica_pool import ReplicaPool

        readers, reader.gate = request.getfixturevalue("ray_readers")
        reader.gate.forget_frames()
        return ReplicaPool(Lent(readers), settings.queue_size)

    def start_it(**settings):
        chosen = ServiceSettings(**{"workers": 1, "requests_per_second": 0} | settings)
        service = create_service(
            chosen, reader.open_recognizer, reader.open_detector, pool=pool_of(chosen)
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
