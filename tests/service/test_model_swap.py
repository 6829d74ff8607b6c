"""A model is swapped under requests: none is lost, and none is read by two models."""

import logging
import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from asl_core.errors import ModelFileError
from asl_core.letters.prediction import LetterPrediction
from asl_core.service.http_service import create_service
from asl_core.service.model_swap import SharedRecognizer
from asl_core.service.settings import ServiceSettings

OLD, NEW = "01" * 32, "02" * 32
LETTER = {OLD: "A", NEW: "B"}
"""What each model reads in every hand."""


@pytest.fixture
def model(reader):
    """Return a function that makes a recognizer: digest -> reads every hand as LETTER says."""
    like = reader.open_recognizer()

    def make(digest, **other):
        shares = np.array([name == LETTER[digest] for name in like.classes], np.float32)
        own = {
            "digest": digest,
            "recognize": lambda hands: [LetterPrediction(like.classes, shares) for _ in hands],
        }
        return SimpleNamespace(**vars(like) | own | other)

    return make


@pytest.fixture
def service(reader, model, wait_until):
    """Yield a client of a running service of OLD; `files` holds what is loaded at the next swap."""
    files = [model(OLD)]

    def load():
        found = files[0]
        if isinstance(found, Exception):
            raise found
        return found

    settings = ServiceSettings(workers=3, queue_size=200, requests_per_second=0)
    made = create_service(settings, load, reader.open_detector)
    with TestClient(made.api, raise_server_exceptions=False) as client:
        made.swap.start()
        wait_until(lambda: made.pool.state == "ready")
        client.service, client.files = made, files
        yield client
        reader.gate.set()


def figure(client, name):
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(name):
            return float(line.rpartition(" ")[2])
    return None


def swaps(client, result):
    return figure(client, f'asl_model_swaps_total{{result="{result}"}}') or 0


def model_info(client):
    text = client.get("/metrics").text
    return [line for line in text.splitlines() if line.startswith("asl_model_info{")]


def test_every_request_of_a_stream_is_answered_by_one_model(service, model, data_url, wait_until):
    body, lock, stop = {"image": data_url()}, threading.Lock(), threading.Event()
    answers: list[tuple[int, Any]] = []

    def stream():
        while not stop.is_set():
            with lock:
                asked_after = len(answers)
            answer = service.post("/predict", json=body)
            with lock:
                answers.append((asked_after, answer))

    threads = [threading.Thread(target=stream) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers) >= 20)
    service.files[0] = renewed = model(NEW)
    service.service.swap.ask()
    wait_until(lambda: service.service.pool.recognizer is renewed)
    swapped_at = len(answers)
    wait_until(lambda: len(answers) >= swapped_at + 20)
    stop.set()
    for thread in threads:
        thread.join(20)

    assert {answer.status_code for _, answer in answers} == {200}
    told = [(asked, answer.json()) for asked, answer in answers]
    assert all(values["prediction"] == LETTER[values["model_digest"]] for _, values in told)
    digests = [values["model_digest"] for _, values in told]
    assert set(digests) == {OLD, NEW}
    first_new = digests.index(NEW)
    # Whoever asks after the new model has answered once is answered by it.
    later = {values["model_digest"] for asked, values in told if asked > first_new}
    assert later == {NEW}
    assert swaps(service, "done") == 1


def test_a_reading_under_way_ends_with_the_model_it_began_with(
    service, reader, model, picture, wait_until
):
    pool = service.service.pool
    reader.gate.clear()
    under_way = pool.submit(picture())
    wait_until(lambda: any(detector.frames for detector in reader.detectors))
    pool.renew(lambda: model(NEW))
    later = pool.submit(picture())
    assert not under_way.done()
    reader.gate.set()
    for future, digest in ((under_way, OLD), (later, NEW)):
        timed = future.result(20)
        assert timed.model.digest == digest
        assert timed.reading.prediction.best.label == LETTER[digest]


def test_ready_and_figures_name_the_model_that_reads(service, model, wait_until):
    assert service.get("/readyz").json()["model_digest"] == OLD
    assert model_info(service) == [f'asl_model_info{{digest="{OLD}",name="colours"}} 1.0']
    service.files[0] = model(NEW)
    service.service.swap.ask()
    wait_until(lambda: swaps(service, "done") == 1)
    assert service.get("/readyz").json() == {
        "status": "ready",
        "model": "colours",
        "model_version": "1.2.3",
        "model_digest": NEW,
    }
    assert model_info(service) == [f'asl_model_info{{digest="{NEW}",name="colours"}} 1.0']


