"""Reads a folder of scenes in which nobody shows a hand: `backgrounds.csv` and its pictures."""

import csv
from dataclasses import dataclass
from pathlib import Path

from asl_core.errors import PhotoSetError

SCENE_LIST = "backgrounds.csv"


@dataclass(frozen=True)
class Scene:
    """One picture without a raised hand; `photo_id` is its path below the folder."""

    photo_id: str
    path: Path
    source: str


def read_scenes(folder: Path, split: str) -> tuple[Scene, ...]:
    """List the scenes of a split in the order of `backgrounds.csv`; the pictures stay unopened.

    Columns: `path`, `split` and, where known, `source`.

    Raises:
        PhotoSetError: the folder has no such list, a column is missing, or no scene is of `split`.
    """
    try:
        with (folder / SCENE_LIST).open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        scenes = tuple(
            Scene(row["path"], folder / row["path"], row.get("source") or "unknown")
            for row in rows
            if row["split"] == split
        )
    except KeyError as error:
        raise PhotoSetError(f"{folder / SCENE_LIST} lacks the column {error}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PhotoSetError(f"The scenes in {folder} cannot be read: {error}.") from None
    if not scenes:
        known = ", ".join(sorted({row["split"] for row in rows})) or "none"
        raise PhotoSetError(f"{folder} lists no scene of the split {split!r}; it has: {known}.")
    return scenes
