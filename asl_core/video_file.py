"""Reads the pictures of a video file one by one, or says in one sentence why that cannot be."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from asl_core.errors import VideoError
from asl_core.images import Frame

SUFFIXES: tuple[str, ...] = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi")
"""Endings of video files; the content decides what is read, not the name."""

MOST_PER_SECOND = 30
"""Frames above this rate add no letters and are left out; a little more passes, see `frames`."""

LONGEST_SIDE = 960
"""Longer side in pixels of the pictures given; the hand of a person at arm's length needs no more.

The recognizer's crop is a tenth of that, and MediaPipe reduces a picture to less.
"""

# 8K. A file may claim more, and a decoder would reserve memory for it.
_MOST_PIXELS = 7680 * 4320
# Demuxers by FFmpeg's names. Playlists (HLS, concat) stay out: they would open further files.
_FORMATS = "mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg"
_LEAST_INTERVAL_S = 0.9 / MOST_PER_SECOND
_MISSING_S, _MISSING_SHARE = 0.5, 0.02  # containers round their duration


@dataclass(frozen=True)
class VideoLimits:
    """The largest file that is read, in bytes, and the longest video, in seconds."""

    most_bytes: int = 4 * 10**9
    most_seconds: float = 3600.0


STANDARD_LIMITS = VideoLimits()


@dataclass(frozen=True)
class TimedFrame:
    """One picture of a video, upright, and its time in seconds from the video's start."""

    picture: Frame
    time_s: float


class VideoFile:
    """The pictures of an opened video; made by `open_video`, read once, not thread-safe.

    `duration_s` is how long the file says it is, in seconds; None where it does not say.
    """

    def __init__(
        self, container: av.container.InputContainer, name: str, limits: VideoLimits
    ) -> None:
        self._container = container
        self._stream = _picture_stream(container, name)
        self._limits = limits
        self._zero_s = (container.start_time or 0) / av.time_base
        self._end_s = 0.0
        self._damaged = 0
        self._is_too_long = False
        self.name = name
        self.duration_s = container.duration / av.time_base if container.duration else None
        self._refuse_large()

    @property
    def shortfall(self) -> str | None:
        """One sentence on what `frames` could not give, None where it gave everything."""
        if self._is_too_long:
            limit = _minutes(self._limits.most_seconds)
            return f"{self.name} is longer than {limit}; what comes after that was not read."
        duration = self.duration_s or 0.0
        if duration - self._end_s > max(_MISSING_S, _MISSING_SHARE * duration):
            return (
                f"{self.name} is cut short: {self._end_s:.1f} of its {duration:.1f} s could be "
                "read."
            )
        if self._damaged:
            return f"{self.name} is damaged: {self._damaged} of its frames could not be read."
        return None

    def frames(self) -> Iterator[TimedFrame]:
        """Yield the pictures in order of time, one in memory at a time.

        RGB uint8 `(H, W, 3)`, turned upright as the file says, at most LONGEST_SIDE pixels a side.
        Times are the file's own, so a variable frame rate is kept; frames that follow the last
        one given by less than 0.9 / MOST_PER_SECOND seconds are left out. What is damaged is
        skipped; afterwards `shortfall` tells of it.

        Raises:
            VideoError: no picture at all can be decoded.
        """
        last_s = -math.inf
        for frame in self._decoded():
            time_s = self._time_of(frame, last_s)
            if time_s > self._limits.most_seconds:
                self._is_too_long = True
                break
            if time_s - last_s >= _LEAST_INTERVAL_S:
                last_s = time_s
                yield TimedFrame(self._upright(frame), time_s)
        if last_s == -math.inf:
            raise VideoError(f"{self.name} is damaged or cut short: it holds no readable picture.")

    def _decoded(self) -> Iterator[av.VideoFrame]:
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                return  # the time that is missing at the end is told by `shortfall`
            # Sound is not decoded, but it tells how far the file reaches.
            if packet.pts is not None and packet.time_base is not None:
                end = (packet.pts + (packet.duration or 0)) * packet.time_base
                self._end_s = max(self._end_s, float(end) - self._zero_s)
            if packet.stream is self._stream:
                yield from self._decoded_from(packet)

    def _decoded_from(self, packet: "av.Packet[Any]") -> list[av.VideoFrame]:
        try:
            frames = packet.decode()
        except av.FFmpegError:
            self._damaged += 1
            return []
        sound = [
            frame for frame in frames if isinstance(frame, av.VideoFrame) and not frame.is_corrupt
        ]
        self._damaged += len(frames) - len(sound)
        return sound

    def _time_of(self, frame: av.VideoFrame, last_s: float) -> float:
        if frame.time is not None:
            return max(frame.time - self._zero_s, 0.0)
        rate = self._stream.average_rate or Fraction(MOST_PER_SECOND)
        return max(last_s, -float(1 / rate)) + float(1 / rate)

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
        # FFmpeg counts the degrees against the clock, as NumPy does.
        turns = round(frame.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(picture, turns), np.uint8)

    def _refuse_large(self) -> None:
        width, height = self._stream.codec_context.width, self._stream.codec_context.height
        if width * height > _MOST_PIXELS:
            raise VideoError(f"{self.name} is {width}x{height} pixels; at most 8K video is read.")
        duration, longest = self.duration_s or 0.0, self._limits.most_seconds
        if duration > longest:
            raise VideoError(
                f"{self.name} is {_minutes(duration)} long, over the limit of {_minutes(longest)}."
            )


@contextmanager
def open_video(
    path: Path, name: str | None = None, limits: VideoLimits = STANDARD_LIMITS
) -> Iterator[VideoFile]:
    """Open a video file (MP4, MOV, WebM, MKV, AVI); it is closed on leaving.

    `name` stands in sentences in place of the file's own name.

    Raises:
        VideoError: the file is missing, empty, too large or too long, no video, or damaged.
    """
    name = name or path.name
    _refuse_bytes(path, name, limits)
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
        yield VideoFile(container, name, limits)


def _picture_stream(container: av.container.InputContainer, name: str) -> av.VideoStream:
    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            continue  # the cover of a song
        if stream.codec_context is None:
            raise VideoError(f"{name} is coded in a way that cannot be read here.")
        stream.codec_context.options = {"max_pixels": str(_MOST_PIXELS)}
        stream.thread_type = "AUTO"
        return stream
    raise VideoError(f"{name} holds no pictures, only sound or other data.")


def _refuse_bytes(path: Path, name: str, limits: VideoLimits) -> None:
    try:
        if path.exists() and not path.is_file():
            raise VideoError(f"{name} is not a file.")
        byte_count = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise VideoError(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise VideoError(f"{name} cannot be read: {reason}.") from None
    if not byte_count:
        raise VideoError(f"{name} is empty (0 bytes).")
    if byte_count > limits.most_bytes:
        limit = limits.most_bytes / 1e6
        raise VideoError(f"{name} has {byte_count / 1e6:.1f} MB, over the limit of {limit:.0f} MB.")


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.3g} minutes" if seconds >= 60 else f"{seconds:.3g} s"
