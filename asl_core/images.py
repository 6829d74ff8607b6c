"""Turns bytes from strangers into a Frame, or into one clear sentence why not."""

import io
import warnings
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from asl_core.errors import ImageError

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

SUFFIXES: tuple[str, ...] = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp")
"""File name endings that a folder is searched for; the content decides, not the name."""

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "BMP", "GIF", "TIFF")

pillow_heif.register_heif_opener()
# `decode` has a lower limit of its own. Filters are shared by all threads, so it is set once.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def decode(data: bytes, name: str = "picture") -> Frame:
    """Decode an encoded picture to RGB uint8 `(H, W, 3)`, upright, at most MAX_SIDE a side.

    EXIF rotation is applied, transparency laid on white, 16-bit and CMYK converted, and of an
    animation the first picture taken. `name` is the file name to show in an error.

    Raises:
        ImageError: the bytes are empty, too many, not a picture, truncated, or have too many
            pixels.
    """
    if not data:
        raise ImageError(f"{name} is empty (0 bytes).")
    _refuse_long(len(data), name)
    picture = _open(data, name)
    try:
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        plain = _eight_bit(picture)
        plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        return np.array(_on_white(plain), np.uint8)
    except Exception as error:  # truncated or corrupt data shows only while decoding
        raise ImageError(f"{name} is damaged or cut short: {_reason(error)}.") from None


def read(path: Path) -> Frame:
    """Decode the picture in a file; see `decode`.

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
        raise ImageError(f"{path} cannot be read: {_reason(error)}.") from None
    return decode(data, path.name)


def _refuse_long(byte_count: int, name: str) -> None:
    if byte_count > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise ImageError(f"{name} has {byte_count / 2**20:.1f} MB, over the limit of {limit} MB.")


def _open(data: bytes, name: str) -> Image.Image:
    limit = f"at most {MAX_PIXELS // 1_000_000} megapixels are read"
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise ImageError(
            f"{name} is not a picture that can be read (JPEG, PNG, WebP, HEIC)."
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageError(f"{name} has far too many pixels; {limit}.") from None
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise ImageError(f"{name} is damaged or cut short: {_reason(error)}.") from None
    width, height = picture.size
    if width < 1 or height < 1:
        raise ImageError(f"{name} is {width}x{height} pixels: there is nothing to see.")
    if width * height > MAX_PIXELS:
        raise ImageError(f"{name} is {width}x{height} pixels; {limit}.")
    return picture


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Return a picture of 8 bits a channel without palette, which can be made smaller smoothly."""
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
    text = getattr(error, "strerror", None) or str(error)
    lines = text.strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")
