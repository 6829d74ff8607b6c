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

MAX_BYTES = 25 * 2**20
"""Largest file that is read; phones write photos of 3-12 MB."""

MAX_PIXELS = 64_000_000
"""Most pixels that are decoded; today's phones write up to 50 megapixels, a bomb writes 400."""

MAX_SIDE = 2048
"""Longer side of the Frame in pixels; a larger picture is reduced, the hand needs no more."""

SUFFIXES: tuple[str, ...] = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp")
"""File name endings that a folder is searched for; the content decides, not the name."""

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "BMP", "GIF", "MPO", "TIFF")

pillow_heif.register_heif_opener()


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
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"{name} has {len(data) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are read."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise ImageError(
            f"{name} is not a picture that can be read (JPEG, PNG, WebP, HEIC)."
        ) from None
    except Exception as error:  # a decoder may raise anything on hostile bytes
        raise ImageError(f"{name} cannot be opened as a picture: {_reason(error)}.") from None
    width, height = picture.size
    if width < 1 or height < 1:
        raise ImageError(f"{name} is {width}x{height} pixels: there is nothing to see.")
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{name} is {width}x{height} pixels; at most {MAX_PIXELS // 1_000_000} megapixels are read."
        )
    try:
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        rgb = _to_rgb(upright)
        rgb.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        return np.array(rgb, np.uint8)
    except Exception as error:  # truncated or corrupt data shows only while decoding
        raise ImageError(f"{name} is damaged or cut short: {_reason(error)}.") from None


def read(path: Path) -> Frame:
    """Decode the picture in a file; see `decode`.

    Raises:
        ImageError: the file cannot be read or is not a usable picture.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ImageError(
                f"{path.name} has {size / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are read."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror or error}.") from None
    return decode(data, path.name)


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        # Pillow clips 16-bit grey to 255 instead of scaling it, so the range is mapped here.
        values = np.asarray(picture, np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        picture = Image.fromarray((values.clip(0, top) * (255.0 / top)).astype(np.uint8))
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture.convert("RGB")


def _reason(error: Exception) -> str:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return first.rstrip(".")
