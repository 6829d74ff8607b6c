"""What this app replaces in aiortc and streamlit-webrtc, neither of which has a setting for it.

All of it lowers the lag and none of it is needed: where a library is another one than these parts
were made for, it stays as it is, and the video works as it does without them.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any, Protocol

import av
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patch:
    """A change of a library: the release it was made for, such as `1.16`, and how it is made.

    `apply` raises where a name that it relies on is missing, and then has changed nothing. It is
    idempotent.
    """

    gain: str
    library: str
    release: str
    apply: Callable[[], None]


@cache
def patch_webrtc() -> None:
    """Make every patch that fits the installed libraries, once for a process."""
    for patch in PATCHES:
        apply_if_it_fits(patch)


def apply_if_it_fits(patch: Patch) -> bool:
    """Make a patch, or log one sentence and leave the library as it is; tell which."""
    try:
        installed = version(patch.library)
        if not f"{installed}.".startswith(f"{patch.release}."):
            raise ImportError(f"{patch.library} is {installed}, not {patch.release}")
        patch.apply()
    except Exception as error:  # whatever a new release does, the video goes on
        _LOG.warning("The video goes on without this: %s (%s).", patch.gain, error)
        return False
    return True


def _replace(*replacements: tuple[str, str, object]) -> None:
    """Set names of modules, each given as module, name and value: all of them or none.

    Raises:
        AttributeError: a module has no such name, so nobody would use what is put there.
    """
    found = [(import_module(module), name, value) for module, name, value in replacements]
    for module, name, _ in found:
        getattr(module, name)
    for module, name, value in found:
        setattr(module, name, value)


class FrameProcessor(Protocol):
    """What streamlit-webrtc makes of the page's functions; called on the video's own thread."""

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return a frame as it is to be shown."""

    def on_ended(self) -> object:
        """Hear that no frame will come any more."""


class NewestFrameRelay(MediaRelay):
    """Hands frames on without a queue: who was busy gets the newest one that came meanwhile.

    aiortc's default is a queue without end. With two busy cores it held 13 seconds of video.
    """

    def subscribe(self, track: MediaStreamTrack, buffered: bool = False) -> MediaStreamTrack:
        """Return a consumer's view of a track; never `buffered`."""
        del buffered
        return super().subscribe(track, buffered=False)


class NewestFrameTrack(MediaStreamTrack):
    """Returns each frame as soon as the processor is done with it, on a thread of its own.

    streamlit-webrtc's own track returns a frame only when the next one comes, a thirtieth of a
    second later, and may keep one more back.
    """

    kind = "video"

    def __init__(self, track: MediaStreamTrack, processor: FrameProcessor) -> None:
        super().__init__()
        self._track, self._processor = track, processor
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="newest_frame")
        track.on("ended", self.stop)

    async def recv(self) -> av.VideoFrame:
        """Wait for the newest frame and return it processed, or as it is where that fails.

        Raises:
            MediaStreamError: the stream has ended.
        """
        if self.readyState != "live":
            raise MediaStreamError
        frame: Any = await self._track.recv()  # aiortc's types know sound and packets too
        shown = await self._processed(frame)
        shown.pts, shown.time_base = frame.pts, frame.time_base
        return shown

    def stop(self) -> None:
        """End the stream; the processor is told when it is done with its last frame."""
        if self.readyState != "live":
            return
        super().stop()
        self._track.stop()
        # On the reader's thread: no frame comes after it, and nobody waits for it here.
        self._reader.submit(self._tell_end)
        self._reader.shutdown(wait=False)

    async def _processed(self, frame: av.VideoFrame) -> av.VideoFrame:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._reader, self._processor.recv, frame)
        except Exception as error:
            if self.readyState != "live":  # stopped while it waited: no thread takes it any more
                raise MediaStreamError from error
            _LOG.warning("A video frame could not be processed.", exc_info=error)
            return frame

    def _tell_end(self) -> None:
        try:
            self._processor.on_ended()
        except Exception as error:
            _LOG.warning("The end of a video could not be told.", exc_info=error)


def _keep_newest_frames() -> None:
    _replace(
        ("streamlit_webrtc.relay", "MediaRelay", NewestFrameRelay),
        ("streamlit_webrtc.webrtc", "AsyncVideoProcessTrack", NewestFrameTrack),
    )


