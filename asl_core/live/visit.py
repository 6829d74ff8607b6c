"""One visitor's words, and the camera runs that make them; knows nothing of pages."""

import threading
import time
from collections.abc import Callable

from asl_core.frame_speller import Sighting
from asl_core.images import Frame
from asl_core.letters.adaptation.whose_hand import WhoseHand
from asl_core.live.camera import LiveMarks
from asl_core.live.camera_slot import CameraSlot, OpenStream, Source
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.snapshot import LiveSnapshot, Spelled
from asl_core.spelling.settings import STANDARD, SpellingSettings
from asl_core.spelling.signs import SignReader, SpellingState
from asl_core.spelling.speller import Speller
from asl_core.spelling.transcript import Transcript

_AFTER_RESTORE_S = 1.0


class LiveVisit:
    """Keeps the words over page switches and reconnects, and a camera only while one is needed.

    A LiveCamera is opened by the first frame and closed by `end_stream`, by a change of the source,
    and when the visit itself is dropped. Every method is thread-safe: one lock guards the words,
    the settings and which camera is current. A frame is spelled only while its camera is: what a
    closed camera was still reading changes no word. Times are seconds since the visit began.
    """

    def __init__(
        self,
        open_stream: OpenStream,
        rejection_threshold: float,
        settings: SpellingSettings = STANDARD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` returns seconds that only rise."""
        self._speller = Speller(rejection_threshold, settings)
        self.rejection_threshold = rejection_threshold
        self._clock = clock
        self._zero_s = clock()
        self._lock = threading.RLock()
        self._slot = CameraSlot(open_stream, self._lock)
        self._mirrored = True
        self._whose = WhoseHand()

    @property
    def now_s(self) -> float:
        """Seconds since the visit began."""
        return self._clock() - self._zero_s

    @property
    def is_open(self) -> bool:
        """Whether a camera, and with it a detector, is open right now."""
        return self._slot.is_open

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
        self._mirrored = mirrored

    @property
    def settings(self) -> SpellingSettings:
        """The times and speeds of the spelling."""
        return self._speller.settings

    @settings.setter
    def settings(self, settings: SpellingSettings) -> None:
        with self._lock:
            self._speller.settings = settings

    @property
    def spelling(self) -> SpellingState:
        """What is made of the hand right now; of no hand where no camera is open."""
        return self._speller.state

    def read_with(self, reader: SignReader) -> None:
        """Go on with another way of spelling; what the old one has not settled is written."""
        with self._lock:
            self._speller.reader = reader

    @property
    def seems_another(self) -> bool:
        """Whether the hand that spells seems not to be the one that the recognizer was taught."""
        with self._lock:
            return self._whose.seems_another

    @property
    def source(self) -> Source:
        """Where frames come from; frames of the other source come back unread."""
        return self._slot.source

    @source.setter
    def source(self, source: Source) -> None:
        with self._lock:
            if source != self._slot.source:
                self._slot.choose(source)
                self.end_stream()

    def on_frame(self, frame: Frame, source: Source, receive_ms: float = 0.0) -> Frame:
        """Read an RGB uint8 `(H, W, 3)` Frame and return it with its marks, in the same size.

        Never raises: what goes wrong is told by `error`, and the plain frame comes back.
        `receive_ms` is what it took to get the frame.
        """
        now_s, mirrored = self.now_s, self._mirrored
        return self._slot.on_frame(frame, source, now_s, receive_ms, mirrored, self._spell)

    def on_device_frame(self, seen: DeviceFrame, time_s: float) -> LiveMarks | None:
        """Read what the visitor's browser found in a frame, and return what it shall draw.

        `time_s` is the frame's, of this visit's clock. None where the page has chosen another
        source, where the frame came too late, and where something goes wrong, which `error` tells.
        Never raises.
        """
        return self._slot.on_device_frame(seen, time_s, self._spell)

    @property
    def is_quick(self) -> bool:
        """Whether a frame takes about a millisecond; the end of a natural word takes more."""
        return not self._speller.state.is_natural

    def end_device(self) -> None:
        """End the stream of a browser's own camera, unless another source was chosen meanwhile."""
        with self._lock:
            if self._slot.source == "device":
                self.end_stream()

    def snapshot(self) -> LiveSnapshot | None:
        """Return the state of the open camera without waiting for a frame, None without one."""
        with self._lock:
            # Of a stream that stands still nothing is current; a single picture stays what it was.
            now_s = None if self._slot.source == "pictures" else self.now_s
            return self._slot.snapshot(self._speller.state, self._speller.transcript, now_s)

    @property
    def error(self) -> str | None:
        """What went wrong last, in one sentence; None where all is well."""
        snapshot = self.snapshot()
        return self._slot.error or (snapshot.error if snapshot else None)

    def end_stream(self) -> None:
        """Close the camera; the words stay, what is held or still being read counts no more.

        A word that is being spelled naturally ends. Idempotent.
        """
        with self._lock:
            camera = self._slot.take_out()
            self._whose.forget()
            if camera is not None:
                self._speller.finish()
        if camera is not None:
            camera.close()

    def type_letter(self, letter: str) -> None:
        """Add a letter A-Z by hand; lower case is taken too.

        Raises:
            TranscriptError: it is no letter from A to Z.
        """
        with self._lock:
            self._speller.type_letter(letter)

    def type_space(self) -> None:
        """Add a space."""
        with self._lock:
            self._speller.type_space()

    def delete(self) -> None:
        """Remove the last letter or space."""
        with self._lock:
            self._speller.delete()

    def clear(self) -> None:
        """Remove everything; `undo` brings it back."""
        with self._lock:
            self._speller.clear()

    def undo(self) -> None:
        """Take back the last change."""
        with self._lock:
            self._speller.undo()

    def replace_word(self, word: str) -> None:
        """Write the last word as `word`.

        Raises:
            TranscriptError: `word` is empty or holds something else than A to Z.
        """
        with self._lock:
            self._speller.replace_word(word)

    def reset_hand(self) -> None:
        """Forget what is being held."""
        with self._lock:
            self._speller.finish()

    def restore(self, transcript: Transcript) -> None:
        """Put words of an earlier session before those of this one; the clock follows their end."""
        with self._lock:
            if self._speller.is_empty and transcript.letters:
                resumed_s = transcript.letters[-1].end_s + _AFTER_RESTORE_S
                # Never back: the speller leaves out what is older than what it has seen.
                self._zero_s = min(self._zero_s, self._clock() - resumed_s)
            self._speller.put_before(transcript)

    def _spell(self, sighting: Sighting) -> Spelled:
        """Spell what was seen; the slot calls it with the lock held, while the camera is open."""
        committed = self._speller.observe(sighting.observation)
        if committed:
            self._whose.see(sighting.reading.prediction)
        return Spelled(committed, self._speller.state, self._speller.transcript)
