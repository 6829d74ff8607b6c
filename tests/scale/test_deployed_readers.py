"""Two replicas of Ray Serve on this machine, one of which is killed."""

import io
import threading
import time
from collections import Counter

import psutil
import pytest
from PIL import Image

from asl_core.scale.replica_pool import ReplicaPool
from asl_core.scale.replica_settings import ReplicaSettings
from asl_core.service.reading_pool import PoolFullError, PoolNotReadyError

# Alone: replicas that start beside another heavy test take longer than anyone waits.
pytestmark = [pytest.mark.slow, pytest.mark.alone]

APPLICATION = "pair"
PICTURES = 60


def encoded():
    buffer = io.BytesIO()
    Image.new("RGB", (80, 40), (100, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def replica_processes():
    title = f"ray::ServeReplica:{APPLICATION}:"
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if (process.cmdline() or [""])[0].startswith(title):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.fixture
def pool(ray_here, make_colour_pipeline, wait_until):
    from asl_core.scale.deployed_readers import DeployedReaders

    def open_detector():
        detector = make_colour_pipeline().detector
        detect = detector.detect

        def slowly(frame, timestamp_ms=0):
            if frame.shape != (40, 80, 3):
                return None
            time.sleep(0.1)
            return detect(frame)

        detector.detect = slowly
        return detector

    def open_recognizer():
        return make_colour_pipeline().recognizer

    readers = DeployedReaders(
        ReplicaSettings(replicas=2, queue_size=PICTURES),
        open_recognizer,
        open_detector,
        application=APPLICATION,
    )
    pool = ReplicaPool(readers, PICTURES)
    pool.start()
    wait_until(lambda: pool.state != "loading", 120)
    assert pool.state == "ready", pool.failure
    yield pool
    pool.close()


def test_a_killed_replica_loses_no_picture(pool, wait_until):
    assert pool._replicas.slots() == 2
    assert len(replica_processes()) == 2
    futures = [pool.submit(encoded()) for _ in range(PICTURES)]
    # Both read by now, and most pictures wait for them.
    futures[0].result(90)
    replica_processes()[0].kill()
    fates: Counter[str] = Counter()
    for future in futures:
        try:
            fates[future.result(90).reading.prediction.best.label] += 1
        except (PoolFullError, PoolNotReadyError):
            fates["503"] += 1
    assert set(fates) <= {"A", "503"}
    assert sum(fates.values()) == PICTURES
    assert fates["A"] > PICTURES / 2
    assert pool.retried >= 1
    # The killed one is started again.
    wait_until(lambda: pool._replicas.slots() == 2, 120)
    assert pool.submit(encoded()).result(60).reading.prediction.best.label == "A"


def test_a_swap_loses_no_picture(pool, make_colour_pipeline):
    before = {process.pid for process in replica_processes()}
    swapping = threading.Thread(
        target=lambda: pool.renew(lambda: make_colour_pipeline().recognizer), daemon=True
    )
    swapping.start()
    read = 0
    while swapping.is_alive() or read < 5:
        futures = [pool.submit(encoded()) for _ in range(4)]
        assert {f.result(90).reading.prediction.best.label for f in futures} == {"A"}
        read += len(futures)
    assert not before & {process.pid for process in replica_processes()}
    assert pool.recognizer.name == "colours"
