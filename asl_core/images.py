"""Turns bytes from strangers into a Frame, or into one clear sentence why not."""

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from asl_core.errors import ImageError
from asl_core.file_kinds import PICTURE_FORMATS
from asl_core.orientation import AS_STORED, Orientation, of_exif, of_xmp
from asl_core.picture_metadata import bare_picture

Frame: TypeAlias = NDArray[np.uint8]
"""One picture, RGB uint8 `(H, W, 3)`."""

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in the brightness that people see (ITU-R BT.601)."""

MAX_BYTES = 25 * 2**20
"""Largest file that is read; phones write photos of 3-12 MB."""

MAX_PIXELS = 64_000_000
"""Most pixels that are decoded; today's phones write up to 50 megapixels, a bomb writes 400."""

MAX_SIDE = 2048
"""Longer side of the Frame in pixels; a larger picture is reduced, the hand needs no more."""

_WORDS = re.compile(r"[A-Za-z][\w ,.()'-]{3,100}")
_FIRST_ONLY = ("GIF", "PNG", "WEBP", "TIFF")  # an HEIF file says itself which picture is meant

# `decode` has a lower limit of its own. Filters are shared by all threads, so it is set once.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


@dataclass(frozen=True)
class DecodedPicture:
    """A picture, and one sentence on what of its file was left out, None where nothing was."""

    frame: Frame
    note: str | None = None


def decode(data: bytes, name: str = "picture") -> Frame:
    """Decode an encoded picture to RGB uint8 `(H, W, 3)`; see `decode_with_note`.

    Raises:
        ImageError: the bytes are empty, too many, not a picture, truncated, or have too many
            pixels.
    """
    return decode_with_note(data, name).frame


def decode_with_note(data: bytes, name: str = "picture") -> DecodedPicture:
    """Decode an encoded picture to RGB uint8 `(H, W, 3)`, upright, at most MAX_SIDE a side.

    It is turned as its EXIF or XMP says; other metadata are not read. Transparency is laid on
    white, 16-bit and CMYK converted, and of several pictures the first taken, which the note says.
    `name` is the file name to show in a sentence.

    Raises:
        ImageError: the bytes are empty, too many, not a picture, truncated, or have too many
            pixels.
    """
    if not data:
        raise ImageError(f"{name} is empty (0 bytes).")
    _refuse_long(len(data), name)
    bare = bare_picture(data)
    picture = _open(bare.data, name)
    try:
        note = _first_of_many(picture, name)
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture.load()
        turn = _orientation(picture) if bare.orientation == AS_STORED else bare.orientation
        plain = _eight_bit(picture)
        plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        return DecodedPicture(turn.upright(np.array(_on_white(plain), np.uint8)), note)
    except Exception as error:  # truncated or corrupt data shows only while decoding
        raise ImageError(f"{name} is damaged or cut short{_reason(error)}.") from None


def read(path: Path) -> Frame:
    """Decode the picture in a file to RGB uint8 `(H, W, 3)`; see `decode_with_note`.

    Raises:
        ImageError: the file cannot be read or is not a usable picture.
    """
    return read_with_note(path).frame


def read_with_note(path: Path) -> DecodedPicture:
    """Decode the picture in a file; see `decode_with_note`.

    Raises:
        ImageError: the file cannot be read or is not a usable picture.
    """
    try:
        if path.exists() and not path.is_file():
            raise ImageError(f"{path} is not a file.")
        _refuse_long(path.stat().st_size, path.name)
        data = path.read_bytes()
    except FileNotFoundError:
        raise ImageError(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise ImageError(f"{path} cannot be read{_reason(error)}.") from None
    return decode_with_note(data, path.name)


def _refuse_long(byte_count: int, name: str) -> None:
    if byte_count > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise ImageError(f"{name} has {byte_count / 2**20:.1f} MB, over the limit of {limit} MB.")


def _open(data: bytes, name: str) -> Image.Image:
    limit = f"at most {MAX_PIXELS // 1_000_000} megapixels are read"
    try:
        picture = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
    except UnidentifiedImageError:
        raise ImageError(
            f"{name} is not a picture that can be read (JPEG, PNG, WebP, HEIC)."
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageError(f"{name} has far too many pixels; {limit}.") from None
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise ImageError(f"{name} is damaged or cut short{_reason(error)}.") from None
    width, height = picture.size
    if width < 1 or height < 1:
        raise ImageError(f"{name} is {width}x{height} pixels: there is nothing to see.")
    if width * height > MAX_PIXELS:
        raise ImageError(f"{name} is {width}x{height} pixels; {limit}.")
    return picture


def _first_of_many(picture: Image.Image, name: str) -> str | None:
    if picture.format not in _FIRST_ONLY:
        return None
    try:
        count = getattr(picture, "n_frames", 1)
        picture.seek(0)  # counting may have moved on
    except Exception:  # what follows the first picture is broken, which is nothing to it
        return None
    return f"{name} holds {count} pictures; only the first was read." if count > 1 else None


def _orientation(picture: Image.Image) -> Orientation:
    """Return the turn that WebP and HEIF files ask for, which Pillow hands on as bytes."""
    exif, xmp = picture.info.get("exif"), picture.info.get("xmp")
    turn = of_exif(exif) if isinstance(exif, bytes) else AS_STORED
    return of_xmp(xmp) if turn == AS_STORED and isinstance(xmp, bytes) else turn


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Convert to 8 bits a channel without palette, which can be made smaller smoothly."""
    if picture.mode.startswith(("I", "F")):
        # Pillow clips these to 0-255 instead of scaling them.
        values = np.nan_to_num(np.asarray(picture, np.float32), posinf=0, neginf=0)
        highest = 65535.0 if picture.mode.startswith("I;16") else float(values.max())
        top = next((limit for limit in (1.0, 255.0, 65535.0) if highest <= limit), highest)
        return Image.fromarray((values.clip(0, top) * (255.0 / top)).astype(np.uint8))
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, picture).convert("RGB")


def _reason(error: Exception) -> str:
    """Return the decoder's reason with a colon before it; nothing where only Python speaks."""
    text = getattr(error, "strerror", None) or str(error)
    lines = text.strip().splitlines()
    is_for_people = isinstance(error, OSError | SyntaxError) and lines
    return f": {lines[0].rstrip('.')}" if is_for_people and _WORDS.fullmatch(lines[0]) else ""
