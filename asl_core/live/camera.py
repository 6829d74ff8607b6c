"""One camera run of a visitor: frames in, sightings, hints, pace and marked frames out."""

import logging
import threading
import time
import weakref
from collections.abc import Callable
from enum import Enum
from functools import partial

from asl_core.errors import AslError
from asl_core.frame_pipeline import FrameReading
from asl_core.frame_speller import Sighting, StreamReader
from asl_core.images import Frame
from asl_core.live.camera_hints import CameraHints
from asl_core.live.live_overlay import LetterLabel, as_mirror, draw_live
from asl_core.live.snapshot import FramePace, LiveSnapshot, LiveTimes, Spelled
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import Transcript

ERROR_SHOWN_S = 4.0
"""A sentence about a bad frame stays this long after it, to be read; then good frames clear it."""

STALE_S = 1.0
"""Without a frame for so long the last hand is not shown as the current one any more."""

_SHOWN_LETTERS = 64  # more do not fit on the video

_LOG = logging.getLogger(__name__)


Spell = Callable[[Sighting], Spelled | None]
"""Spells a sighting; None where the camera was closed meanwhile and nothing may be spelled."""


class Turn(Enum):
    """What becomes of a frame that has come."""

    GO = "go"
    OVERTAKEN = "overtaken"
    CLOSED = "closed"


