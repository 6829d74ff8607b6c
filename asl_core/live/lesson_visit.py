"""A lesson before a visitor's camera, whichever source it is; knows nothing of pages."""

import threading
import time
from collections.abc import Callable

from asl_core.frame_speller import Sighting
from asl_core.images import Frame
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.live.camera import LiveMarks
from asl_core.live.camera_slot import CameraSlot, OpenStream, Source
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.hand_lesson import HandLesson, LessonState
from asl_core.live.snapshot import LiveSnapshot, Spelled
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import CommittedLetter, Transcript


class LessonVisit:
    """A HandLesson before a visitor's camera; every method is thread-safe.

    A camera is opened by the first frame and closed by `end_stream`, or by a change of the source.
    What is taught stays.
    """

    def __init__(
        self,
        open_stream: OpenStream,
        hand: TaughtHand,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` returns seconds that only rise."""
        self._clock = clock
        self._lesson = HandLesson(hand)
        self._lock = threading.RLock()
        self._slot = CameraSlot(open_stream, self._lock)

    @property
    def hand(self) -> TaughtHand:
        """What was taught so far."""
        return self._lesson.hand

    @property
    def state(self) -> LessonState:
        """Where the lesson is."""
        return self._lesson.state

    @property
    def now_s(self) -> float:
        """Seconds of the lesson's clock."""
        return self._clock()

    @property
    def source(self) -> Source:
        """Where frames come from; frames of another source come back unread."""
        return self._slot.source

    @source.setter
    def source(self, source: Source) -> None:
        with self._lock:
            if source != self._slot.source:
                self._slot.choose(source)
                self.end_stream()

    @property
    def error(self) -> str | None:
        """What went wrong last, in one sentence; None where all is well."""
        snapshot = self.snapshot()
        return self._slot.error or (snapshot.error if snapshot is not None else None)

    def skip(self) -> None:
        """Leave out the letter that is asked for, this time."""
        with self._lock:
            self._lesson.skip()

    def repeat(self) -> None:
        """Forget the last photo and ask for its letter again."""
        with self._lock:
            self._lesson.repeat()

    def on_frame(self, frame: Frame, source: Source = "video", receive_ms: float = 0.0) -> Frame:
        """Look at an RGB uint8 `(H, W, 3)` Frame and return it with its marks, as in a mirror.

        Never raises: what goes wrong is told by `error`, and the plain frame comes back.
        """
        return self._slot.on_frame(frame, source, self._clock(), receive_ms, True, self._take)

    def on_device_frame(self, seen: DeviceFrame, time_s: float) -> LiveMarks | None:
        """Take what the visitor's browser found in a frame, and return what it shall draw.

        `time_s` is the frame's, of this lesson's clock. None where the page has chosen another
        source, where the frame came too late, and where something goes wrong, which `error` tells.
        Never raises.
        """
        return self._slot.on_device_frame(seen, time_s, self._take)

    @property
    def is_quick(self) -> bool:
        """Whether a frame takes about a millisecond; one that teaches takes more."""
        return False

    def end_device(self) -> None:
        """Close the camera of a browser, unless another source was chosen meanwhile."""
        with self._lock:
            if self._slot.source == "device":
                self.end_stream()

    def snapshot(self) -> LiveSnapshot | None:
        """Return what the open camera sees, None without one."""
        with self._lock:
            return self._slot.snapshot(_as_spelling(self.state), Transcript(), self._clock())

    def end_stream(self) -> None:
        """Close the camera; idempotent."""
        camera = self._slot.take_out()
        if camera is not None:
            camera.close()

    def _take(self, sighting: Sighting) -> Spelled:
        seen = sighting.observation
        letter = self._lesson.observe(seen)
        state = _as_spelling(self.state)
        taught = (CommittedLetter(letter, seen.time_s, seen.time_s, 1.0),) if letter else ()
        return Spelled(taught, state, Transcript())


def _as_spelling(state: LessonState) -> SpellingState:
    """Put a lesson's state as the overlay of the live video shows it: the letter that is read."""
    return SpellingState(
        candidate=state.letter,
        progress=state.progress,
        letter=state.read_as,
        confidence=1.0 if state.read_as else 0.0,
        waits_for="stillness" if state.waits_for == "stillness" else "hold",
    )
