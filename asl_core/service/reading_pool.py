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

from asl_core.errors import AslError, ModelFileError
from asl_core.logs import log_event
from asl_core.service.timed_reading import TimedReading, read_timed

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import HandDetector
    from asl_core.letters.recognizer import LetterRecognizer

CLOSE_SECONDS = 20.0
"""Longest wait for a thread to end; loading a model cannot be cut short."""

_CLOSING = "The service is shutting down."

State = Literal["idle", "loading", "ready", "failed", "closed"]

_log = logging.getLogger(__name__)


class PoolFullError(AslError):
    """As many pictures wait as may wait."""


class PoolNotReadyError(AslError):
    """The pool does not read: its model is loading, failed to load, or it was closed."""


@dataclass(frozen=True)
class _Job:
    data: bytes
    submitted_s: float
    future: "Future[TimedReading]"


class ReadingPool:
    """`workers` threads that share one recognizer; MediaPipe needs a detector for each thread.

    `start` returns at once; the model loads in the first thread, and `renew` puts another one in
    its place while the pool reads. Every method is thread-safe.
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
        self.retried = 0
        """Stays so: threads of this process do not end alone."""
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
                raise PoolNotReadyError(_CLOSING)
            waiting = self._jobs.qsize()
            if waiting >= self._queue_size:
                raise PoolFullError(f"{waiting} pictures are waiting already; try again soon.")
            self._jobs.put(job)
        return job.future

    def renew(self, open_recognizer: "Callable[[], LetterRecognizer]") -> "LetterRecognizer":
        """Put another recognizer in the place of the present one, which reads on meanwhile.

        It is opened and warmed in the calling thread; each worker takes it at its next picture.

        Raises:
            PoolNotReadyError: the pool does not read.
            ModelFileError: the new one cannot be loaded or has other classes; the old one stays.
        """
        before = self.recognizer
        renewed = open_recognizer()
        require_same_classes(renewed, before.classes)
        self._warm_pipeline(renewed).detector.close()
        with self._lock:
            if self._closed:
                raise PoolNotReadyError(_CLOSING)
            self._recognizer = renewed
        return renewed

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
            raise PoolNotReadyError(_CLOSING)
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
                    pipeline = self._with_current(pipeline)
                    _finish(job, pipeline)
        finally:
            pipeline.detector.close()

    def _open_pipeline(self) -> "FramePipeline":
        with self._loading:
            if self._failure is not None:
                raise self._failure
            if self._recognizer is None:
                self._recognizer = model = self._open_recognizer()
                log_event(_log, logging.INFO, "model_loaded", model=model.name, digest=model.digest)
            return self._warm_pipeline(self._recognizer)

    def _warm_pipeline(self, recognizer: "LetterRecognizer") -> "FramePipeline":
        from asl_core.drawing.drawn_letters import drawn_letter
        from asl_core.frame_pipeline import FramePipeline

        pipeline = FramePipeline(self._open_detector(), recognizer)
        try:
            # The first reading pays for setting up the networks; no client should.
            pipeline.read(drawn_letter("B", 256))
        except Exception:
            pipeline.detector.close()
            raise
        return pipeline

    def _with_current(self, pipeline: "FramePipeline") -> "FramePipeline":
        """Return a worker's pipeline with the present recognizer and the worker's own detector."""
        recognizer = self._recognizer
        if recognizer is None or recognizer is pipeline.recognizer:
            return pipeline
        from asl_core.frame_pipeline import FramePipeline

        return FramePipeline(pipeline.detector, recognizer)


def require_same_classes(renewed: "LetterRecognizer", classes: tuple[str, ...]) -> None:
    """Check that a model may take the place of one with `classes`.

    Raises:
        ModelFileError: it has others.
    """
    if renewed.classes != classes:
        raise ModelFileError(
            f"{renewed.name} has {len(renewed.classes)} classes, which are not the "
            f"{len(classes)} of the model that is read with; restart to read with them."
        )


def _finish(job: _Job, pipeline: "FramePipeline") -> None:
    try:
        timed = read_timed(job.data, pipeline, job.submitted_s)
    except Exception as error:  # the thread must live; the request answers for it
        job.future.set_exception(error)
    else:
        job.future.set_result(timed)
