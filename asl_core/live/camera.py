"""One camera run of a visitor: frames in, sightings, hints, pace and marked frames out."""

import logging
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from asl_core.drawing.overlay import ShownLetter
from asl_core.errors import AslError
from asl_core.frame_pipeline import FrameReading
from asl_core.frame_speller import Sighting, StreamReader
from asl_core.images import Frame
from asl_core.live.camera_hints import CameraHints, Light, light_of
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.frame_turns import FrameTurns, Turn
from asl_core.live.live_overlay import LetterLabel, as_mirror, draw_live
from asl_core.live.process_tuning import give_back_memory
from asl_core.live.snapshot import FramePace, LiveSnapshot, LiveTimes, Spelled
from asl_core.live.stream_log import StreamLog, new_visit_id
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import Transcript

ERROR_SHOWN_S = 4.0
"""A sentence about a bad frame stays this long after it, to be read; then good frames clear it."""

STALE_S = 1.0
"""Without a frame for so long the last hand is not shown as the current one any more."""

SHOWN_LETTERS = 64
"""More of the words do not fit on the video."""

_LOG = logging.getLogger(__name__)


Spell = Callable[[Sighting], Spelled | None]
"""Spells a sighting; None where the camera was closed meanwhile and nothing may be spelled."""


@dataclass(frozen=True)
class LiveMarks:
    """What is shown on one frame: its reading, what it spelled, the letter beside the hand, hints.

    `time_s` is the frame's, `spell_ms` the time of all but detection and recognition.
    """

    reading: FrameReading
    spelled: Spelled
    shown: ShownLetter | None
    hints: tuple[str, ...]
    time_s: float
    spell_ms: float


class LiveCamera:
    """One run of a camera, from its first frame to `close`; a LiveVisit opens and closes it.

    Frames may come from any thread. What `snapshot` shows is guarded by `lock`, the visit's only
    one, which is never held while a hand is sought, a letter named or a frame drawn. A camera that
    is dropped without `close` frees its detector.
    """

    def __init__(
        self, stream: StreamReader[Any], lock: threading.RLock, log: StreamLog | None = None
    ) -> None:
        """`log` tells of the run under its visit's id; by default under an id of its own."""
        self._stream, self._lock = stream, lock
        self._log = log or StreamLog(new_visit_id(), "video")
        self._turns = FrameTurns(free=partial(_free, stream, self._log))
        self._hints = CameraHints()
        self._shown_hints: tuple[str, ...] = ()
        self._pace = FramePace()
        self._label = LetterLabel()
        self._reading: FrameReading | None = None
        self._last_s: float | None = None
        self._error: str | None = None
        self._error_s = 0.0
        # For a session that expires while it streams. Not at the interpreter's exit: MediaPipe's
        # own threads may be gone by then, and closing would wait for them.
        weakref.finalize(self, _free, stream, self._log).atexit = False

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

    def on_device_frame(self, seen: DeviceFrame, time_s: float, spell: Spell) -> LiveMarks | None:
        """Read what a browser found in a frame, and return what it shall draw.

        None for a frame that a newer one overtook, after `close`, and where something goes wrong,
        which becomes a sentence in the snapshot. Never raises.
        """
        if self._turns.enter() is not Turn.GO:
            return None
        try:
            marks = self._mark(seen, time_s, spell, lambda _: seen.light)
            if marks is not None:
                self._keep(marks, receive_ms=0.0, draw_ms=0.0)
            return marks
        except Exception as error:
            self._keep_error(error, time_s)
            return None
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
            frames=self._log.frames,
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
        marks = self._mark(frame, time_s, spell, partial(light_of, frame))
        if marks is None:
            return frame
        taken = time.perf_counter()
        spelled, reading = marks.spelled, marks.reading
        text = spelled.transcript.text[-SHOWN_LETTERS:]
        unsettled = spelled.state.unsettled
        picture = draw_live(frame, reading, marks.shown, text, mirrored, unsettled)
        draw_ms = (time.perf_counter() - taken) * 1e3
        self._keep(marks, receive_ms, draw_ms)
        return picture

    def _mark(
        self, seen: Any, time_s: float, spell: Spell, light: Callable[[FrameReading], Light]
    ) -> LiveMarks | None:
        started = time.perf_counter()
        sighting = self._stream.read(seen, time_s)
        read = time.perf_counter()
        reading, now_s = sighting.reading, sighting.observation.time_s
        spelled = spell(sighting)
        if spelled is None:
            return None
        is_moving = spelled.state.waits_for == "stillness"
        hints = self._hints.update(now_s, light(reading), reading, is_moving)
        shown = self._label.choose(reading, spelled, now_s)
        # What a browser needed for its frame is not spent here.
        beside = max(0.0, (read - started) * 1e3 - reading.ms.total)
        spell_ms = beside + (time.perf_counter() - read) * 1e3
        return LiveMarks(reading, spelled, shown, hints, now_s, spell_ms)

    def _keep(self, marks: LiveMarks, receive_ms: float, draw_ms: float) -> None:
        reading, now_s = marks.reading, marks.time_s
        ms = LiveTimes(receive_ms, reading.ms.detect, reading.ms.classify, draw_ms, marks.spell_ms)
        with self._lock:
            self._reading, self._last_s, self._shown_hints = reading, now_s, marks.hints
            self._log.frames += 1
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
            self._log.failed(error)


def _free(stream: StreamReader[Any], log: StreamLog) -> None:
    log.stopped()
    try:
        stream.close()
    except Exception as error:  # whoever ends a stream can do nothing about it
        _LOG.warning("A detector could not be closed.", exc_info=error)
    give_back_memory()


def _plain(frame: Frame, mirrored: bool) -> Frame:
    try:
        return as_mirror(frame, mirrored)
    except Exception:  # what is no picture cannot be mirrored either
        return frame
