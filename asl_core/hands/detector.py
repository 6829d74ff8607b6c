"""Finds a hand with MediaPipe's HandLandmarker: the one home of mediapipe in the product.

(`benchmark/reference_loop.py` calls mediapipe too, as the yardstick beside this file.)
"""

import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, runtime_checkable

import numpy as np

from asl_core.errors import ModelFileError
from asl_core.hands.landmarker_model import landmarker_path
from asl_core.hands.landmarks import HandDetection, Handedness, HandLandmarks
from asl_core.hands.search_views import (
    FURTHER_LOOKS,
    LOOKS_AT_A_SURE_HAND,
    SECOND_LOOKS,
    Look,
)
from asl_core.images import Frame

if TYPE_CHECKING:
    from mediapipe import Image
    from mediapipe.tasks.python.vision import HandLandmarker

# MediaPipe logs each start to stderr; only its errors concern a person at a terminal.
os.environ.setdefault("GLOG_minloglevel", "2")

FRAME_CONFIDENCE = 0.3
VIEW_CONFIDENCE = 0.1
"""Palm and presence thresholds in 0-1, for the Frame as it is and for changed views of it."""

PATIENT_HANDS, PATIENT_PALM_CONFIDENCE, PATIENT_CONFIDENCE = 8, 0.03, 0.5
"""A patient look tries up to eight places, however little they look like a palm, and believes those
where the landmark model sees a hand: in the dark, against the light, in crops. What each look
finds stands in docs/experiments.md.
"""

VIDEO_CONFIDENCE = 0.5
"""Presence and tracking threshold in video mode, MediaPipe's default."""

VIDEO_PALM_CONFIDENCE = 0.1
"""Where no hand is tracked, the likeliest place is tried from here on. MediaPipe's own 0.5 misses
three of four hands in poor light that this finds. Figures in docs/experiments.md."""


class HandDetector(Protocol):
    """Whatever finds a hand in a Frame."""

    def detect(self, frame: Frame, timestamp_ms: int = 0) -> HandDetection | None:
        """Return the largest hand of an RGB uint8 `(H, W, 3)` Frame, or None."""
        ...

    def close(self) -> None:
        """Free what the detector holds; it cannot be used afterwards."""
        ...


LOOKS_AHEAD = 1
"""So many looks are made beside the one that is waited for. In SECOND_LOOKS patient ones and others
take turns and have a graph each, so that two cores work; one look at most is in vain."""


@runtime_checkable
class SearchingHandDetector(HandDetector, Protocol):
    """A detector that can look again at a single picture, less surely."""

    def search(self, frame: Frame, timestamp_ms: int = 0) -> Iterator[HandDetection]:
        """Yield the hand of each look that shows one, first that of the Frame as it is.

        All others may be false detections: their `is_sure` is False.
        """
        ...


