"""One visitor's words and the camera runs that make them; knows nothing of Streamlit."""

import threading
import time
import weakref
from collections.abc import Callable
from typing import Literal

from asl_core.errors import AslError
from asl_core.frame_speller import FrameSpeller
from asl_core.images import Frame
from asl_core.live.camera import LiveSession
from asl_core.live.snapshot import LiveSnapshot
from asl_core.spelling.settings import STANDARD, SpellingSettings
from asl_core.spelling.speller import Speller
from asl_core.spelling.transcript import Transcript

Source = Literal["video", "pictures"]
"""A stream, in which the hand is followed, or single pictures, each of which stands alone."""

OpenSpeller = Callable[[Speller, Source], FrameSpeller]
"""Makes a detector of its own around the given words; may raise ModelFileError."""

_AFTER_RESTORE_S = 1.0


class LiveVisit:
    """Keeps the words over page switches and reconnects, and a detector only while one is needed.

    A LiveSession is opened by the first frame and closed by `end_stream`, by a change of the
    source, and when the visit itself is dropped. Every method is thread-safe. Times count from the
    start of the visit, in seconds.
    """

    def __init__(
        self,
        open_speller: OpenSpeller,
        rejection_threshold: float,
        settings: SpellingSettings = STANDARD,
    ) -> None:
        self._open_speller = open_speller
        self._speller = Speller(rejection_threshold, settings)
        self.rejection_threshold = rejection_threshold
        self._zero_s = time.monotonic()
        self._lock = threading.RLock()
        self._sessions: list[LiveSession] = []  # none or one; a list, so that `finalize` sees it
        self._source: Source = "video"
        self._mirrored = True
        self._error: str | None = None
        # Whoever drops the visit without a word, such as an expired session, leaves no detector.
        weakref.finalize(self, _close_all, self._sessions).atexit = False

    @property
    def now_s(self) -> float:
        """Seconds since the visit began."""
        return time.monotonic() - self._zero_s

    @property
    def is_open(self) -> bool:
        """Whether a detector is held right now."""
        return bool(self._sessions)

    @property
    def transcript(self) -> Transcript:
        """What was spelled so far."""
        return self._speller.transcript

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._speller.can_undo

    @property
    def mirrored(self) -> bool:
        """Whether the video is shown as in a mirror."""
        return self._mirrored

    @mirrored.setter
    def mirrored(self, mirrored: bool) -> None:
        with self._lock:
            self._mirrored = mirrored
            for session in self._sessions:
                session.mirrored = mirrored

    @property
    def settings(self) -> SpellingSettings:
        """The times and speeds of the spelling."""
        return self._speller.settings

    @settings.setter
    def settings(self, settings: SpellingSettings) -> None:
        with self._lock:
            if self._sessions:
                self._sessions[0].set_settings(settings)
            else:
                self._speller.settings = settings

    @property
    def source(self) -> Source:
        """Where frames come from; frames of the other source are given back unread."""
        return self._source

    @source.setter
    def source(self, source: Source) -> None:
        with self._lock:
            if source != self._source:
                self._source = source
                self.end_stream()

    def on_frame(self, frame: Frame, source: Source, receive_ms: float = 0.0) -> Frame:
        """Read an RGB uint8 `(H, W, 3)` Frame and give it back with its marks, same size.

        Never raises: what goes wrong is told by `error`, and the plain frame comes back.
        `receive_ms` is what it took to get the frame.
        """
        try:
            session = self._session_for(source)
        except AslError as error:
            self._error = str(error)
            return frame
        return frame if session is None else session.on_frame(frame, self.now_s, receive_ms)

    def snapshot(self) -> LiveSnapshot | None:
        """Give the state of the running camera, None while none runs."""
        with self._lock:
            # Of a stream that stands still nothing is current; a single picture stays what it was.
            now_s = self.now_s if self._source == "video" else None
            return self._sessions[0].snapshot(now_s) if self._sessions else None

    @property
    def error(self) -> str | None:
        """What went wrong last, in one sentence; None where all is well."""
        snapshot = self.snapshot()
        return self._error or (snapshot.error if snapshot else None)

    def end_stream(self) -> None:
        """Free the detector; the words stay. Once is enough, more often does no harm."""
        with self._lock:
            ended, self._sessions[:] = list(self._sessions), []
            self._error = None
        _close_all(ended)
        if ended:
            self._words().reset_hand()

    def type_letter(self, letter: str) -> None:
        """Add a letter A-Z by hand."""
        self._words().type_letter(letter)

    def type_space(self) -> None:
        """Add a space."""
        self._words().type_space()

    def delete(self) -> None:
        """Remove the last letter or space."""
        self._words().delete()

    def clear(self) -> None:
        """Remove everything; `undo` brings it back."""
        self._words().clear()

    def undo(self) -> None:
        """Take back the last change."""
        self._words().undo()

    def replace_word(self, word: str) -> None:
        """Write the last word as `word`."""
        self._words().replace_word(word)

    def reset_hand(self) -> None:
        """Forget what is being held."""
        self._words().reset_hand()

    def restore(self, transcript: Transcript) -> None:
        """Go on with another transcript, as after a reload; the clock goes on after its end."""
        with self._lock:
            if transcript.letters:
                resumed_s = transcript.letters[-1].end_s + _AFTER_RESTORE_S
                # Never back: the speller leaves out what is older than what it has seen.
                self._zero_s = min(self._zero_s, time.monotonic() - resumed_s)
        self._words().restore(transcript)

    def _words(self) -> LiveSession | Speller:
        """Give who takes commands: the session, as it guards the words, where there is one."""
        with self._lock:
            return self._sessions[0] if self._sessions else self._speller

    def _session_for(self, source: Source) -> LiveSession | None:
        with self._lock:
            if source != self._source:
                return None
            if not self._sessions:
                frame_speller = self._open_speller(self._speller, source)
                self._sessions.append(LiveSession(frame_speller, self._mirrored))
                self._error = None
            return self._sessions[0]


def _close_all(sessions: list[LiveSession]) -> None:
    for session in sessions:
        session.close()
