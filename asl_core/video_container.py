"""What the container of a video says beside its pictures: tracks, orientation, joined parts."""

import math
import mmap
import re
import struct
from pathlib import Path
from typing import Any

import av
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition

from asl_core.errors import VideoError

MOST_PIXELS = 7680 * 4320
"""8K. A file may claim more, and a decoder would reserve memory for it."""

_NO_VIDEO = Disposition.attached_pic | Disposition.timed_thumbnails  # covers and previews
_MOST_BOXES = 100_000
# Of VP8 (its mapping to Ogg) and Theora: the two that Ogg files hold.
_OGG_HEADERS = (b"OVP80", b"\x80theora", b"\x81theora", b"\x82theora")
_MOST_HEADER_BYTES = 100_000
# An EBML header (RFC 8794) with its DocType, and the nine bytes that begin an FLV file.
_MATROSKA_HEAD = re.compile(rb"\x1a\x45\xdf\xa3.{1,64}?(?:webm|matroska)", re.DOTALL)
_FLV_HEAD = re.compile(rb"FLV\x01[\x00-\x05]\x00\x00\x00\x09", re.DOTALL)


def refuse_bytes(path: Path, name: str, most_bytes: int) -> None:
    """Check that a file can be read and is of a size that is read.

    Raises:
        VideoError: it is missing, empty, no file, too large, or may not be read.
    """
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
    if byte_count > most_bytes:
        limit = most_bytes / 1e6
        raise VideoError(f"{name} has {byte_count / 1e6:.1f} MB, over the limit of {limit:.0f} MB.")


def picture_stream(container: av.container.InputContainer, name: str) -> av.VideoStream:
    """Return the video track that players show: the default one, else the first.

    Raises:
        VideoError: the file has no video that can be decoded.
    """
    streams = [s for s in container.streams.video if not s.disposition & _NO_VIDEO]
    if not streams:
        raise VideoError(f"{name} holds no pictures, only sound or other data.")
    known = [stream for stream in streams if stream.codec_context is not None]
    if not known:
        raise VideoError(f"{name} is coded in a way that cannot be read here.")
    stream = next((s for s in known if s.disposition & Disposition.default), known[0])
    stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    stream.thread_type = "AUTO"
    return stream


def is_header(packet: "av.Packet[Any]") -> bool:
    """Say whether a packet is a header of Ogg, which comes again with each joined recording."""
    is_short = 0 < packet.size < _MOST_HEADER_BYTES
    return is_short and bytes(packet).startswith(_OGG_HEADERS)


def display_matrix(frame: av.VideoFrame) -> bytes:
    """Return the nine int32 that say how to show a frame, empty where nothing does."""
    try:
        side_data: Any = frame.side_data
        matrix = side_data.get(SideDataType.DISPLAYMATRIX)
    except ValueError:  # PyAV does not know every kind of side data that FFmpeg has
        turn = math.radians(frame.rotation)
        cos, sin = round(math.cos(turn)) << 16, round(math.sin(turn)) << 16
        return struct.pack("=9i", cos, -sin, 0, sin, cos, 0, 0, 0, 1 << 30)
    return b"" if matrix is None else bytes(matrix)


def recordings_read(path: Path, format_name: str) -> int | None:
    """Return how many of the recordings joined in a file FFmpeg reads, None where it reads all.

    `format_name` is FFmpeg's. It reads one recording of an MP4, MOV or FLV file and two of a
    Matroska or WebM file; all of those formats that have no index, such as TS.
    """
    if format_name.startswith("mov"):
        return 1 if _has_second_index(path) else None
    if format_name.startswith("matroska"):
        return 2 if _count(path, _MATROSKA_HEAD) > 2 else None
    if format_name == "flv":
        return 1 if _count(path, _FLV_HEAD) > 1 else None
    return None


def _count(path: Path, head: re.Pattern[bytes]) -> int:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return sum(1 for _ in head.finditer(content))


def _has_second_index(path: Path) -> bool:
    indices, place = 0, 0
    with path.open("rb") as file:
        for _ in range(_MOST_BOXES):
            file.seek(place)
            head = file.read(16)
            if len(head) < 8:
                break
            size, kind = struct.unpack(">I4s", head[:8])
            if size == 1 and len(head) == 16:
                (size,) = struct.unpack(">Q", head[8:])
            indices += kind == b"moov"
            if size < 8:
                break  # 0: the box reaches to the end of the file
            place += size
    return indices > 1
