"""Finds a hand with MediaPipe's HandLandmarker: the one home of mediapipe in the product.

(`benchmark/reference_loop.py` calls mediapipe too, as the yardstick beside this file.)
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, runtime_checkable

import numpy as np

from asl_core.errors import ModelFileError
from asl_core.hands.landmarker_model import landmarker_path
from asl_core.hands.landmarks import HandDetection, Handedness, HandLandmarks
from asl_core.hands.search_views import FURTHER_VIEWS, SECOND_VIEWS, SearchView
from asl_core.images import Frame

if TYPE_CHECKING:
    from mediapipe import Image
    from mediapipe.tasks.python.vision import HandLandmarker

# MediaPipe logs each start to stderr; only its errors concern a person at a terminal.
os.environ.setdefault("GLOG_minloglevel", "2")

FRAME_CONFIDENCE = 0.3
VIEW_CONFIDENCE = 0.1
"""Palm and presence thresholds in 0-1, for the Frame as it is and for changed views of it.

Chosen on a third of the validation photos: the Frame at 0.3 shows a hand in 97.3 %; the view
turned by 90° at 0.1 raises that to 99.2 %, the one with a border to 99.7 %, and twelve further
views (gamma, contrast, ±30°, 180°, mirror) add 0.1 % together.
"""

VIDEO_CONFIDENCE = 0.5
"""Palm, presence and tracking threshold in video mode, MediaPipe's default."""


class HandDetector(Protocol):
    """Whatever finds a hand in a Frame."""

    def detect(self, frame: Frame, timestamp_ms: int = 0) -> HandDetection | None:
        """Return the largest hand of an RGB uint8 `(H, W, 3)` Frame, or None."""
        ...

    def close(self) -> None:
        """Free what the detector holds; it cannot be used afterwards."""
        ...


@runtime_checkable
class SearchingHandDetector(HandDetector, Protocol):
    """A detector that can search changed views of a single picture, less surely."""

    def further_hands(self, frame: Frame) -> Iterator[HandDetection]:
        """Yield the hand of each view that shows one; each may be a false detection."""
        ...


class MediaPipeHandDetector:
    """The 21 landmarks of a hand, its handedness and score.

    In `photo` mode every call stands alone, and a hand that is not found at once is sought in two
    more views: turned by 90°, then with a border; `further_hands` tries all views, for a photo in
    doubt. In `video` mode MediaPipe tracks the hand from frame to frame; timestamps must rise. One
    detector serves one thread at a time; close it, or use it as a context manager.

    Raises:
        ModelFileError: the model file is missing, altered or refused by MediaPipe.
    """

    def __init__(self, mode: Literal["photo", "video"] = "photo") -> None:
        self.mode = mode
        self._is_closed = False
        self._last_timestamp_ms = -1
        if mode == "video":
            self._first = _landmarker("VIDEO", VIDEO_CONFIDENCE, hands=1)
            self._second = None
        else:
            self._first = _landmarker("IMAGE", FRAME_CONFIDENCE, hands=2)
            self._second = _landmarker("IMAGE", VIEW_CONFIDENCE, hands=1)

    def detect(self, frame: Frame, timestamp_ms: int = 0) -> HandDetection | None:
        """Return the largest hand of an RGB uint8 `(H, W, 3)` Frame, or None where none is found.

        `timestamp_ms` matters in video mode only. One that does not rise is moved to one
        millisecond after the last, since MediaPipe refuses it otherwise. Photo mode counts up to
        two hands in `hands_seen`; video mode follows one.

        Raises:
            ValueError: the Frame is empty, has another shape, or is not uint8. MediaPipe would
                read such memory as if it were RGB, or break down for good. Or the detector is
                closed: MediaPipe would find no hand in any Frame.
        """
        self._require_open()
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.size == 0 or frame.dtype != np.uint8:
            raise ValueError(f"a Frame is RGB uint8 (H, W, 3), not {frame.dtype} {frame.shape}")
        # MediaPipe reads the memory as it lies; that of a mirrored or cut Frame has other rows.
        picture = np.ascontiguousarray(frame)
        if self._second is None:
            self._last_timestamp_ms = max(timestamp_ms, self._last_timestamp_ms + 1)
            tracked = self._first.detect_for_video(_image(picture), self._last_timestamp_ms)
            return _largest(tracked, picture)
        found = _largest(self._first.detect(_image(picture)), picture)
        for view_of in SECOND_VIEWS:
            if found is not None:
                break
            found = self._search(view_of(picture))
        return found

    def further_hands(self, frame: Frame) -> Iterator[HandDetection]:
        """Yield what SECOND_VIEWS and FURTHER_VIEWS show of an RGB uint8 `(H, W, 3)` Frame.

        Each view is made when its hand is asked for. In video mode there are none.

        Raises:
            ValueError: the detector is closed.
        """
        self._require_open()
        if self._second is None:
            return
        picture = np.ascontiguousarray(frame)
        for view_of in (*SECOND_VIEWS, *FURTHER_VIEWS):
            found = self._search(view_of(picture))
            if found is not None:
                yield found

    def _require_open(self) -> None:
        if self._is_closed:
            raise ValueError("the detector is closed; it finds no more hands.")

    def _search(self, view: SearchView) -> HandDetection | None:
        assert self._second is not None
        seen = _largest(self._second.detect(_image(view.picture)), view.picture)
        return None if seen is None else view.back(seen)

    def close(self) -> None:
        """Free MediaPipe's graphs."""
        self._is_closed = True
        self._first.close()
        if self._second is not None:
            self._second.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


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
def _landmarker(mode: Literal["IMAGE", "VIDEO"], confidence: float, hands: int) -> "HandLandmarker":
    with without_matplotlib():
        from mediapipe.tasks.python import vision
        from mediapipe.tasks.python.core.base_options import BaseOptions

    path = landmarker_path()
    options = vision.HandLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(path)),
        running_mode=vision.RunningMode[mode],
        num_hands=hands,
        min_hand_detection_confidence=confidence,
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


def _largest(result: Any, picture: Frame) -> HandDetection | None:
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
    return best
