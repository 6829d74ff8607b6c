"""The log lines of one camera run, from its first frame to its end, under the id of its visit."""

import logging
import threading
import time
import uuid

from asl_core.logs import log_event

_log = logging.getLogger(__name__)


def new_visit_id() -> str:
    """Return an id that tells the lines of one visit from those of others, and nothing else."""
    return uuid.uuid4().hex


class StreamLog:
    """Writes `stream_started`, `stream_stopped` and `frame_error`; thread-safe."""

    def __init__(self, visit_id: str, source: str) -> None:
        self._visit_id, self._source = visit_id, source
        self._lock = threading.Lock()
        self._started_s = time.monotonic()
        self._is_over = False
        self.frames = 0
        """Frames that were read so far."""
        log_event(_log, logging.INFO, "stream_started", visit=visit_id, source=source)

    def failed(self, error: Exception) -> None:
        """Tell of a frame that could not be read, with the error's class and traceback."""
        log_event(
            _log,
            logging.WARNING,
            "frame_error",
            error,
            visit=self._visit_id,
            source=self._source,
        )

    def stopped(self) -> None:
        """Tell that the run is over; idempotent."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        log_event(
            _log,
            logging.INFO,
            "stream_stopped",
            visit=self._visit_id,
            source=self._source,
            seconds=round(time.monotonic() - self._started_s, 1),
            frames=self.frames,
        )
