"""A pool of readers in other processes, behind the same HTTP contract as `ReadingPool`."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from asl_core.errors import AslError, ImageError, ModelFileError
from asl_core.logs import log_event
from asl_core.scale.answers import ModelSummary, Refusal
from asl_core.scale.replicas import ReplicaLostError, Replicas
from asl_core.service.reading_pool import (
    CLOSE_SECONDS,
    PoolFullError,
    PoolNotReadyError,
    State,
    require_same_classes,
)
from asl_core.service.timed_reading import TimedReading

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

TRIES = 2
"""How often a picture is given to a replica: once more where the first one ended."""

READ_SECONDS = 60.0
"""Longest wait for a reading, replicas that must be started first included."""

_SLOTS_SECONDS = 1.0  # how often is asked how many replicas there are

Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


class ReplicaPool:
    """Reads pictures in replicas; a picture whose replica ended is given to another one.

    A reading changes nothing, so that it may be begun twice. Every method is thread-safe.
    """

    def __init__(self, replicas: Replicas, queue_size: int) -> None:
        self._replicas = replicas
        self._queue_size = queue_size
        self._lock = threading.Lock()
        self._state: State = "idle"
        self._model: ModelSummary | None = None
        self._failure: Exception | None = None
        self._under_way = 0
        self._slots = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="asl-replicas", daemon=True)
        self.retried = 0
        """How many pictures were given to a second replica."""
        self.on_failure: Callable[[], None] = lambda: None
        """Called once where the model cannot be loaded."""

    def start(self) -> None:
        """Start the replicas in the background, unless they were started before."""
        with self._lock:
            if self._state != "idle":
                return
            self._state = "loading"
        self._thread.start()

    @property
    def state(self) -> State:
        """Where the pool is in its life."""
        return self._state

    @property
    def recognizer(self) -> ModelSummary:
        """What answers name of the model.

        Raises:
            PoolNotReadyError: no replica has told it.
        """
        self._refuse_unready()
        assert self._model is not None
        return self._model

    @property
    def failure(self) -> Exception | None:
        """Why the model could not be loaded."""
        return self._failure

    @property
    def waiting(self) -> int:
        """How many pictures wait: those under way that no detector can be busy with."""
        return max(0, self._under_way - self._slots)

    def submit(self, data: bytes) -> "Future[TimedReading]":
        """Give an encoded picture to a replica.

        The future raises ImageError where the bytes are no usable picture, PoolFullError where the
        replicas refuse more, and PoolNotReadyError where replicas ended while they read it.

        Raises:
            PoolNotReadyError: no replica is ready.
            PoolFullError: as many pictures wait as may wait.
        """
        self._refuse_unready()
        with self._lock:
            waiting = self.waiting
            if waiting >= self._queue_size:
                raise PoolFullError(f"{waiting} pictures are waiting already; try again soon.")
            self._under_way += 1
        future = self._soon(self._read(data))
        future.add_done_callback(self._count_down)
        return future

    def renew(self, open_recognizer: "Callable[[], LetterRecognizer]") -> "LetterRecognizer":
        """Put replicas with another model in the place of the present ones, which read meanwhile.

        The model is opened here first: replicas are only begun with one that can be loaded.

        Raises:
            PoolNotReadyError: the pool does not read.
            ModelFileError: the new one cannot be loaded or has other classes; the old one stays.
        """
        before = self.recognizer
        renewed = open_recognizer()
        require_same_classes(renewed, before.classes)
        self._replicas.renew()
        described = self._soon(self._replicas.describe()).result()
        if isinstance(described, Refusal):
            raise ModelFileError(described.sentence)
        self._model = described
        return renewed

    def close(self) -> None:
        """Let what is being read finish, and end the replicas."""
        with self._lock:
            before, self._state = self._state, "closed"
        if before in ("idle", "closed"):
            return
        deadline = time.monotonic() + CLOSE_SECONDS
        while self._under_way and time.monotonic() < deadline:
            time.sleep(0.01)
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_SECONDS)

    def _refuse_unready(self) -> None:
        state = self._state
        if state == "ready":
            return
        if state == "failed":
            raise PoolNotReadyError(f"The model could not be loaded: {self._failure}")
        if state == "closed":
            raise PoolNotReadyError("The service is shutting down.")
        raise PoolNotReadyError("The model is loading; try again in a few seconds.")

    def _soon(self, work: Coroutine[Any, Any, Answer]) -> "Future[Answer]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _count_down(self, _: "Future[TimedReading]") -> None:
        with self._lock:
            self._under_way -= 1

    async def _read(self, data: bytes) -> TimedReading:
        try:
            answer = await asyncio.wait_for(self._read_somewhere(data), READ_SECONDS)
        except TimeoutError:
            raise PoolNotReadyError(
                f"No reader was free for {READ_SECONDS:.0f} s; try again in a few seconds."
            ) from None
        if isinstance(answer, Refusal):
            raise ImageError(answer.sentence)
        return answer

    async def _read_somewhere(self, data: bytes) -> TimedReading | Refusal:
        for attempt in range(TRIES):
            try:
                return await self._replicas.read(data)
            except ReplicaLostError:
                self.retried += attempt == 0
        raise PoolNotReadyError(
            f"{TRIES} readers ended while they had this picture; try again in a few seconds."
        )

    def _run(self) -> None:
        """Open the replicas and turn the loop until the pool is closed; in a thread of its own."""
        try:
            self._open()
            if self._state == "ready":
                watch = self._loop.create_task(self._watch_slots())
                self._loop.run_forever()
                self._cancel_all()
                del watch  # the loop itself keeps tasks weakly
        finally:
            self._replicas.close()
            self._loop.close()

    def _cancel_all(self) -> None:
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    def _open(self) -> None:
        try:
            self._replicas.open(lambda: self._state == "loading")
            if self._state != "loading":
                return
            described = self._loop.run_until_complete(self._replicas.describe())
            if isinstance(described, Refusal):
                raise ModelFileError(described.sentence)
        except Exception as error:  # kept for the person who asks, whatever it is
            if not isinstance(error, AslError):
                _log.error("The model could not be loaded", exc_info=error)
            self._failure = error
            self._settle("failed")
            self.on_failure()
            return
        self._model, self._slots = described, self._replicas.slots()
        log_event(_log, logging.INFO, "model_loaded", model=described.name, digest=described.digest)
        self._settle("ready")

    def _settle(self, state: State) -> None:
        with self._lock:
            if self._state == "loading":
                self._state = state

    async def _watch_slots(self) -> None:
        """Follow the number of replicas, which end, are started again, and scale."""
        while True:
            await asyncio.sleep(_SLOTS_SECONDS)
            try:
                self._slots = await asyncio.to_thread(self._replicas.slots)
            except Exception as error:  # the cluster's head may be away for a moment
                _log.warning("The number of readers is not known: %s", error)
