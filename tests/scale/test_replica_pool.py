"""The pool without Ray: its replicas are fakes."""

import asyncio
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from asl_core.errors import ImageError, ModelFileError
from asl_core.letters.model_file import Calibration
from asl_core.scale import replica_pool
from asl_core.scale.answers import ModelSummary, Refusal
from asl_core.scale.replica_pool import ReplicaPool
from asl_core.scale.replicas import ReplicaLostError
from asl_core.service.reading_pool import PoolFullError, PoolNotReadyError
from asl_core.service.timed_reading import TimedReading

MODEL = ModelSummary(
    "colours", "c0", "1.2.3", Calibration(rejection_threshold=0.8), ("A", "B", "J")
)
ANSWER = TimedReading(reading=object(), model=MODEL, wait_ms=1.0, decode_ms=2.0)


class FakeReplicas:
    """Answers in turn with `answers`, an error being raised; the last one goes on for ever."""

    def __init__(self, *answers, described=MODEL, failure=None, slots=1):
        self.answers = list(answers) or [ANSWER]
        self.described = described
        self.failure = failure
        self.slots_now = slots
        self.asked = []
        self.gate = threading.Event()
        self.gate.set()
        self.opening = threading.Event()
        self.is_closed = False
        self.renewed = 0

    def open(self, is_wanted):
        self.opening.set()
        while is_wanted() and not self.gate.wait(0.01):
            pass
        if self.failure:
            raise self.failure

    async def describe(self):
        return self.described

    async def read(self, data):
        self.asked.append(data)
        while not self.gate.is_set():
            await asyncio.sleep(0.005)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def renew(self):
        self.renewed += 1
        self.described = replace(MODEL, digest="c1")

    def slots(self):
        return self.slots_now

    def close(self):
        self.is_closed = True


@pytest.fixture
def open_pool(wait_until):
    """Return a function that opens a pool before fakes and waits until it is ready."""
    opened = []

    def open_it(replicas, queue_size=4):
        pool = ReplicaPool(replicas, queue_size)
        opened.append((pool, replicas))
        pool.start()
        wait_until(lambda: pool.state not in ("idle", "loading"))
        return pool

    yield open_it
    for pool, replicas in opened:
        replicas.gate.set()
        pool.close()


def test_a_reading_comes_from_a_replica(open_pool):
    replicas = FakeReplicas()
    pool = open_pool(replicas)
    assert pool.state == "ready"
    assert pool.recognizer == MODEL
    assert pool.submit(b"picture").result(20) is ANSWER
    assert replicas.asked == [b"picture"]


def test_a_picture_whose_replica_ended_is_read_by_another(open_pool):
    replicas = FakeReplicas(ReplicaLostError("killed"), ANSWER)
    pool = open_pool(replicas)
    assert pool.submit(b"picture").result(20) is ANSWER
    assert replicas.asked == [b"picture"] * 2
    assert pool.retried == 1


def test_a_picture_whose_replicas_end_again_is_refused_for_now(open_pool):
    replicas = FakeReplicas(ReplicaLostError("killed"))
    pool = open_pool(replicas)
    with pytest.raises(PoolNotReadyError, match="2 readers ended while they had this picture"):
        pool.submit(b"picture").result(20)
    assert len(replicas.asked) == replica_pool.TRIES
    assert pool.waiting == 0


def test_what_is_no_picture_is_told_in_the_replicas_words(open_pool):
    pool = open_pool(FakeReplicas(Refusal("The image is not a picture.")))
    with pytest.raises(ImageError, match=r"^The image is not a picture\.$"):
        pool.submit(b"text").result(20)


def test_an_unknown_error_reaches_who_asked(open_pool):
    pool = open_pool(FakeReplicas(RuntimeError("secret"), ANSWER))
    with pytest.raises(RuntimeError, match="secret"):
        pool.submit(b"picture").result(20)
    assert pool.submit(b"picture").result(20) is ANSWER


def test_replicas_that_take_no_more_fill_the_queue(open_pool):
    pool = open_pool(FakeReplicas(PoolFullError("9 pictures are waiting already; try again soon.")))
    with pytest.raises(PoolFullError, match="9 pictures are waiting"):
        pool.submit(b"picture").result(20)


