"""Video in which only the newest frame waits, so that the picture never falls behind."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import aiortc.rtcrtpreceiver
import av
import streamlit_webrtc.relay
import streamlit_webrtc.webrtc
from aiortc import MediaStreamTrack
from aiortc.codecs import CODECS, vpx
from aiortc.contrib.media import MediaRelay
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.mediastreams import MediaStreamError

_LOG = logging.getLogger(__name__)


class FrameProcessor(Protocol):
    """What streamlit-webrtc makes of the page's functions; called on the video's own thread."""

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Give a frame back as it is to be shown."""

    def on_ended(self) -> object:
        """Hear that no frame will come any more."""


class NewestFrameRelay(MediaRelay):
    """Hands frames on without a queue: who was busy gets the newest one that came meanwhile.

    aiortc's default is a queue without end. With two busy cores it held 13 seconds of video.
    """

    def subscribe(self, track: MediaStreamTrack, buffered: bool = False) -> MediaStreamTrack:
        """Give a consumer's view of a track; never `buffered`."""
        del buffered
        return super().subscribe(track, buffered=False)


class NewestFrameTrack(MediaStreamTrack):
    """Gives each frame as soon as the processor is done with it, on a thread of its own.

    streamlit-webrtc's own track gives a frame only when the next one comes, a thirtieth of a second
    later, and may keep one more back.
    """

    kind = "video"

    def __init__(self, track: MediaStreamTrack, processor: FrameProcessor) -> None:
        super().__init__()
        self._track, self._processor = track, processor
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="newest_frame")
        track.on("ended", self.stop)

    async def recv(self) -> av.VideoFrame:
        """Wait for the newest frame and give it processed, or as it is where that fails.

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


def keep_newest_frames() -> None:
    """Let streamlit-webrtc use these classes; once for a process, often does no harm.

    It has no setting for either.
    """
    relays: Any = streamlit_webrtc.relay
    tracks: Any = streamlit_webrtc.webrtc
    relays.MediaRelay = NewestFrameRelay
    tracks.AsyncVideoProcessTrack = NewestFrameTrack


class PromptJitterBuffer(JitterBuffer):
    """A jitter buffer that knows the last packet of a video frame by its marker bit.

    aiortc's own knows a frame to be complete by the first packet of the next one, a thirtieth of a
    second later. The marker is set on a frame's last packet by RFC 7741, 4.1 (VP8) and RFC 6184,
    5.1 (H.264). A frame whose marker is lost is given as late as aiortc does.
    """

    _given: int | None = None  # timestamp of the last frame that was given by its marker

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        if not self._is_video or self._prefetch:
            return super()._remove_frame(sequence_number)
        self._drop_padding()
        return super()._remove_frame(sequence_number) or self._remove_marked_frame()

    def _remove_marked_frame(self) -> JitterFrame | None:
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
                return JitterFrame(b"".join(data), packet.timestamp)
        return None

    def _drop_padding(self) -> None:
        """Drop what follows a frame with its timestamp: the sender's tests of the bandwidth."""
        while (packet := self._packet(0)) is not None and packet.timestamp == self._given:
            self.remove(1)

    def _packet(self, place: int) -> Any:  # aiortc adds the payload to its packets as `_data`
        assert self._origin is not None
        return self._packets[(self._origin + place) % self.capacity]


def take_frames_at_once() -> None:
    """Let aiortc use this buffer; once for a process, often does no harm.

    It has no setting for it.
    """
    receiver: Any = aiortc.rtcrtpreceiver
    receiver.JitterBuffer = PromptJitterBuffer


START_KBIT = 1500
"""Bitrate with which both sides begin; Chrome's own 300 kbit/s shrinks 640x480 to 480x360."""

MAX_KBIT = 4000
"""Most that the server sends; aiortc's own limit of 1500 blurs 1280x720."""

_START = "x-google-start-bitrate"


def hold_picture_size() -> None:
    """Let browsers and this server start at START_KBIT; once for a process, often does no harm.

    Browsers read the bitrate from the answer's codec parameters, aiortc from its module.
    """
    for codec in CODECS["video"]:
        if codec.mimeType.lower() == "video/vp8":
            codec.parameters[_START] = START_KBIT
    vpx.DEFAULT_BITRATE = START_KBIT * 1000
    vpx.MAX_BITRATE = MAX_KBIT * 1000