class MediaPipeHandDetector:
    """The 21 landmarks of a hand, its handedness and score.

    In `photo` mode every call stands alone, and a hand that is not found at once is sought in
    SECOND_LOOKS; `search` goes on with FURTHER_LOOKS, or looks again at a hand that was found at
    once, for a photo in doubt. In `video` mode MediaPipe tracks the hand from frame to frame;
    timestamps must rise. One detector serves one thread at a time; close it, or use it as a context
    manager.

    Raises:
        ModelFileError: the model file is missing, altered or refused by MediaPipe.
    """

    def __init__(self, mode: Literal["photo", "video"] = "photo") -> None:
        self.mode = mode
        self._is_closed = False
        self._last_timestamp_ms = -1
        self._patient: _Looker | None = None
        if mode == "video":
            self._first = _landmarker("VIDEO", VIDEO_CONFIDENCE, 1, VIDEO_PALM_CONFIDENCE)
            self._second = None
        else:
            self._first = _landmarker("IMAGE", FRAME_CONFIDENCE, hands=2)
            self._second = _Looker(_landmarker("IMAGE", VIEW_CONFIDENCE, hands=1))

    def detect(self, frame: Frame, timestamp_ms: int = 0) -> HandDetection | None:
        """Return the largest hand of an RGB uint8 `(H, W, 3)` Frame, or None where none is found.

        `timestamp_ms` matters in video mode only. One that does not rise is moved to one
        millisecond after the last, since MediaPipe refuses it otherwise. Photo mode counts up to
        two hands in `hands_seen` where it finds them at once; video mode follows one.

        Raises:
            ValueError: the Frame is empty, has another shape, or is not uint8. MediaPipe would
                read such memory as if it were RGB, or break down for good. Or the detector is
                closed: MediaPipe would find no hand in any Frame.
        """
        return next(self._hands(frame, timestamp_ms, SECOND_LOOKS), None)

    def search(self, frame: Frame, timestamp_ms: int = 0) -> Iterator[HandDetection]:
        """Yield what the Frame itself shows, then what further looks show.

        Where it shows a hand these are LOOKS_AT_A_SURE_HAND, else SECOND_LOOKS and FURTHER_LOOKS.
        Each look is made when its hand is asked for. In video mode there is the first one alone.

        Raises:
            ValueError: as `detect`, when the first hand is asked for.
        """
        return self._hands(frame, timestamp_ms, (*SECOND_LOOKS, *FURTHER_LOOKS))

    def _hands(
        self, frame: Frame, timestamp_ms: int, looks: Sequence[Look]
    ) -> Iterator[HandDetection]:
        self._require_open()
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.size == 0 or frame.dtype != np.uint8:
            raise ValueError(f"a Frame is RGB uint8 (H, W, 3), not {frame.dtype} {frame.shape}")
        # MediaPipe reads the memory as it lies; that of a mirrored or cut Frame has other rows.
        picture = np.ascontiguousarray(frame)
        if self._second is None:
            self._last_timestamp_ms = max(timestamp_ms, self._last_timestamp_ms + 1)
            tracked = self._first.detect_for_video(_image(picture), self._last_timestamp_ms)
            yield from _largest(tracked, picture)
            return
        found = list(_largest(self._first.detect(_image(picture)), picture))
        yield from found
        yield from self._sought(picture, LOOKS_AT_A_SURE_HAND if found else looks)

    def _sought(self, picture: Frame, looks: Sequence[Look]) -> Iterator[HandDetection]:
        """Yield what the looks show in their order, the next ones under way beside each."""
        remaining = iter(looks)
        under_way: deque[Future[HandDetection | None]] = deque()
        try:
            while True:
                while len(under_way) <= LOOKS_AHEAD and (look := next(remaining, None)):
                    under_way.append(self._looker(look).start(look, picture))
                if not under_way:
                    return
                hand = under_way.popleft().result()
                if hand is not None:
                    yield hand
        finally:
            for future in under_way:
                future.cancel()

    def _looker(self, look: Look) -> "_Looker":
        assert self._second is not None
        if not look.is_patient:
            return self._second
        # Opened with the first photo that is looked at again; there may never be one.
        if self._patient is None:
            self._patient = _Looker(
                _landmarker("IMAGE", PATIENT_CONFIDENCE, PATIENT_HANDS, PATIENT_PALM_CONFIDENCE)
            )
        return self._patient

    def _require_open(self) -> None:
        if self._is_closed:
            raise ValueError("the detector is closed; it finds no more hands.")

    def close(self) -> None:
        """Free MediaPipe's graphs."""
        self._is_closed = True
        self._first.close()
        for looker in (self._second, self._patient):
            if looker is not None:
                looker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Looker:
    """A graph of MediaPipe for single pictures with a thread of its own, which it is asked in."""

    def __init__(self, landmarker: "HandLandmarker") -> None:
        self._landmarker = landmarker
        self._thread = ThreadPoolExecutor(1, "asl-look")

    def start(self, look: Look, picture: Frame) -> Future[HandDetection | None]:
        """Begin a look at a picture, once the last one is done."""
        return self._thread.submit(self._seen, look, picture)

    def _seen(self, look: Look, picture: Frame) -> HandDetection | None:
        view = look.view_of(picture)
        hand = next(_largest(self._landmarker.detect(_image(view.picture)), view.picture), None)
        return None if hand is None else view.back(hand)

    def close(self) -> None:
        """Wait for the look under way, and free the graph."""
        self._thread.shutdown(cancel_futures=True)
        self._landmarker.close()


_VISION = "mediapipe.tasks.python.vision"
_PLOTS = ("matplotlib", "matplotlib.pyplot")
_import_lock = threading.Lock()


@contextmanager
def without_matplotlib() -> Iterator[None]:
    """Import MediaPipe without matplotlib, which it loads for a plot that nobody draws here.

    That takes 0.8 s, 36 MiB of memory and, in an installation that only reads, 55 MB of disk.
    Where one of the two is loaded already, nothing changes. Threads take turns.
    """
    with _import_lock:
        if _VISION in sys.modules or sys.modules.get(_PLOTS[0]) is not None:
            yield
            return
        # None stands there for what was said not to be installed.
        before = {name: sys.modules[name] for name in _PLOTS if name in sys.modules}
        sys.modules.update({name: ModuleType(name) for name in _PLOTS})
        try:
            yield
        finally:
            for name in _PLOTS:
                del sys.modules[name]
            sys.modules.update(before)


# mediapipe takes a while to import, so that it is loaded with the first detector.
def _landmarker(
    mode: Literal["IMAGE", "VIDEO"],
    confidence: float,
    hands: int,
    palm_confidence: float | None = None,
) -> "HandLandmarker":
    with without_matplotlib():
        from mediapipe.tasks.python import vision
        from mediapipe.tasks.python.core.base_options import BaseOptions

    path = landmarker_path()
    options = vision.HandLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(path)),
        running_mode=vision.RunningMode[mode],
        num_hands=hands,
        min_hand_detection_confidence=palm_confidence or confidence,
        min_hand_presence_confidence=confidence,
        min_tracking_confidence=confidence,
    )
    try:
        return vision.HandLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelFileError(f"MediaPipe cannot open {path.name}: {error}") from None


def _image(picture: Frame) -> "Image":
    from mediapipe import Image, ImageFormat

    return Image(ImageFormat.SRGB, picture)


def _largest(result: Any, picture: Frame) -> Iterator[HandDetection]:
    """Yield the largest hand of a result, nothing where it has none."""
    height, width = picture.shape[:2]
    best: HandDetection | None = None
    best_area = -1.0
    seen = len(result.hand_landmarks)
    for marks, categories in zip(result.hand_landmarks, result.handedness, strict=True):
        points = np.array([(m.x, m.y, m.z) for m in marks], np.float32)
        spread = np.ptp(points[:, :2], axis=0) * (width, height)
        area = float(spread[0] * spread[1])
        if area > best_area:
            best_area = area
            side: Handedness = "Left" if categories[0].category_name == "Left" else "Right"
            best = HandDetection(HandLandmarks(points), side, float(categories[0].score), seen)
    if best is not None:
        yield best
