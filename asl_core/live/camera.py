"""One visitor's camera run: frames in, snapshots out; every method may come from any thread."""

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from asl_core.drawing.overlay import ShownLetter
from asl_core.errors import AslError
from asl_core.frame_pipeline import FrameReading
from asl_core.frame_speller import FrameSpeller
from asl_core.images import Frame
from asl_core.live.camera_hints import CameraHints
from asl_core.live.frame_turns import FrameTurns, Turn
from asl_core.live.live_overlay import as_mirror, draw_live
from asl_core.live.snapshot import FramePace, LiveSnapshot, LiveTimes
from asl_core.spelling.settings import SpellingSettings
from asl_core.spelling.speller import Speller, SpellingState
from asl_core.spelling.transcript import SPACE, Transcript

ERROR_SHOWN_S = 4.0
"""A sentence about a bad frame stays this long after it, to be read; then good frames clear it."""

STALE_S = 1.0
"""Without a frame for so long the last hand is not shown as the current one any more."""

_FLASH_S = 0.35  # the square stays green for so long after a letter was committed
_SHOWN_LETTERS = 64  # more do not fit on the video
NOTHING = "nothing"
"""The class of models that name the absence of a letter; it is no letter to show."""

_LOG = logging.getLogger(__name__)


class LiveSession:
    """One visitor: frames in, annotated frames and snapshots out.

    One frame is read at a time. Of the frames that arrive meanwhile the newest waits, older ones
    come back undrawn: there is no queue, so the lag is that of one frame. The lock of the state is
    never held while a hand is sought or a letter named: `snapshot` and the commands do not wait
    for a frame.
    """

    def __init__(self, frame_speller: FrameSpeller, mirrored: bool = True) -> None:
        self._frame_speller = frame_speller
        self._turns = FrameTurns(free=self._free)
        self._state = threading.Lock()
        self._mirrored = mirrored
        self._hints = CameraHints()
        self._shown_hints: tuple[str, ...] = ()
        self._pace = FramePace()
        self._flash = ("", 0.0, -math.inf)  # committed last, its confidence, shown until then
        self._reading: FrameReading | None = None
        self._last_s: float | None = None
        self._frames = 0
        self._error: str | None = None
        self._error_s = 0.0

    def on_frame(self, frame: Frame, time_s: float, receive_ms: float = 0.0) -> Frame:
        """Read an RGB uint8 `(H, W, 3)` Frame and give it back annotated, in its own size.

        `time_s` is of one rising clock. `receive_ms` is what the caller spent to get the Frame,
        for the figures. Never raises: what goes wrong becomes a sentence in the snapshot, and the
        plain Frame comes back, mirrored if the video is. So does one that a newer Frame
        overtook. After `close` the Frame comes back as it is.
        """
        turn = self._turns.enter()
        if turn is not Turn.GO:
            return frame if turn is Turn.CLOSED else self._plain(frame)
        try:
            return self._read(frame, time_s, receive_ms)
        except Exception as error:
            self._keep_error(error, time_s)
            return self._plain(frame)
        finally:
            self._turns.leave()

    def snapshot(self, now_s: float | None = None) -> LiveSnapshot:
        """Give the state at this moment, without waiting for a frame that is being read.

        With `now_s`, of the clock of the frames, a stream that stands still shows no letter, no
        hints and fewer frames per second.
        """
        with self._state:
            speller, last_s = self._frame_speller.speller, self._last_s
            is_stale = now_s is not None and last_s is not None and now_s - last_s > STALE_S
            reading = None if is_stale else self._reading
            spelling = speller.state
            return LiveSnapshot(
                letter=spelling.letter if reading is not None else None,
                confidence=spelling.confidence if reading is not None else 0.0,
                top=reading.prediction.top(3) if reading and reading.prediction else (),
                handedness=reading.detection.handedness if reading and reading.detection else None,
                hints=self._shown_hints if reading is not None else (),
                fps=self._pace.fps(now_s),
                ms=self._pace.mean_ms(),
                spelling=spelling,
                transcript=speller.transcript,
                error=self._error,
                frames=self._frames,
                last_frame_s=last_s,
                dropped=self._turns.overtaken,
                is_closed=self._turns.is_closed,
            )

    @property
    def mirrored(self) -> bool:
        """Whether the video is shown as in a mirror."""
        return self._mirrored

    @mirrored.setter
    def mirrored(self, mirrored: bool) -> None:
        with self._state:
            self._mirrored = mirrored

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._turns.is_closed

    @property
    def settings(self) -> SpellingSettings:
        """The speed and care of the spelling."""
        with self._state:
            return self._frame_speller.speller.settings

    def set_settings(self, settings: SpellingSettings) -> None:
        """Change the speed and care of the spelling."""
        with self._speller() as speller:
            speller.settings = settings

    def type_letter(self, letter: str) -> None:
        """Add a letter by hand.

        Raises:
            TranscriptError: it is no letter from A to Z.
        """
        with self._speller() as speller:
            speller.type_letter(letter)

    def type_space(self) -> None:
        """End the word."""
        with self._speller() as speller:
            speller.type_space()

    def delete(self) -> None:
        """Take back the last letter."""
        with self._speller() as speller:
            speller.delete()

    def clear(self) -> None:
        """Take back everything."""
        with self._speller() as speller:
            speller.clear()

    def undo(self) -> None:
        """Undo the last change."""
        with self._speller() as speller:
            speller.undo()

    def replace_word(self, word: str) -> None:
        """Put a word in the place of the last one.

        Raises:
            TranscriptError: `word` is empty or holds something else than A to Z.
        """
        with self._speller() as speller:
            speller.replace_word(word)

    def restore(self, transcript: Transcript) -> None:
        """Go on with the words of an earlier session."""
        with self._speller() as speller:
            speller.restore(transcript)

    def reset_hand(self) -> None:
        """Forget what is being held; the words stay."""
        with self._speller() as speller:
            speller.reset_hand()

    def close(self) -> None:
        """Free the detector, at once or when the frame that is being read is done.

        Never waits, and does no harm when it is called again. The words stay.
        """
        self._turns.close()
        with self._speller() as speller:
            speller.reset_hand()

    @contextmanager
    def _speller(self) -> Iterator[Speller]:
        with self._state:
            yield self._frame_speller.speller

    def _read(self, frame: Frame, time_s: float, receive_ms: float) -> Frame:
        started = time.perf_counter()
        sighting = self._frame_speller.look(frame, time_s)
        reading, now_s = sighting.reading, sighting.observation.time_s
        with self._speller() as speller:
            committed = self._frame_speller.spell(sighting)
            spelling, text = speller.state, speller.transcript.text[-_SHOWN_LETTERS:]
        if committed and committed[-1].letter != SPACE:
            self._flash = (committed[-1].letter, committed[-1].confidence, now_s + _FLASH_S)
        hints = self._hints.update(now_s, frame, reading, spelling.waits_for == "stillness")
        spelled = time.perf_counter()
        shown = self._shown_letter(reading, spelling, now_s)
        picture = draw_live(frame, reading, shown, text, self._mirrored)
        drawn = time.perf_counter()
        spell_ms = (spelled - started) * 1e3 - reading.ms.total
        ms = LiveTimes(
            receive_ms,
            reading.ms.detect,
            reading.ms.classify,
            (drawn - spelled) * 1e3,
            max(0.0, spell_ms),
        )
        with self._state:
            self._reading, self._last_s, self._shown_hints = reading, now_s, hints
            self._frames += 1
            self._pace.add(now_s, ms)
            if now_s - self._error_s > ERROR_SHOWN_S:
                self._error = None
        return picture

    def _shown_letter(
        self, reading: FrameReading, spelling: SpellingState, now_s: float
    ) -> ShownLetter | None:
        """Choose the label: a letter just committed, else the smoothed one, else a doubtful one."""
        if reading.prediction is None:
            return None
        letter, confidence, until_s = self._flash
        if now_s < until_s:
            return ShownLetter(letter, confidence, held=1.0)
        best = reading.prediction.best
        if (spelling.letter or best.label) == NOTHING:
            return None
        if spelling.letter is None:
            return ShownLetter(best.label, best.confidence, is_certain=False)
        is_certain = spelling.waits_for not in ("certainty", "stillness")
        return ShownLetter(spelling.letter, spelling.confidence, is_certain, spelling.progress)

    def _free(self) -> None:
        try:
            self._frame_speller.close()
        except Exception as error:  # whoever ends a stream can do nothing about it
            _LOG.warning("A detector could not be closed.", exc_info=error)

    def _keep_error(self, error: Exception, time_s: float) -> None:
        sentence = str(error) if isinstance(error, AslError) else ""
        kind = type(error).__name__
        sentence = sentence or f"A frame could not be read ({kind}); the video goes on."
        with self._state:
            is_new = sentence != self._error
            self._error, self._error_s = sentence, time_s
        if is_new:  # thirty times a second would bury the log
            _LOG.warning("A frame of a live session could not be read.", exc_info=error)

    def _plain(self, frame: Frame) -> Frame:
        try:
            return as_mirror(frame, self._mirrored)
        except Exception:  # what is no picture cannot be mirrored either
            return frame
