"""Reads pictures from files: a reading of each, or one sentence why there is none."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from asl_core.errors import ImageError

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline, FrameReading
    from asl_core.public_reading import FileError, FileReading, ReadingModel


@dataclass(frozen=True)
class PictureResult:
    """One picture and its reading, or one sentence why there is none.

    `note` is a sentence on what of the file was not read.
    """

    path: Path
    reading: "FrameReading | None"
    error: str | None = None
    note: str | None = None
    decode_ms: float = 0.0


def read_picture(pipeline: "FramePipeline", path: Path) -> PictureResult:
    """Decode and read a picture; one that cannot be decoded gives its sentence."""
    # Not at the top: `--help` would wait for Pillow.
    from asl_core import images

    started = time.perf_counter()
    try:
        picture = images.read_with_note(path)
    except ImageError as problem:
        return PictureResult(path, None, str(problem))
    decode_ms = (time.perf_counter() - started) * 1e3
    reading = pipeline.read(picture.frame)
    return PictureResult(path, reading, note=picture.note, decode_ms=decode_ms)


def read_pictures(
    pipeline: "FramePipeline", pictures: Iterable[tuple[Path, str | None]]
) -> Iterator[PictureResult]:
    """Read each picture as it is asked for; one that comes with an error keeps that."""
    for path, error in pictures:
        yield PictureResult(path, None, error) if error else read_picture(pipeline, path)


def public_line(result: PictureResult, model: "ReadingModel") -> "FileReading | FileError":
    """Return what one line of `predict --json` holds; docs/reading.md describes it."""
    from asl_core.public_reading import FileError, FileReading, PublicReading

    path = str(result.path)
    if result.reading is None:
        return FileError(path=path, error=result.error or "")
    reading = PublicReading.of(result.reading, model, result.decode_ms, result.note)
    return FileReading.of_file(path, reading)
