"""The table of a bulk reading: one flat row for each picture, for Parquet and CSV."""

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from asl_core.photo_reading import PictureResult, public_line
from asl_core.public_reading import FileError, ReadingModel


@dataclass(frozen=True)
class ReadingRow:
    """A reading as `predict --json` has it (docs/reading.md), flat and without landmarks.

    `path` names a file that is not UTF-8 with backslashes. `error` is one sentence where the
    picture could not be read; every other field but `path` is then None. Without a hand, `letter`
    is "nothing". `left` to `bottom` are the square that was read, in pixels; `note` tells what of
    the file was not read; times are milliseconds.
    """

    path: str
    letter: str | None = None
    confidence: float | None = None
    certain: bool | None = None
    second: str | None = None
    second_confidence: float | None = None
    third: str | None = None
    third_confidence: float | None = None
    hand: str | None = None
    hand_score: float | None = None
    hands_seen: int | None = None
    left: int | None = None
    top: int | None = None
    right: int | None = None
    bottom: int | None = None
    width: int | None = None
    height: int | None = None
    decode_ms: float | None = None
    detect_ms: float | None = None
    classify_ms: float | None = None
    model: str | None = None
    model_version: str | None = None
    model_digest: str | None = None
    note: str | None = None
    error: str | None = None


COLUMNS = tuple(field.name for field in fields(ReadingRow))


def path_text(path: Path) -> str:
    """Return how a table names a path: two paths never have the same text."""
    return os.fsencode(path).decode(errors="backslashreplace")


def row_of(result: PictureResult, model: ReadingModel) -> ReadingRow:
    """Return the row of a picture that was read, or of one that cannot be."""
    line, name = public_line(result, model), path_text(result.path)
    if isinstance(line, FileError):
        return ReadingRow(name, error=line.error)
    then: dict[str, Any] = {}
    for place, scored in zip(("second", "third"), line.top[1:], strict=False):
        then |= {place: scored.label, f"{place}_confidence": scored.confidence}
    left, top, right, bottom = line.box or (None,) * 4
    return ReadingRow(
        path=name,
        letter=line.prediction,
        confidence=line.confidence,
        certain=line.certain,
        **then,
        hand=line.hand.handedness if line.hand else None,
        hand_score=line.hand.score if line.hand else None,
        hands_seen=line.hand.hands_seen if line.hand else None,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        width=line.picture.width,
        height=line.picture.height,
        decode_ms=line.ms.decode,
        detect_ms=line.ms.detect,
        classify_ms=line.ms.classify,
        model=line.model,
        model_version=line.model_version,
        model_digest=line.model_digest,
        note=" ".join(line.notes) or None,
    )
