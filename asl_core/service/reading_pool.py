"""Reads pictures off the event loop: a few threads with one detector each, and a bounded queue."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from asl_core import images
from asl_core.errors import AslError

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline, FrameReading
    from asl_core.hands.detector import HandDetector
    from asl_core.letters.recognizer import LetterRecognizer

CLOSE_SECONDS = 20.0
"""Longest wait for a thread to end; loading a model cannot be cut short."""

State = Literal["idle", "loading", "ready", "failed", "closed"]

_log = logging.getLogger(__name__)


class PoolFullError(AslError):
    """As many pictures wait as may wait."""


class PoolNotReadyError(AslError):
    """The pool does not read: its model is loading, failed to load, or it was closed."""


@dataclass(frozen=True)
class TimedReading:
    """A reading, and the milliseconds that its picture waited in the queue and was decoded.

    `note` is a sentence on what of its file was not read, None where all was.
    """

    reading: "FrameReading"
    wait_ms: float
    decode_ms: float
    note: str | None = None


@dataclass(frozen=True)
class _Job:
    data: bytes
    submitted_s: float
    future: "Future[TimedReading]"


class ReadingPool:
    """`workers` threads that share one recognizer; MediaPipe needs a detector for each thread.

    `start` returns at once; the model loads in the first thread. Every method is thread-safe.
    """

    def __init__(
        self,
        open_recognizer: "Callable[[], LetterRecognizer]",
        open_detector: "Callable[[], HandDetector]",
        workers: int,
        queue_size: int,
    ) -> None:
        self._open_recognizer = open_recognizer
        self._open_detector = open_detector
        self._workers = workers
        self._queue_size = queue_size
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._recognizer: LetterRecognizer | None = None
        self._open_pipelines = 0
        self._failure: Exception | None = None
        self._closed = False
        self.on_failure: Callable[[], None] = lambda: None
        """Called once for each thread whose model cannot be loaded."""

    def start(self) -> None:
        """Start the threads, unless they were started before."""
        with self._lock:
            if self._threads or self._closed:
                return
            self._threads = [
                threading.Thread(target=self._work, name=f"asl-reader-{n}", daemon=True)
                for n in range(self._workers)
            ]
            for thread in self._threads:
                thread.start()

    @property
    def state(self) -> State:
        """Where the pool is in its life."""
        with self._lock:
            if self._closed:
                return "closed"
            if self._failure is not None:
                return "failed"
            if not self._threads:
                return "idle"
            return "ready" if self._open_pipelines == self._workers else "loading"

    @property
    def recognizer(self) -> "LetterRecognizer":
        """The recognizer that all threads share.

        Raises:
            PoolNotReadyError: it is not loaded.
        """
        self._refuse_unready()
        assert self._recognizer is not None
        return self._recognizer

    @property
    def failure(self) -> Exception | None:
        """Why the model could not be loaded."""
        return self._failure

    @property
    def waiting(self) -> int:
        """How many pictures wait."""
        return self._jobs.qsize()

    def submit(self, data: bytes) -> "Future[TimedReading]":
        """Queue an encoded picture for a thread to decode and read.

        The future raises ImageError where the bytes are no usable picture.

        Raises:
            PoolNotReadyError: the model is not loaded.
            PoolFullError: as many pictures wait as may wait.
        """
        self._refuse_unready()
        job = _Job(data, time.perf_counter(), Future())
        with self._lock:
            if self._closed:
                raise PoolNotReadyError("The service is shutting down.")
            waiting = self._jobs.qsize()
            if waiting >= self._queue_size:
                raise PoolFullError(f"{waiting} pictures are waiting already; try again soon.")
            self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Cancel what waits, let what is being read finish, and free the detectors."""
        with self._lock:
            self._closed = True
            with contextlib.suppress(queue.Empty):
                while True:
                    job = self._jobs.get_nowait()
                    if job is not None:
                        job.future.cancel()
            for _ in self._threads:
                self._jobs.put(None)
        deadline = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _refuse_unready(self) -> None:
        state = self.state
        if state == "ready":
            return
        if state == "failed":
            raise PoolNotReadyError(f"The model could not be loaded: {self._failure}")
        if state == "closed":
            raise PoolNotReadyError("The service is shutting down.")
        raise PoolNotReadyError("The model is loading; try again in a few seconds.")

    def _work(self) -> None:
        try:
            pipeline = self._open_pipeline()
        except Exception as error:  # kept for the person who asks, whatever it is
            if not isinstance(error, AslError):
                _log.error("The model could not be loaded", exc_info=error)
            with self._lock:
                self._failure = self._failure or error
            self.on_failure()
            return
        try:
            with self._lock:
                self._open_pipelines += 1
            while (job := self._jobs.get()) is not None:
                if job.future.set_running_or_notify_cancel():
                    _finish(job, pipeline)
        finally:
            pipeline.detector.close()

    def _open_pipeline(self) -> "FramePipeline":
        from asl_core.drawing.drawn_letters import drawn_letter
        from asl_core.frame_pipeline import FramePipeline

        with self._loading:
            if self._failure is not None:
                raise self._failure
            if self._recognizer is None:
                self._recognizer = self._open_recognizer()
            pipeline = FramePipeline(self._open_detector(), self._recognizer)
            try:
                # The first reading pays for setting up the networks; no client should.
                pipeline.read(drawn_letter("B", 256))
            except Exception:
                pipeline.detector.close()
                raise
        return pipeline


def _finish(job: _Job, pipeline: "FramePipeline") -> None:
    started = time.perf_counter()
    try:
        picture = images.decode_with_note(job.data, "The image")
        decoded = time.perf_counter()
        reading = pipeline.read(picture.frame)
    except Exception as error:  # the thread must live; the request answers for it
        job.future.set_exception(error)
    else:
        wait_ms, decode_ms = (started - job.submitted_s) * 1e3, (decoded - started) * 1e3
        job.future.set_result(TimedReading(reading, wait_ms, decode_ms, picture.note))
