"""Takes a picture's bytes apart: the picture alone, and how it has to be turned.

What cameras and editors write beside the picture (EXIF, colour profiles, comments) is of every
kind and often broken; a decoder that reads it all refuses good photos. So it never sees it.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from asl_core.orientation import AS_STORED, Orientation, of_exif, of_xmp

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"})
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_PNG_XMP, _PNG_RAW_EXIF = b"XML:com.adobe.xmp\0", b"Raw profile type exif\0"
_JPEG_START_OF_SCAN, _JPEG_EXIF = 0xDA, 0xE1
# APP0 (JFIF) and APP14 (Adobe) decide on the colours; the other APPn and comments are metadata.
_JPEG_LEFT_OUT = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
# TIFF 6.0 and its supplements: what tells how the pixels are stored.
_TIFF_KEPT = frozenset(
    {254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320}
    | {322, 323, 324, 325, 332, 338, 339, 347, 512, 513, 514, 515, 519, 520, 521}
    | {529, 530, 531, 532}
)
_MOST_METADATA = 2**16  # bytes of a text that is searched for an orientation


@dataclass(frozen=True)
class BarePicture:
    """An encoded picture without metadata, and how to turn it when it is decoded."""

    data: bytes
    orientation: Orientation = AS_STORED


def bare_picture(data: bytes) -> BarePicture:
    """Leave out what is not the picture; bytes that are not understood stay as they are.

    PNG, JPEG and TIFF are taken apart. The decoders of the other formats do not read metadata.
    """
    try:
        if data.startswith(_PNG):
            return _bare_png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _bare_jpeg(data)
        if data[:4] in (b"II*\0", b"MM\0*"):
            return _bare_tiff(data)
    except (struct.error, IndexError, ValueError, zlib.error):
        pass
    return BarePicture(data)


def _bare_png(data: bytes) -> BarePicture:
    parts = [_PNG]
    exif = xmp = AS_STORED
    for kind, content, whole in _png_chunks(data):
        if kind in _PNG_KEPT:
            parts.append(whole)
        elif kind == b"eXIf":
            exif = of_exif(content)
        elif kind == b"iTXt" and content.startswith(_PNG_XMP):
            xmp = of_xmp(content[:_MOST_METADATA])
        elif kind == b"zTXt" and content.startswith(_PNG_RAW_EXIF) and exif == AS_STORED:
            exif = _raw_exif(content[len(_PNG_RAW_EXIF) + 1 :])
    return BarePicture(b"".join(parts), exif if exif != AS_STORED else xmp)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, content and all bytes of each chunk; the last may be cut short."""
    place = len(_PNG)
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        yield kind, data[place + 8 : end - 4], data[place:end]
        place = end


def _raw_exif(packed: bytes) -> Orientation:
    """Read the text in which ImageMagick keeps EXIF: a name, a length, and hexadecimal digits."""
    text = zlib.decompressobj().decompress(packed, _MOST_METADATA)
    digits = "".join(text.decode("latin-1").split()[2:])
    return of_exif(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _bare_jpeg(data: bytes) -> BarePicture:
    parts = [data[:2]]
    exif = xmp = AS_STORED
    place = 2
    while True:
        if data[place] != 0xFF:
            return BarePicture(data)  # the decoder may know what to make of it
        while data[place + 1] == 0xFF:  # fill bytes
            place += 1
        marker = data[place + 1]
        if marker == _JPEG_START_OF_SCAN:
            break
        (length,) = struct.unpack_from(">H", data, place + 2)
        segment = data[place : place + 2 + length]
        if marker not in _JPEG_LEFT_OUT:
            parts.append(segment)
        elif marker == _JPEG_EXIF and segment[4:].startswith(_EXIF) and exif == AS_STORED:
            exif = of_exif(segment[4:])
        elif marker == _JPEG_EXIF and segment[4:].startswith(_XMP):
            xmp = of_xmp(segment)
        place += 2 + max(length, 2)
    parts.append(data[place:])
    return BarePicture(b"".join(parts), exif if exif != AS_STORED else xmp)


def _bare_tiff(data: bytes) -> BarePicture:
    """Drop the entries of the first directory that do not tell how the pixels are stored."""
    order = "<" if data.startswith(b"II") else ">"
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, start)
    places = range(start + 2, start + 2 + 12 * count, 12)
    entries = [data[place : place + 12] for place in places]
    kept = [e for e in entries if struct.unpack_from(f"{order}H", e)[0] in _TIFF_KEPT]
    following = data[places.stop : places.stop + 4].ljust(4, b"\0")
    directory = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + following
    bare = data[:start] + directory + data[start + len(directory) :]
    return BarePicture(bare, of_exif(data))
