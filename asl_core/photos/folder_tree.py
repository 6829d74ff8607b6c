"""Lists what lies below a folder of photos and names what is wrong with its class folders."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asl_core.alphabet import KAGGLE_CLASSES
from asl_core.file_kinds import PICTURE_SUFFIXES

PHOTO_LIST = "photos.csv"
"""The list at the root of a set that has one."""


@dataclass(frozen=True)
class FolderTree:
    """What lies below a root: paths relative to it with forward slashes, each tuple sorted.

    `pictures` are files whose ending is one of PICTURE_SUFFIXES, `others` all further files.
    Names that begin with a dot are left out, with all that lies below them.
    """

    folders: tuple[str, ...]
    pictures: tuple[str, ...]
    others: tuple[str, ...]


def walk(root: Path) -> FolderTree:
    """List what lies below `root`; links to folders are followed, but none into a circle."""
    seen: set[str] = set()
    folders: list[str] = []
    pictures: list[str] = []
    others: list[str] = []
    for place, names, files in os.walk(root, followlinks=True):
        names[:] = [name for name in names if not name.startswith(".")]
        real = os.path.realpath(place)
        if real in seen:
            names.clear()
            continue
        seen.add(real)
        below = Path(place).relative_to(root).as_posix()
        prefix = "" if below == "." else f"{below}/"
        folders += [prefix + name for name in names]
        for name in files:
            if not name.startswith("."):
                is_picture = name.lower().endswith(PICTURE_SUFFIXES)
                (pictures if is_picture else others).append(prefix + name)
    return FolderTree(tuple(sorted(folders)), tuple(sorted(pictures)), tuple(sorted(others)))


def class_folder_problems(tree: FolderTree, depth: int) -> Iterator[str]:
    """Return a sentence for each fault of a class folder, which lie `depth` levels below the root.

    A fault is a name that is not one of `alphabet.KAGGLE_CLASSES`, a folder without a picture, or
    a file in it that is no picture.
    """
    classes = [folder for folder in tree.folders if folder.count("/") == depth - 1]
    filled = {folder_of(path) for path in tree.pictures}
    strays: defaultdict[str, list[str]] = defaultdict(list)
    for path in tree.others:
        strays[folder_of(path)].append(_name_of(path))
    for folder in classes:
        if _name_of(folder) not in KAGGLE_CLASSES:
            yield f"The folder {folder!r} is not a known class."
        elif folder not in filled:
            yield f"The class folder {folder} is empty."
        if names := strays[folder]:
            yield (
                f"The class folder {folder} holds a file that is no picture, {names[0]!r} "
                f"({len(names)} such files in all); pictures end in {', '.join(PICTURE_SUFFIXES)}."
            )


def passed_over(tree: FolderTree, depth: int) -> tuple[str, ...]:
    """Return the files that are no pictures and lie in no class folder, without the photo list.

    `class_folder_problems` tells of those in class folders, which lie `depth` levels down.
    """
    return tuple(path for path in tree.others if path.count("/") != depth and path != PHOTO_LIST)


def folder_of(path: str) -> str:
    """Return the folder part of a path with forward slashes; empty at the root."""
    return path.rpartition("/")[0]


def _name_of(path: str) -> str:
    return path.rpartition("/")[2]
