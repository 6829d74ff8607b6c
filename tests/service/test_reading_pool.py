import threading

import pytest

from asl_core.errors import ImageError, ModelFileError
from asl_core.service.reading_pool import PoolFullError, PoolNotReadyError, ReadingPool


@pytest.fixture
def open_pool(reader, wait_until):
    """Return a function that opens a pool of fakes and waits until it is ready."""
    pools = []

    def open_it(workers=1, queue_size=4, open_recognizer=None):
        pool = ReadingPool(
            open_recognizer or reader.open_recognizer, reader.open_detector, workers, queue_size
        )
        pools.append(pool)
        pool.start()
        wait_until(lambda: pool.state == "ready")
        return pool

    yield open_it
    reader.gate.set()
    for pool in pools:
        pool.close()


def test_every_worker_has_a_detector_and_all_share_the_recognizer(open_pool, reader, picture):
    loads = []

    def open_recognizer():
        loads.append(1)
        return reader.open_recognizer()

    pool = open_pool(3, 50, open_recognizer)
    assert len(loads) == 1
    futures = [pool.submit(picture(200)) for _ in range(40)]
    assert {future.result(20).reading.prediction.best.label for future in futures} == {"J"}
    assert len(reader.detectors) == 3
    assert all(len(detector.threads) == 1 for detector in reader.detectors)
    assert sum(detector.frames for detector in reader.detectors) == 40


def test_times_are_measured(open_pool, picture):
    timed = open_pool().submit(picture(100)).result(20)
    assert timed.decode_ms > 0
    assert timed.wait_ms >= 0


def test_a_bad_picture_harms_nobody_else(open_pool, picture):
    pool = open_pool()
    bad, broken, good = pool.submit(b"no picture"), pool.submit(picture(13)), pool.submit(picture())
    with pytest.raises(ImageError, match="The image is not a picture"):
        bad.result(20)
    with pytest.raises(RuntimeError, match="secret"):
        broken.result(20)
    assert good.result(20).reading.prediction.best.label == "A"


def test_the_queue_is_bounded(open_pool, reader, picture, wait_until):
    pool = open_pool(1, 2)
    reader.gate.clear()
    first = pool.submit(picture())
    wait_until(lambda: reader.detectors[0].frames)
    waiting = [pool.submit(picture()) for _ in range(2)]
    assert pool.waiting == 2
    with pytest.raises(PoolFullError, match="2 pictures are waiting already"):
        pool.submit(picture())
    reader.gate.set()
    assert all(future.result(20) for future in (first, *waiting))
    assert pool.submit(picture()).result(20)


def test_a_cancelled_picture_is_not_read(open_pool, reader, picture, wait_until):
    pool = open_pool()
    reader.gate.clear()
    first = pool.submit(picture())
    wait_until(lambda: reader.detectors[0].frames)
    second, third = pool.submit(picture()), pool.submit(picture())
    assert second.cancel()
    reader.gate.set()
    third.result(20)
    assert first.done()
    assert reader.detectors[0].frames == 2


def test_closing_cancels_what_waits_and_frees_the_detectors(open_pool, reader, picture, wait_until):
    pool = open_pool()
    reader.gate.clear()
    first = pool.submit(picture())
    wait_until(lambda: reader.detectors[0].frames)
    second = pool.submit(picture())
    closing = threading.Thread(target=pool.close)
    closing.start()
    wait_until(lambda: pool.state == "closed")
    reader.gate.set()
    closing.join(20)
    assert first.result(20).reading.prediction.best.label == "A"
    assert second.cancelled()
    assert reader.detectors[0].is_closed
    assert not any(thread.is_alive() for thread in pool._threads)
    with pytest.raises(PoolNotReadyError, match="shutting down"):
        pool.submit(picture())


def test_a_pool_that_was_never_started_can_be_closed(reader):
    pool = ReadingPool(reader.open_recognizer, reader.open_detector, 1, 1)
    assert pool.state == "idle"
    with pytest.raises(PoolNotReadyError, match="is loading"):
        pool.submit(b"x")
    pool.close()
    pool.start()
    assert pool.state == "closed"


def test_a_failure_is_kept_and_told(reader):
    told = threading.Event()

    def broken():
        raise ModelFileError("no weights.")

    pool = ReadingPool(broken, reader.open_detector, 2, 1)
    pool.on_failure = told.set
    pool.start()
    assert told.wait(20)
    assert pool.state == "failed"
    assert str(pool.failure) == "no weights."
    with pytest.raises(PoolNotReadyError, match=r"The model could not be loaded: no weights\."):
        _ = pool.recognizer
    pool.close()


def test_a_failed_warm_up_frees_the_detector(reader, monkeypatch):
    monkeypatch.setattr(
        "asl_core.frame_pipeline.FramePipeline.read", lambda *_: (_ for _ in ()).throw(ValueError())
    )
    pool = ReadingPool(reader.open_recognizer, reader.open_detector, 1, 1)
    pool.start()
    pool._threads[0].join(20)
    assert reader.detectors[0].is_closed
    assert pool.state == "failed"
