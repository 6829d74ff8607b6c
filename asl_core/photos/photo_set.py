"""Reads folders of labelled photos and refuses what it does not understand."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from asl_core.alphabet import KAGGLE_CLASSES
from asl_core.errors import PhotoSetError
from asl_core.file_kinds import PICTURE_SUFFIXES
from asl_core.photos.folder_tree import (
    PHOTO_LIST,
    class_folder_problems,
    folder_of,
    passed_over,
    walk,
)

KAGGLE_FOLDER = "asl_alphabet_train"
KAGGLE_SIGNER = "kaggle_asl_alphabet"


@dataclass(frozen=True)
class LabelledPhoto:
    """One photo with what is known of it; `photo_id` is its path below the set's root."""

    photo_id: str
    path: Path
    split: str
    source: str
    signer: str
    label: str
    label_note: str = "ok"


SUSPECT = "suspect"
"""Note of a photo whose label is doubted."""


@dataclass(frozen=True)
class PhotoSet:
    """Labelled photos below one root.

    `problems` holds one sentence for each broken rule: an unknown class folder, an empty class, a
    file in a class folder that is no picture, a listed photo that is missing or listed twice, a
    photo that is not listed. Nothing is folded into another class; whether each picture can be
    decoded, and whether two are alike, is for `check.check_photo_set` to find out. `passed_over`
    are further files outside of the class folders, which are no problem: a licence, or a photo of
    an ending that is not read.
    """

    root: Path
    photos: tuple[LabelledPhoto, ...]
    problems: tuple[str, ...] = field(default=())
    passed_over: tuple[str, ...] = field(default=())

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits, sorted."""
        return tuple(sorted({photo.split for photo in self.photos}))

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that occur, sorted: A to Z, then del, nothing, space."""
        return tuple(sorted({photo.label for photo in self.photos}, key=KAGGLE_CLASSES.index))

    def of_split(self, split: str) -> "PhotoSet":
        """Return the photos of one split.

        Raises:
            PhotoSetError: there is no photo of that split.
        """
        chosen = tuple(photo for photo in self.photos if photo.split == split)
        if not chosen:
            known = ", ".join(self.splits) or "none"
            raise PhotoSetError(f"{self.root} has no split {split!r}; its splits are: {known}.")
        return replace(self, photos=chosen)

    def with_labels(self, labels: Iterable[str]) -> "PhotoSet":
        """Return the photos whose label is one of `labels`."""
        wanted = set(labels)
        chosen = tuple(photo for photo in self.photos if photo.label in wanted)
        return replace(self, photos=chosen)

    def with_suspects(self, suspects: Path) -> "PhotoSet":
        """Note photos as `suspect` whose letter somebody found wrong: a CSV with their `photo_id`.

        Raises:
            PhotoSetError: the file cannot be read, lacks the column, or names no photo of this set.
        """
        ids = {row.get("photo_id") or "" for row in _rows(suspects, ("photo_id",))}
        known = {photo.photo_id for photo in self.photos} & ids
        if not known:
            raise PhotoSetError(f"{suspects} names no photo of {self.root}.")
        photos = (
            replace(photo, label_note=SUSPECT) if photo.photo_id in known else photo
            for photo in self.photos
        )
        return replace(self, photos=tuple(photos))

    def require_sound(self) -> "PhotoSet":
        """Return this set if no rule is broken.

        Raises:
            PhotoSetError: at least one rule is broken; the message names the first and the count.
        """
        if self.problems:
            first, others = self.problems[0].rstrip("."), len(self.problems) - 1
            more = f" (and {others} more problems)" if others else ""
            raise PhotoSetError(
                f"{first}{more}; list all with: python -m asl_core photos check {self.root}"
            )
        return self


def read_photo_set(root: Path) -> PhotoSet:
    """Read a photo set of either layout.

    The two layouts are `<split>/<signer>/<LABEL>/*` with a `photos.csv`, and the plain Kaggle one,
    `asl_alphabet_train/<CLASS>/*.jpg`, where `root` is the folder of classes, or one or two above
    it (Kaggle's own archive nests `asl_alphabet_train` twice). Hidden files and folders, whose
    names begin with a dot, are passed over.

    Raises:
        PhotoSetError: the folder does not exist, has neither layout, holds no photo, or its
            `photos.csv` cannot be read.
    """
    if not root.is_dir():
        raise PhotoSetError(f"{root} is not a folder.")
    if (root / PHOTO_LIST).is_file():
        found = _read_listed(root)
    else:
        found = _read_kaggle(_kaggle_root(root))
    if not found.photos:
        problem = f" First problem: {found.problems[0]}" if found.problems else ""
        raise PhotoSetError(f"{root} holds no labelled photo.{problem}")
    return found


