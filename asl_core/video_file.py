"""Reads the pictures of a video file one by one, or says in one sentence why that cannot be."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from asl_core.errors import VideoError
from asl_core.images import Frame
from asl_core.orientation import of_display_matrix
from asl_core.video_container import (
    MOST_PIXELS,
    display_matrix,
    is_header,
    picture_stream,
    recordings_read,
    refuse_bytes,
)
from asl_core.video_times import LONGEST_GAP_S, RisingClock

MOST_PER_SECOND = 30
"""Frames above this rate add no letters and are left out; a little more passes, see `frames`."""

LONGEST_SIDE = 960
"""Longer side of the pictures in pixels; the hand of a person at arm's length needs no more.

The recognizer's crop is a tenth of that, and MediaPipe reduces a picture to less.
"""

# Demuxers by FFmpeg's names. Playlists (HLS, concat) stay out: they would open further files.
_FORMATS = "mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg"
_LEAST_INTERVAL_S = 0.9 / MOST_PER_SECOND
_STAYS_S = 0.1
_LONGEST_END_S = 10.0  # of the last frame, whose end only the file's word tells
_CLOCK_MAY_JUMP = 0x0200  # AVFMT_TS_DISCONT
_MISSING_S, _MISSING_SHARE = 0.5, 0.02  # containers round their duration


@dataclass(frozen=True)
class VideoLimits:
    """The largest file that is read, in bytes, and the longest video, in seconds."""

    most_bytes: int = 4 * 10**9
    most_seconds: float = 3600.0


STANDARD_LIMITS = VideoLimits()


@dataclass(frozen=True)
class TimedFrame:
    """One picture of a video, upright.

    `time_s` is when it appears, in seconds from the video's start, `lasts_s` for how long it is
    shown.
    """

    picture: Frame
    time_s: float
    lasts_s: float = 0.0


class VideoFile:
    """The pictures of an opened video; made by `open_video`, read once, not thread-safe.

    `duration_s` is how long the file says it is, in seconds; None where it does not say.
    `recordings` is how many of the file's recordings are read, where more follow behind them.
    """

    def __init__(
        self,
        container: av.container.InputContainer,
        name: str,
        limits: VideoLimits,
        recordings: int | None = None,
    ) -> None:
        self._container = container
        self._stream = picture_stream(container, name)
        self._limits = limits
        self._zero_s = (container.start_time or 0) / av.time_base
        self._end_s = 0.0
        self._read_s = 0.0
        self._damaged = 0
        self._is_too_long = False
        self._broke_off = False
        self._has_late_track = False
        self._recordings = recordings
        self._clock_may_jump = bool(container.format.flags & _CLOCK_MAY_JUMP)
        self.name = name
        self.duration_s = container.duration / av.time_base if container.duration else None
        self._refuse_large()

    @property
    def shortfall(self) -> str | None:
        """One sentence on what `frames` left out, None where it returned everything."""
        name, duration = self.name, self.duration_s or 0.0
        if self._is_too_long:
            limit = _minutes(self._limits.most_seconds)
            return f"{name} is longer than {limit}; what comes after that was not read."
        # Joined recordings begin to count anew, so the file's own clock may end early.
        reached = max(self._end_s, self._read_s)
        if duration - reached > max(_MISSING_S, _MISSING_SHARE * duration):
            return f"{name} is cut short: {reached:.1f} of its {duration:.1f} s could be read."
        if self._has_late_track:
            return f"{name} holds a track that begins after its start; that one was not read."
        if self._damaged:
            return f"{name} is damaged: {self._damaged} of its frames could not be read."
        if self._broke_off:
            where = f"{self._read_s:.1f} s"
            return f"{name} is damaged or holds another recording after {where}; that was not read."
        if self._recordings == 1:
            return f"{name} holds another recording behind the first; only the first was read."
        if self._recordings:
            return f"{name} holds more than {self._recordings} recordings; the rest was not read."
        return None

    def frames(self) -> Iterator[TimedFrame]:
        """Yield the pictures in order of time, two in memory at a time.

        RGB uint8 `(H, W, 3)`, turned and mirrored as the file says, at most LONGEST_SIDE pixels a
        side. Times are the file's own, so a variable frame rate is kept; where they jump back they
        go on from there (`RisingClock`). A frame that follows the last one by less than
        0.9 / MOST_PER_SECOND seconds and is shown no longer is left out. What is damaged is
        skipped; afterwards `shortfall` tells of it.

        Raises:
            VideoError: no picture at all can be decoded.
        """
        given_s = -math.inf
        for frame, time_s, lasts_s in self._timed():
            if time_s - given_s >= _LEAST_INTERVAL_S or lasts_s >= _STAYS_S:
                given_s = time_s
                yield TimedFrame(self._upright(frame), time_s, lasts_s)
        if given_s == -math.inf:
            raise VideoError(f"{self.name} is damaged or cut short: it holds no readable picture.")

    def _timed(self) -> Iterator[tuple[av.VideoFrame, float, float]]:
        """Yield each frame with its time and for how long it is shown: until the next one."""
        gap_s = LONGEST_GAP_S if self._clock_may_jump else math.inf
        rate = self._stream.average_rate
        clock = RisingClock(self._zero_s, float(rate) if rate else None, gap_s)
        waiting: tuple[av.VideoFrame, float] | None = None
        for frame in self._decoded():
            time_s = clock.place(frame.time)
            if time_s > self._limits.most_seconds:
                self._is_too_long = True
                break
            if waiting is not None:
                yield *waiting, time_s - waiting[1]
            waiting, self._read_s = (frame, time_s), time_s
        if waiting is not None:
            yield *waiting, self._last_lasts(waiting[0])

    def _last_lasts(self, frame: av.VideoFrame) -> float:
        own = float(frame.duration * frame.time_base) if frame.time_base else 0.0
        start, length = self._stream.start_time, self._stream.duration
        if length is not None and self._stream.time_base and frame.time is not None:
            end = float(((start or 0) + length) * self._stream.time_base)
            own = max(own, end - frame.time)
        least = float(1 / (self._stream.average_rate or MOST_PER_SECOND))
        return min(max(own, least), _LONGEST_END_S)

    def _decoded(self) -> Iterator[av.VideoFrame]:
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return  # the time that is missing at the end is told by `shortfall`
            except IndexError:  # PyAV knows no track that begins later than the file
                self._has_late_track = True
                packets = self._container.demux()
                continue
            except av.FFmpegError:
                self._broke_off = True
                yield from self._decoded_from(None)  # what the decoder still holds
                return
            # Sound is not decoded, but it tells how far the file reaches.
            if packet.pts is not None and packet.time_base is not None:
                end = (packet.pts + (packet.duration or 0)) * packet.time_base
                self._end_s = max(self._end_s, float(end) - self._zero_s)
            if packet.stream is self._stream and not is_header(packet):
                yield from self._decoded_from(packet)

    def _decoded_from(self, packet: "av.Packet[Any] | None") -> list[av.VideoFrame]:
        """Decode a packet; with None what is left in the decoder."""
        try:
            frames = self._stream.decode(packet)
        except av.FFmpegError:
            self._damaged += 1
            return []
        sound = [f for f in frames if isinstance(f, av.VideoFrame) and not f.is_corrupt]
        self._damaged += len(frames) - len(sound)
        return sound

    def _upright(self, frame: av.VideoFrame) -> Frame:
        width, height = frame.width, frame.height
        if self._stream.sample_aspect_ratio:
            width = max(1, round(width * self._stream.sample_aspect_ratio))
        scale = min(1.0, LONGEST_SIDE / max(width, height))
        picture = frame.to_ndarray(
            format="rgb24",
            width=max(1, round(width * scale)),
            height=max(1, round(height * scale)),
            interpolation="AREA" if scale < 1 else "BILINEAR",
        )
        return of_display_matrix(display_matrix(frame)).upright(np.asarray(picture, np.uint8))

    def _refuse_large(self) -> None:
        width, height = self._stream.codec_context.width, self._stream.codec_context.height
        if width * height > MOST_PIXELS:
            raise VideoError(f"{self.name} is {width}x{height} pixels; at most 8K video is read.")
        duration, longest = self.duration_s or 0.0, self._limits.most_seconds
        # Where the clock may jump, the file's times say nothing of the length.
        if duration > longest and not self._clock_may_jump:
            raise VideoError(
                f"{self.name} is {_minutes(duration)} long, over the limit of {_minutes(longest)}."
            )


@contextmanager
def open_video(
    path: Path, name: str | None = None, limits: VideoLimits = STANDARD_LIMITS
) -> Iterator[VideoFile]:
    """Open a video file, called `name` in sentences; close it on leaving.

    Raises:
        VideoError: the file is missing, empty, too large or too long, no video, or damaged.
    """
    name = name or path.name
    refuse_bytes(path, name, limits.most_bytes)
    try:
        # With "file:" a name such as "concat:a" is no protocol of FFmpeg.
        container = av.open(
            f"file:{path}",
            options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, OSError):
        raise VideoError(
            f"{name} is not a video that can be read (MP4, MOV, WebM, MKV, AVI), or it is damaged."
        ) from None
    with container:
        yield VideoFile(container, name, limits, recordings_read(path, container.format.name))


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.3g} minutes" if seconds >= 60 else f"{seconds:.3g} s"
