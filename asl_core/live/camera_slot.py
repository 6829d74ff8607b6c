"""The one camera of a visit: which source it has, and that nothing counts once it is closed."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from asl_core.errors import AslError
from asl_core.frame_speller import Sighting, StreamReader
from asl_core.images import Frame
from asl_core.live.camera import LiveCamera, LiveMarks
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.snapshot import LiveSnapshot, Spelled
from asl_core.live.stream_log import StreamLog, new_visit_id
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import Transcript

Source = Literal["video", "pictures", "device"]
"""A stream, in which the hand is followed; single pictures, each of which stands alone; or what the
visitor's own browser finds in its camera's frames, without any pixels."""

OpenStream = Callable[[Source], StreamReader[Any]]
"""Opens a stream with a detector of its own; may raise ModelFileError."""

Take = Callable[[Sighting], Spelled]
"""Takes what was seen in a frame, with the lock held."""


class CameraSlot:
    """Holds a LiveCamera from the first frame of the chosen source until `take_out`; thread-safe.

    `lock` is the visit's only one, and `Take` is called under it, only while the camera that read
    the frame is still the current one: what a closed camera was still reading changes nothing.
    """

    def __init__(self, open_stream: OpenStream, lock: threading.RLock) -> None:
        self._open_stream, self._lock = open_stream, lock
        self._camera: LiveCamera | None = None
        self._source: Source = "video"
        self._error: str | None = None
        self._visit_id = new_visit_id()

    @property
    def source(self) -> Source:
        """Where frames come from; frames of another source come back unread."""
        return self._source

    @property
    def is_open(self) -> bool:
        """Whether a camera, and with it a detector, is open right now."""
        return self._camera is not None

    @property
    def error(self) -> str | None:
        """Why no camera could be opened, in one sentence; None where all is well."""
        return self._error

    def choose(self, source: Source) -> None:
        """Take frames of another source from now on; the camera of the old one is to be closed."""
        with self._lock:
            self._source = source

    def on_frame(
        self,
        frame: Frame,
        source: Source,
        time_s: float,
        receive_ms: float,
        mirrored: bool,
        take: Take,
    ) -> Frame:
        """Read a Frame and return it with its marks; see `LiveCamera.on_frame`. Never raises."""
        camera = self._camera_for(source)
        if camera is None:
            return frame
        guarded = partial(self._while_current, camera, take)
        return camera.on_frame(frame, time_s, receive_ms, mirrored, guarded)

    def on_device_frame(self, seen: DeviceFrame, time_s: float, take: Take) -> LiveMarks | None:
        """Read what a browser found; see `LiveCamera.on_device_frame`. Never raises."""
        camera = self._camera_for("device")
        if camera is None:
            return None
        guarded = partial(self._while_current, camera, take)
        return camera.on_device_frame(seen, time_s, guarded)

    def snapshot(
        self, spelling: SpellingState, transcript: Transcript, now_s: float | None
    ) -> LiveSnapshot | None:
        """Return what the open camera sees beside the words, None without one."""
        with self._lock:
            if self._camera is None:
                return None
            return self._camera.snapshot(spelling, transcript, now_s)

    def take_out(self) -> LiveCamera | None:
        """Return the camera that was open, for the caller to close; from now on it is none."""
        with self._lock:
            camera, self._camera = self._camera, None
            self._error = None
            return camera

    def _camera_for(self, source: Source) -> LiveCamera | None:
        with self._lock:
            if source != self._source:
                return None
            try:
                if self._camera is None:
                    # Within the lock, although it takes a moment: two frames must not open two.
                    stream = self._open_stream(source)
                    log = StreamLog(self._visit_id, source)
                    self._camera = LiveCamera(stream, self._lock, log)
                    self._error = None
            except AslError as error:
                self._error = str(error)
            return self._camera

    def _while_current(self, camera: LiveCamera, take: Take, sighting: Sighting) -> Spelled | None:
        with self._lock:
            return take(sighting) if camera is self._camera else None
