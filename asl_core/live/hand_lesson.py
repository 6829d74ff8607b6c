"""A guided minute: a person shows each letter to the camera, and each is taught once it is held."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from asl_core.alphabet import STATIC_LETTERS
from asl_core.errors import AslError
from asl_core.frame_speller import Sighting
from asl_core.images import Frame
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.live.camera import LiveCamera, LiveMarks
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.snapshot import LiveSnapshot, Spelled
from asl_core.live.visit import OpenStream, Source
from asl_core.spelling.settings import STANDARD
from asl_core.spelling.signs import HandObservation, SpellingState
from asl_core.spelling.transcript import CommittedLetter, Transcript

ROUNDS = 2
"""Each letter is taught so often: with one photo nothing could be tested by leaving it out."""

HOLD_S = 0.7
"""A letter that the model reads as the one that is asked for is taught after so long."""

DOUBTFUL_HOLD_S = 2.5
"""One that it reads as another: long enough to see what it is taken for, and to change the hand."""

CHANGE_S = 0.5
"""After a letter was taught the next one has at least so long to be formed."""

Waits = Literal["hand", "stillness", "change", "doubt", "hold", "nothing"]
"""What a letter waits for: a hand; a hand that keeps still; that the last letter is given up; only
time, though the model reads another letter; only time; nothing, as all letters were taught."""


@dataclass(frozen=True)
class LessonState:
    """Where a lesson is: the letter that is asked for, and how far its hold has come.

    `letter` is None when all were taught. `taught` of `total` photos are done; `read_as` is what
    the model takes the hand for, None without a hand. `progress` is in 0-1.
    """

    letter: str | None
    taught: int
    total: int
    waits_for: Waits
    progress: float = 0.0
    read_as: str | None = None


class HandLesson:
    """Asks for each letter in turn and teaches the hand that is held still; not thread-safe.

    The letters come in the order of the alphabet, twice, so that two photos of a letter are not of
    one moment. What `hand` already knows is not asked again.
    """

    def __init__(self, hand: TaughtHand) -> None:
        self._hand = hand
        self._skipped: set[tuple[int, str]] = set()
        self._held_since_s: float | None = None
        self._taught_s = float("-inf")
        self._last: str | None = None
        self._state = LessonState(None, 0, 0, "hand")
        self._say("hand")

    @property
    def hand(self) -> TaughtHand:
        """What was taught so far."""
        return self._hand

    @property
    def state(self) -> LessonState:
        """Where the lesson is."""
        return self._state

    def skip(self) -> None:
        """Leave out the letter that is asked for, this time."""
        if (asked := self._asked()) is not None:
            self._skipped.add(asked)
        self._begin_next()

    def repeat(self) -> None:
        """Forget the last photo and ask for its letter again."""
        if self._hand.photos:
            last = self._hand.photos[-1].label
            kept = [photo for photo in self._hand.photos[:-1] if photo.label == last]
            hand = self._hand.without_letter(last)
            for photo in kept:
                hand = hand.with_photo(photo.label, photo.evidence)
            self._hand = hand
            self._last = None
        self._begin_next()

    def observe(self, seen: HandObservation) -> str | None:
        """Take one frame; return the letter that it taught, mostly None."""
        asked = self._asked()
        if asked is None:
            return None
        prediction = seen.prediction
        if prediction is None or prediction.evidence is None:
            self._held_since_s, self._last = None, None
            self._say("hand")
            return None
        read_as = prediction.best.label
        waits = self._obstacle(asked[1], read_as, seen)
        if waits is not None:
            self._held_since_s = None
            self._say(waits, read_as=read_as)
            return None
        return self._hold(asked[1], seen, read_as)

    def _obstacle(self, asked: str, read_as: str, seen: HandObservation) -> Waits | None:
        """Return what keeps this frame from counting as held."""
        if seen.speed > STANDARD.still_speed:
            self._last = None if seen.time_s - self._taught_s > CHANGE_S else self._last
            return "stillness"
        is_late = seen.time_s - self._taught_s > CHANGE_S
        # The last letter still stands; without this the next one would be taught with its hand.
        if not is_late or (self._last is not None and read_as == self._last != asked):
            return "change"
        return None

    def _hold(self, asked: str, seen: HandObservation, read_as: str) -> str | None:
        assert seen.prediction is not None and seen.prediction.evidence is not None
        if self._held_since_s is None:
            self._held_since_s = seen.time_s
        needed = HOLD_S if read_as == asked else DOUBTFUL_HOLD_S
        progress = (seen.time_s - self._held_since_s) / needed
        if progress < 1:
            self._say("hold" if read_as == asked else "doubt", progress, read_as)
            return None
        self._hand = self._hand.with_photo(asked, seen.prediction.evidence)
        self._taught_s, self._last = seen.time_s, read_as
        self._begin_next()
        return asked

    def _asked(self) -> tuple[int, str] | None:
        """Return round and letter of what is asked for."""
        for number in range(1, ROUNDS + 1):
            for letter in STATIC_LETTERS:
                if self._hand.count(letter) < number and (number, letter) not in self._skipped:
                    return number, letter
        return None

    def _begin_next(self) -> None:
        self._held_since_s = None
        self._say("change" if self._last is not None else "hand")

    def _say(self, waits: Waits, progress: float = 0.0, read_as: str | None = None) -> None:
        asked = self._asked()
        total = ROUNDS * len(STATIC_LETTERS)
        taught = sum(min(self._hand.count(letter), ROUNDS) for letter in STATIC_LETTERS)
        letter = asked[1] if asked is not None else None
        waits = waits if asked is not None else "nothing"
        self._state = LessonState(letter, taught, total, waits, min(progress, 1.0), read_as)


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
        self._open_stream, self._clock = open_stream, clock
        self._source: Source = "video"
        self._lesson = HandLesson(hand)
        self._lock = threading.RLock()
        self._camera: LiveCamera | None = None
        self._error: str | None = None

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
        return self._source

    @source.setter
    def source(self, source: Source) -> None:
        with self._lock:
            if source != self._source:
                self._source = source
                self.end_stream()

    @property
    def error(self) -> str | None:
        """What went wrong last, in one sentence; None where all is well."""
        snapshot = self.snapshot()
        return self._error or (snapshot.error if snapshot is not None else None)

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
        camera = self._camera_for(source)
        if camera is None:
            return frame
        return camera.on_frame(frame, self._clock(), receive_ms, True, self._take)

    def on_device_frame(self, seen: DeviceFrame, time_s: float) -> LiveMarks | None:
        """Take what the visitor's browser found in a frame, and return what it shall draw.

        `time_s` is the frame's, of this lesson's clock. None where the page has chosen another
        source, where the frame came too late, and where something goes wrong, which `error` tells.
        Never raises.
        """
        camera = self._camera_for("device")
        if camera is None:
            return None
        return camera.on_device_frame(seen, time_s, self._take)

    def end_device(self) -> None:
        """Close the camera of a browser, unless another source was chosen meanwhile."""
        with self._lock:
            if self._source == "device":
                self.end_stream()

    def snapshot(self) -> LiveSnapshot | None:
        """Return what the open camera sees, None without one."""
        with self._lock:
            if self._camera is None:
                return None
            return self._camera.snapshot(_as_spelling(self.state), Transcript(), self._clock())

    def end_stream(self) -> None:
        """Close the camera; idempotent."""
        with self._lock:
            camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def _camera_for(self, source: Source) -> LiveCamera | None:
        with self._lock:
            if source != self._source:
                return None
            try:
                if self._camera is None:
                    self._camera = LiveCamera(self._open_stream(source), self._lock)
                    self._error = None
            except AslError as error:
                self._error = str(error)
            return self._camera

    def _take(self, sighting: Sighting) -> Spelled:
        seen = sighting.observation
        with self._lock:
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
