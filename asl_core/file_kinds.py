"""Which endings the files that are read have; light, since a page asks for a file before it reads.

Importing it teaches Pillow every format that is read.
"""

from pathlib import PurePath

import pillow_heif
from PIL import Image

PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "BMP", "GIF", "TIFF")
"""What pictures are decoded from, by Pillow's names."""

pillow_heif.register_heif_opener()
Image.init()

PICTURE_SUFFIXES: tuple[str, ...] = tuple(
    sorted(
        ending for ending, kind in Image.registered_extensions().items() if kind in PICTURE_FORMATS
    )
)
"""File name endings of what the decoder reads, with their dots; the content decides, not the name.
"""

VIDEO_SUFFIXES: tuple[str, ...] = (
    *(".mp4", ".m4v", ".mov", ".3gp", ".webm", ".mkv", ".avi", ".ts", ".mts", ".m2ts"),
    *(".mpg", ".mpeg", ".flv", ".wmv", ".ogv"),
)
"""Endings of video files; the content decides what is read, not the name."""


def is_video(name: str) -> bool:
    """Whether a file name ends as those of videos do."""
    return PurePath(name).suffix.lower() in VIDEO_SUFFIXES