FAILURES = {
    "altered": (
        ModelFileError("constant/weights.safetensors was altered."),
        "constant/weights.safetensors was altered.",
        False,
    ),
    "unexpected": (ZeroDivisionError("x"), "Unexpected; see the traceback.", True),
    "other classes": (
        {"classes": ("A", "B")},
        "colours has 2 classes, which are not the 3 of the model that is read with; restart to "
        "read with them.",
        False,
    ),
}


@pytest.mark.parametrize(
    ("failure", "sentence", "has_traceback"), FAILURES.values(), ids=FAILURES.keys()
)
def test_a_model_that_cannot_be_read_with_changes_nothing(
    service, model, data_url, wait_until, caplog, failure, sentence, has_traceback
):
    is_error = isinstance(failure, Exception)
    service.files[0] = failure if is_error else model(NEW, **failure)
    service.service.swap.ask()
    wait_until(lambda: swaps(service, "failed") == 1)
    (record,) = [one for one in caplog.records if one.getMessage() == "model_swap_failed"]
    assert record.levelno == logging.ERROR
    assert record.event_fields["sentence"] == sentence
    assert (record.exc_info is not None) == has_traceback
    assert service.get("/readyz").json()["model_digest"] == OLD
    assert service.post("/predict", json={"image": data_url()}).json()["model_digest"] == OLD
    assert swaps(service, "done") == 0

    service.files[0] = model(NEW)  # mended, and asked once more
    service.service.swap.ask()
    wait_until(lambda: swaps(service, "done") == 1)
    assert service.post("/predict", json={"image": data_url()}).json()["model_digest"] == NEW


def test_a_warm_up_that_fails_keeps_the_old_model_and_frees_its_detector(
    service, reader, model, wait_until
):
    opened = len(reader.detectors)
    service.files[0] = model(NEW, preprocessing=None)  # a pipeline cannot read with that
    service.service.swap.ask()
    wait_until(lambda: swaps(service, "failed") == 1)
    assert [detector.is_closed for detector in reader.detectors] == [False] * opened + [True]
    assert service.get("/readyz").json()["model_digest"] == OLD


def test_the_detector_of_the_warm_up_is_freed(service, reader, model):
    opened = len(reader.detectors)
    service.service.pool.renew(lambda: model(NEW))
    assert [detector.is_closed for detector in reader.detectors] == [False] * opened + [True]


def test_who_asks_during_a_swap_is_answered_by_one_more(service, model, wait_until):
    loading, loads = threading.Event(), []
    swap = service.service.swap

    def slow():
        loads.append(1)
        assert loading.wait(20)
        return model(NEW)

    swap._renew = lambda: service.service.pool.renew(slow)
    swap.ask()
    wait_until(lambda: loads)
    for _ in range(3):
        swap.ask()
    loading.set()
    wait_until(lambda: swaps(service, "done") == 2)
    assert len(loads) == 2


def test_who_asks_while_the_first_model_loads_waits_for_it(reader, model, wait_until):
    gate = threading.Event()
    loads: list[Any] = []

    def load():
        loads.append(model(NEW if loads else OLD))
        assert gate.wait(20)
        return loads[-1]

    made = create_service(ServiceSettings(workers=1), load, reader.open_detector)
    made.pool.start()
    made.swap.start()
    made.swap.ask()
    wait_until(lambda: loads)
    assert len(loads) == 1
    gate.set()
    wait_until(lambda: made.pool.state == "ready" and made.pool.recognizer.digest == NEW)
    made.swap.close()
    made.pool.close()


def test_a_service_that_ends_ends_the_thread(service, wait_until):
    thread = service.service.swap._thread
    assert thread.is_alive()
    service.service.swap.close()
    wait_until(lambda: not thread.is_alive())


def test_a_pool_that_does_not_read_is_not_renewed(reader, model, wait_until):
    made = create_service(ServiceSettings(workers=1), lambda: model(OLD), reader.open_detector)
    made.swap.start()
    made.swap.ask()
    failed = 'asl_model_swaps_total{result="failed"} 1.0'
    wait_until(lambda: failed in made.traffic.as_text().decode())
    made.swap.close()
    made.swap._thread.join(20)
    assert "asl_model_info{" not in made.traffic.as_text().decode()


def test_a_shared_recognizer_is_opened_once_until_it_is_replaced():
    opened = []
    shared = SharedRecognizer(lambda: opened.append(1) or object())
    first = shared()
    assert shared() is first
    assert len(opened) == 1
    second = object()
    shared.replace(second)
    assert shared() is second
    assert len(opened) == 1