def test_the_queue_is_bounded_and_what_is_read_does_not_wait(open_pool, wait_until):
    replicas = FakeReplicas(slots=2)
    pool = open_pool(replicas, queue_size=1)
    replicas.gate.clear()
    futures = [pool.submit(b"picture") for _ in range(2)]
    assert pool.waiting == 0
    futures.append(pool.submit(b"picture"))
    assert pool.waiting == 1
    with pytest.raises(PoolFullError, match=r"^1 pictures are waiting already; try again soon\.$"):
        pool.submit(b"picture")
    replicas.gate.set()
    assert [future.result(20) for future in futures] == [ANSWER] * 3
    wait_until(lambda: pool.waiting == 0)
    assert pool.submit(b"picture").result(20) is ANSWER


def test_the_number_of_replicas_is_followed(open_pool, wait_until, monkeypatch):
    monkeypatch.setattr(replica_pool, "_SLOTS_SECONDS", 0.01)
    replicas = FakeReplicas(slots=1)
    pool = open_pool(replicas)
    replicas.gate.clear()
    futures = [pool.submit(b"picture") for _ in range(3)]
    assert pool.waiting == 2
    replicas.slots_now = 3
    wait_until(lambda: pool.waiting == 0)
    replicas.gate.set()
    assert all(future.result(20) for future in futures)


def test_no_replica_in_time(open_pool, monkeypatch):
    monkeypatch.setattr(replica_pool, "READ_SECONDS", 0.05)
    replicas = FakeReplicas()
    pool = open_pool(replicas)
    replicas.gate.clear()
    with pytest.raises(PoolNotReadyError, match="No reader was free"):
        pool.submit(b"picture").result(20)


@pytest.mark.parametrize(
    "replicas",
    [
        FakeReplicas(described=Refusal("weights.safetensors was altered.")),
        FakeReplicas(failure=ModelFileError("weights.safetensors was altered.")),
    ],
    ids=["told by a replica", "on the way"],
)
def test_a_model_that_cannot_be_loaded(replicas, wait_until):
    told = threading.Event()
    pool = ReplicaPool(replicas, 4)
    pool.on_failure = told.set
    pool.start()
    assert told.wait(20)
    assert pool.state == "failed"
    assert str(pool.failure) == "weights.safetensors was altered."
    with pytest.raises(PoolNotReadyError, match=r"could not be loaded: weights\.safetensors was"):
        pool.submit(b"picture")
    wait_until(lambda: replicas.is_closed)
    pool.close()


def test_while_replicas_start(wait_until):
    replicas = FakeReplicas()
    replicas.gate.clear()
    pool = ReplicaPool(replicas, 4)
    assert pool.state == "idle"
    pool.start()
    pool.start()
    assert replicas.opening.wait(20)
    assert pool.state == "loading"
    with pytest.raises(PoolNotReadyError, match=r"The model is loading; try again in a few"):
        _ = pool.recognizer
    pool.close()
    wait_until(lambda: replicas.is_closed)
    assert pool.state == "closed"
    with pytest.raises(PoolNotReadyError, match="shutting down"):
        pool.submit(b"picture")


def test_closing_waits_for_what_is_read(open_pool, wait_until):
    replicas = FakeReplicas()
    pool = open_pool(replicas)
    replicas.gate.clear()
    future = pool.submit(b"picture")
    closing = threading.Thread(target=pool.close)
    closing.start()
    wait_until(lambda: pool.state == "closed")
    assert not replicas.is_closed
    replicas.gate.set()
    closing.join(20)
    assert future.result(0) is ANSWER
    assert replicas.is_closed
    assert not pool._thread.is_alive()


def test_a_pool_that_was_never_started_can_be_closed():
    pool = ReplicaPool(FakeReplicas(), 4)
    pool.close()
    pool.start()
    assert pool.state == "closed"


def test_a_swapped_model_is_in_all_replicas(open_pool):
    replicas = FakeReplicas()
    pool = open_pool(replicas)
    other = SimpleNamespace(name="colours", classes=("A", "B", "J"))
    assert pool.renew(lambda: other) is other
    assert replicas.renewed == 1
    assert pool.recognizer.digest == "c1"


def test_a_model_that_does_not_fit_reaches_no_replica(open_pool):
    replicas = FakeReplicas()
    pool = open_pool(replicas)
    with pytest.raises(ModelFileError, match="colours has 1 classes, which are not the 3 of the"):
        pool.renew(lambda: SimpleNamespace(name="colours", classes=("A",)))
    assert replicas.renewed == 0
    assert pool.recognizer == MODEL