class FrameTurns:
    """The turnstile before a detector that serves one thread at a time; thread-safe.

    One frame is inside, and of those that come meanwhile only the newest waits: a queue would add
    the time of each frame in it to the lag, and a person signs to a picture of the past. `free` is
    called exactly once, when the turnstile is closed and nobody is inside.
    """

    def __init__(self, free: Callable[[], None]) -> None:
        self._changed = threading.Condition()
        self._free = free
        self._arrivals = 0
        self._overtaken = 0
        self._is_taken = False
        self._is_closed = False
        self._is_freed = False

    @property
    def overtaken(self) -> int:
        """How many frames gave way to a newer one."""
        return self._overtaken

    def enter(self) -> Turn:
        """Wait until nobody is inside; give way as soon as a newer frame waits behind.

        After GO the caller must call `leave`.
        """
        with self._changed:
            self._arrivals += 1
            mine = self._arrivals
            # Wakes the frame that waits: it is not the newest any more.
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._is_closed or mine != self._arrivals or not self._is_taken
            )
            if self._is_closed:
                return Turn.CLOSED
            if mine != self._arrivals:
                self._overtaken += 1
                return Turn.OVERTAKEN
            self._is_taken = True
            return Turn.GO

    def leave(self) -> None:
        """Let the next one in, or free what was kept for those who came."""
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()
        self._free_once()

    def close(self) -> None:
        """Let nobody in any more; never waits for the one who is inside."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._free_once()

    def _free_once(self) -> None:
        # MediaPipe crashes when it is closed within `detect`: the last one out frees it.
        with self._changed:
            if self._is_freed or self._is_taken or not self._is_closed:
                return
            self._is_freed = True
        self._free()


class LiveCamera:
    """One run of a camera, from its first frame to `close`; a LiveVisit opens and closes it.

    Frames may come from any thread. What `snapshot` shows is guarded by `lock`, the visit's only
    one, which is never held while a hand is sought, a letter named or a frame drawn. A camera that
    is dropped without `close` frees its detector.
    """

    def __init__(self, stream: StreamReader, lock: threading.RLock) -> None:
        self._stream, self._lock = stream, lock
        self._turns = FrameTurns(free=partial(_free, stream))
        self._hints = CameraHints()
        self._shown_hints: tuple[str, ...] = ()
        self._pace = FramePace()
        self._label = LetterLabel()
        self._reading: FrameReading | None = None
        self._last_s: float | None = None
        self._frames = 0
        self._error: str | None = None
        self._error_s = 0.0
        # For a session that expires while it streams. Not at the interpreter's exit: MediaPipe's
        # own threads may be gone by then, and closing would wait for them.
        weakref.finalize(self, _free, stream).atexit = False

    def on_frame(
        self, frame: Frame, time_s: float, receive_ms: float, mirrored: bool, spell: Spell
    ) -> Frame:
        """Read an RGB uint8 `(H, W, 3)` Frame and return it annotated, in its own size.

        `time_s` is of one rising clock. `receive_ms` is what the caller spent to get the Frame, for
        the figures. Never raises: what goes wrong becomes a sentence in the snapshot, and the plain
        Frame comes back, mirrored if the video is. So does one that a newer Frame overtook. After
        `close` the Frame comes back as it is.
        """
        turn = self._turns.enter()
        if turn is not Turn.GO:
            return frame if turn is Turn.CLOSED else _plain(frame, mirrored)
        try:
            return self._read(frame, time_s, receive_ms, mirrored, spell)
        except Exception as error:
            self._keep_error(error, time_s)
            return _plain(frame, mirrored)
        finally:
            self._turns.leave()

    def snapshot(
        self, spelling: SpellingState, transcript: Transcript, now_s: float | None
    ) -> LiveSnapshot:
        """Return what is seen at this moment, beside the words; call it with the lock held.

        With `now_s`, of the clock of the frames, a stream that stands still shows no letter, no
        hints and fewer frames per second.
        """
        last_s = self._last_s
        is_stale = now_s is not None and last_s is not None and now_s - last_s > STALE_S
        reading = None if is_stale else self._reading
        return LiveSnapshot(
            letter=spelling.letter if reading is not None else None,
            confidence=spelling.confidence if reading is not None else 0.0,
            top=reading.prediction.top(3) if reading and reading.prediction else (),
            handedness=reading.detection.handedness if reading and reading.detection else None,
            hints=self._shown_hints if reading is not None else (),
            fps=self._pace.fps(now_s),
            ms=self._pace.mean_ms(),
            spelling=spelling,
            transcript=transcript,
            error=self._error,
            frames=self._frames,
            last_frame_s=last_s,
            dropped=self._turns.overtaken,
        )

    def close(self) -> None:
        """Free the detector, at once or when the frame that is being read is done.

        Never waits; idempotent.
        """
        self._turns.close()

    def _read(
        self, frame: Frame, time_s: float, receive_ms: float, mirrored: bool, spell: Spell
    ) -> Frame:
        started = time.perf_counter()
        sighting = self._stream.read(frame, time_s)
        reading, now_s = sighting.reading, sighting.observation.time_s
        spelled = spell(sighting)
        if spelled is None:
            return frame
        hints = self._hints.update(now_s, frame, reading, spelled.state.waits_for == "stillness")
        taken = time.perf_counter()
        shown = self._label.choose(reading, spelled, now_s)
        text = spelled.transcript.text[-_SHOWN_LETTERS:]
        picture = draw_live(frame, reading, shown, text, mirrored, spelled.state.unsettled)
        draw_ms = (time.perf_counter() - taken) * 1e3
        spell_ms = max(0.0, (taken - started) * 1e3 - reading.ms.total)
        ms = LiveTimes(receive_ms, reading.ms.detect, reading.ms.classify, draw_ms, spell_ms)
        self._keep(reading, now_s, hints, ms)
        return picture

    def _keep(
        self, reading: FrameReading, now_s: float, hints: tuple[str, ...], ms: LiveTimes
    ) -> None:
        with self._lock:
            self._reading, self._last_s, self._shown_hints = reading, now_s, hints
            self._frames += 1
            self._pace.add(now_s, ms)
            if now_s - self._error_s > ERROR_SHOWN_S:
                self._error = None

    def _keep_error(self, error: Exception, time_s: float) -> None:
        sentence = str(error) if isinstance(error, AslError) else ""
        kind = type(error).__name__
        sentence = sentence or f"A frame could not be read ({kind}); the video goes on."
        with self._lock:
            is_new = sentence != self._error
            self._error, self._error_s = sentence, time_s
        if is_new:  # thirty times a second would bury the log
            _LOG.warning("A frame of a live camera could not be read.", exc_info=error)


def _free(stream: StreamReader) -> None:
    try:
        stream.close()
    except Exception as error:  # whoever ends a stream can do nothing about it
        _LOG.warning("A detector could not be closed.", exc_info=error)


def _plain(frame: Frame, mirrored: bool) -> Frame:
    try:
        return as_mirror(frame, mirrored)
    except Exception:  # what is no picture cannot be mirrored either
        return frame
