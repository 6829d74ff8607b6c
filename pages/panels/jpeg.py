"""Pictures as JPEG bytes: a tenth of the memory of their pixels while a visitor looks at them."""

import io

from PIL import Image

from asl_core.images import Frame

QUALITY = 88


def as_jpeg(frame: Frame, longest_side: int) -> bytes:
    """Encode an RGB uint8 `(H, W, 3)` Frame, reduced to at most `longest_side` pixels a side."""
    picture = Image.fromarray(frame)
    picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=QUALITY)
    return encoded.getvalue()
