"""Puts another model in the place of the one that a running service reads with."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from asl_core.errors import AslError
from asl_core.logs import log_event
from asl_core.service.picture_pool import PicturePool
from asl_core.service.reading_pool import PoolNotReadyError
from asl_core.service.traffic import Traffic

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

_LOOK_S = 0.1

_log = logging.getLogger(__name__)


class SharedRecognizer:
    """The recognizer of a service: opened at the first call, the same until it is replaced.

    Thread-safe; of several first calls all wait for one opening.
    """

    def __init__(self, open_recognizer: "Callable[[], LetterRecognizer]") -> None:
        self._open = open_recognizer
        self._lock = threading.Lock()
        self._current: LetterRecognizer | None = None

    def __call__(self) -> "LetterRecognizer":
        """Return the present recognizer; raises what opening it raises."""
        with self._lock:
            if self._current is None:
                self._current = self._open()
            return self._current

    def replace(self, recognizer: "LetterRecognizer") -> None:
        """Give another one from now on."""
        with self._lock:
            self._current = recognizer


class ModelSwap:
    """A thread that renews the model whenever it is asked; thread-safe.

    Asked while the first model loads, it waits for that. Asked again during a swap, it swaps once
    more: the files may have changed meanwhile.
    """

    def __init__(
        self, pool: PicturePool, renew: "Callable[[], LetterRecognizer]", traffic: Traffic
    ) -> None:
        """`renew` opens the model anew and has `pool` read with it; see `ReadingPool.renew`."""
        self._pool, self._renew, self._traffic = pool, renew, traffic
        # `put` of this queue, unlike locks, may be called by a signal's handler at any moment.
        self._asked: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread; to be called once."""
        self._thread = threading.Thread(target=self._work, name="asl-model-swap", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Have the model renewed; returns at once, and may be called by a signal's handler."""
        self._asked.put(True)

    def close(self) -> None:
        """Have the thread end after the swap under way; does not wait for it."""
        self._asked.put(False)

    def _work(self) -> None:
        while self._asked.get():
            while not self._asked.empty():  # one swap answers all who asked before it
                if not self._asked.get():
                    return
            while self._pool.state == "loading":  # asked during the start
                time.sleep(_LOOK_S)
            self._swap()

    def _swap(self) -> None:
        started = time.perf_counter()
        try:
            before = self._pool.recognizer.digest
            recognizer = self._renew()
        except Exception as error:  # the old model goes on, whatever it is
            self._traffic.swaps.labels("failed").inc()
            is_sentence = isinstance(error, AslError)
            sentence = str(error) if is_sentence else "Unexpected; see the traceback."
            log_event(
                _log,
                logging.ERROR,
                "model_swap_failed",
                None if is_sentence else error,
                sentence=sentence,
            )
            return
        self._traffic.swaps.labels("done").inc()
        log_event(
            _log,
            logging.INFO,
            "model_swapped",
            model=recognizer.name,
            digest=recognizer.digest,
            digest_before=before,
            ms=round((time.perf_counter() - started) * 1e3, 1),
        )


def model_in_use(pool: PicturePool) -> tuple[str, str] | None:
    """Return name and digest of the model that a pool reads with, None where it reads with none."""
    try:
        recognizer = pool.recognizer
    except PoolNotReadyError:
        return None
    return recognizer.name, recognizer.digest
