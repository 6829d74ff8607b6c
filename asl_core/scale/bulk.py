"""Reads a folder of any size into a table; what was read stays read after a kill."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from asl_core.photo_reading import PictureResult, read_picture
from asl_core.scale.reading_rows import ReadingRow, path_text, row_of
from asl_core.scale.table_parts import TableJob, TableParts

if TYPE_CHECKING:
    from asl_core.evaluation.measurement import Spread
    from asl_core.frame_pipeline import FramePipeline

PART_ROWS = 64
"""Pictures of a part, the most that a kill loses."""


@dataclass(frozen=True)
class BulkPicture:
    """A picture as it was named, and where it lies; or the sentence why it is none."""

    path: Path
    place: Path
    error: str | None = None

    @classmethod
    def of(cls, path: Path, error: str | None) -> "BulkPicture":
        """Find out where it lies: the processes that read have folders of their own."""
        return cls(path, path.absolute(), error)


@dataclass(frozen=True)
class BulkOutcome:
    """How many pictures were read now and before, and how many of all could not be."""

    read: int
    before: int
    errors: int


@dataclass(frozen=True)
class BulkWork:
    """How pictures are read: who opens what reads them, in how many workers, and which."""

    load: "Callable[[], FramePipeline]"
    spread: "Spread"
    workers: int


def read_to_table(
    pictures: Sequence[BulkPicture],
    work: BulkWork,
    parts: TableParts,
    job: TableJob,
    resume: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> BulkOutcome:
    """Read pictures in their order and write the table; with `resume` go on with its parts.

    `progress(done, total)` is called after each picture. Only the rows of one part are held.

    Raises:
        SettingsError: there are parts, and they are not to be gone on with or of another model.
        RunError: a file cannot be written, or the workers ended.
        AslError: the model cannot be loaded.
    """
    known = parts.begin(job, resume)
    left = [picture for picture in pictures if path_text(picture.path) not in known]
    before = len(pictures) - len(left)
    progress(before, len(pictures))
    rows: list[ReadingRow] = []
    try:
        for done, row in enumerate(
            work.spread(work.load, read_row, left, work.workers), before + 1
        ):
            rows.append(row)
            if len(rows) == PART_ROWS:
                parts.add(rows)
                rows = []
            progress(done, len(pictures))
    finally:
        if rows:  # after Ctrl+C and errors too
            parts.add(rows)
    return BulkOutcome(len(left), before, parts.join())


def read_row(pipeline: "FramePipeline", picture: BulkPicture) -> ReadingRow:
    """Read a picture in a worker and put it into a row."""
    if picture.error is not None:
        return row_of(PictureResult(picture.path, None, picture.error), pipeline.recognizer)
    result = read_picture(pipeline, picture.place)
    return row_of(replace(result, path=picture.path), pipeline.recognizer)