def _read_listed(root: Path) -> PhotoSet:
    tree = walk(root)
    present = set(tree.pictures)
    photos: dict[str, LabelledPhoto] = {}
    problems: list[str] = []
    named: set[str] = set()
    for line, row in enumerate(_rows(root / PHOTO_LIST), start=2):
        photo_id = row.get("path") or ""
        problem = _row_problem(row, present)
        if problem is None and photo_id in named:
            problem = f"{photo_id} is listed twice."
        named.add(photo_id)
        if problem is None:
            photos[photo_id] = _listed_photo(root, row)
        else:
            problems.append(f"{PHOTO_LIST} line {line}: {problem}")
    if unlisted := sorted(present - named):
        problems.append(
            f"{unlisted[0]} is not in {PHOTO_LIST} ({len(unlisted)} such photos in all)."
        )
    problems += class_folder_problems(tree, depth=3)
    others = passed_over(tree, depth=3)
    return PhotoSet(root, tuple(photos.values()), tuple(problems), others)


def _rows(path: Path, needed: tuple[str, ...] = ("path", "split", "label")) -> list[dict[str, str]]:
    try:
        # Spreadsheets put a byte order mark before the first column's name.
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            missing = [c for c in needed if c not in (table.fieldnames or ())]
            if missing:
                raise PhotoSetError(f"{path} lacks the column {missing[0]!r}.")
            return list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PhotoSetError(f"{path} cannot be read as a table: {error}.") from None


def _row_problem(row: dict[str, str], present: set[str]) -> str | None:
    photo_id, split, label = (row.get(name) or "" for name in ("path", "split", "label"))
    if label not in KAGGLE_CLASSES:
        return f"the label {label!r} is not a known class."
    if photo_id not in present:
        return f"{photo_id!r} does not exist here as a picture ({', '.join(PICTURE_SUFFIXES)})."
    parts = photo_id.split("/")
    if len(parts) != 4 or (parts[0], parts[2]) != (split, label):
        return f"{photo_id} does not lie in {split}/<signer>/{label}/."
    signer = row.get("signer") or parts[1]
    if signer != parts[1]:
        return f"{photo_id} does not lie in the folder of its signer {signer!r}."
    return None


def _listed_photo(root: Path, row: dict[str, str]) -> LabelledPhoto:
    signer = row.get("signer") or row["path"].split("/")[1]
    return LabelledPhoto(
        photo_id=row["path"],
        path=root / row["path"],
        split=row["split"],
        source=row.get("source") or signer,
        signer=signer,
        label=row["label"],
        label_note=row.get("label_note") or "ok",
    )


def _kaggle_root(root: Path) -> Path:
    for candidate in (root, root / KAGGLE_FOLDER, root / KAGGLE_FOLDER / KAGGLE_FOLDER):
        if candidate.is_dir() and any((candidate / name).is_dir() for name in KAGGLE_CLASSES):
            return candidate
    raise PhotoSetError(
        f"{root} has neither a {PHOTO_LIST} nor class folders such as {KAGGLE_FOLDER}/A."
    )


def _read_kaggle(root: Path) -> PhotoSet:
    tree = walk(root)
    placed = [path for path in tree.pictures if path.count("/") == 1]
    problems = list(class_folder_problems(tree, depth=1))
    if outside := sorted(set(tree.pictures) - set(placed)):
        problems.append(
            f"{outside[0]} does not lie in a class folder of {root} "
            f"({len(outside)} such photos in all)."
        )
    photos = tuple(
        LabelledPhoto(
            photo_id=path,
            path=root / path,
            split="all",
            source=KAGGLE_SIGNER,
            signer=KAGGLE_SIGNER,
            label=folder_of(path),
        )
        for path in placed
        if folder_of(path) in KAGGLE_CLASSES
    )
    return PhotoSet(root, photos, tuple(problems), passed_over(tree, depth=1))