class MarkedFrames:
    """Lets aiortc's JitterBuffer know the last packet of a video frame by its marker bit.

    aiortc knows a frame to be complete by the first packet of the next one, a thirtieth of a second
    later. The marker is set on a frame's last packet by RFC 7741, 4.1 (VP8) and RFC 6184, 5.1
    (H.264). A frame whose marker is lost is given as late as aiortc does. A mixin, since the class
    that it extends is none of aiortc's public ones and may be gone in the next release.
    """

    new_frame: Callable[[bytes, int], Any]  # aiortc's JitterFrame
    capacity: int
    remove: Callable[[int], None]
    _is_video: bool
    _origin: int | None
    _packets: list[Any]
    _prefetch: int
    _given: int | None = None  # timestamp of the last frame that was given by its marker

    def _remove_frame(self, sequence_number: int) -> Any:
        aiortcs: Any = super()
        if not self._is_video or self._prefetch:
            return aiortcs._remove_frame(sequence_number)
        self._drop_padding()
        return aiortcs._remove_frame(sequence_number) or self._remove_marked_frame()

    def _remove_marked_frame(self) -> Any:
        """Take the oldest frame if all of its packets are here, its marked last one among them."""
        data: list[bytes] = []
        for place in range(self.capacity):
            packet = self._packet(place)
            if packet is None:
                return None
            data.append(packet._data)
            if packet.marker:
                self.remove(place + 1)
                self._given = packet.timestamp
                return self.new_frame(b"".join(data), packet.timestamp)
        return None

    def _drop_padding(self) -> None:
        """Drop what follows a frame with its timestamp: the sender's tests of the bandwidth."""
        while (packet := self._packet(0)) is not None and packet.timestamp == self._given:
            self.remove(1)

    def _packet(self, place: int) -> Any:  # aiortc adds the payload to its packets as `_data`
        assert self._origin is not None
        return self._packets[(self._origin + place) % self.capacity]


def prompt_jitter_buffer() -> type[Any]:
    """Make a class of aiortc's JitterBuffer and MarkedFrames.

    Raises:
        ImportError: aiortc keeps no such buffer in its place.
        AttributeError: it has not the parts that MarkedFrames works with.
    """
    from aiortc.jitterbuffer import JitterBuffer, JitterFrame

    sample = JitterBuffer(capacity=2, is_video=True)
    for name in ("_remove_frame", "remove", "capacity", *_BUFFER_PARTS):
        getattr(sample, name)
    parts = {"new_frame": staticmethod(JitterFrame)}
    return type("PromptJitterBuffer", (MarkedFrames, JitterBuffer), parts)


_BUFFER_PARTS = ("_is_video", "_origin", "_packets", "_prefetch")


def _take_frames_at_once() -> None:
    _replace(("aiortc.rtcrtpreceiver", "JitterBuffer", prompt_jitter_buffer()))


START_KBIT = 1500
"""Bitrate with which both sides begin; Chrome's own 300 kbit/s shrinks 640x480 to 480x360."""

MAX_KBIT = 4000
"""Most that the server sends; aiortc's own limit of 1500 blurs 1280x720."""


def _hold_picture_size() -> None:
    """Browsers read the bitrate from the answer's codec parameters, aiortc from its module."""
    codecs = import_module("aiortc.codecs").CODECS["video"]
    (vp8,) = (codec for codec in codecs if codec.mimeType.lower() == "video/vp8")
    _replace(
        ("aiortc.codecs.vpx", "DEFAULT_BITRATE", START_KBIT * 1000),
        ("aiortc.codecs.vpx", "MAX_BITRATE", MAX_KBIT * 1000),
    )
    vp8.parameters["x-google-start-bitrate"] = START_KBIT


PATCHES: tuple[Patch, ...] = (
    Patch("only the newest frame waits", "streamlit-webrtc", "0.79", _keep_newest_frames),
    Patch("a frame is read when its last packet is here", "aiortc", "1.16", _take_frames_at_once),
    Patch("the picture starts sharp and in full size", "aiortc", "1.16", _hold_picture_size),
)
"""All that is replaced; look at each again when its library is upgraded."""
