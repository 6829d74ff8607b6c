"""Reads folders of labelled photos and refuses what it does not understand."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from asl_core.alphabet import KAGGLE_CLASSES
from asl_core.errors import PhotoSetError
from asl_core.images import SUFFIXES

PHOTO_LIST = "photos.csv"
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


@dataclass(frozen=True)
class PhotoSet:
    """Labelled photos below one root.

    `problems` holds one sentence for each broken rule: an unknown class folder, an empty class, a
    listed photo that is missing, a photo that is not listed. Nothing is folded into another class.
    """

    root: Path
    photos: tuple[LabelledPhoto, ...]
    problems: tuple[str, ...] = field(default=())

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits, sorted."""
        return tuple(sorted({photo.split for photo in self.photos}))

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that occur, sorted: A to Z, then del, nothing, space."""
        return tuple(sorted({photo.label for photo in self.photos}, key=KAGGLE_CLASSES.index))

    def of_split(self, split: str) -> "PhotoSet":
        """Give the photos of one split.

        Raises:
            PhotoSetError: there is no photo of that split.
        """
        chosen = tuple(photo for photo in self.photos if photo.split == split)
        if not chosen:
            known = ", ".join(self.splits) or "none"
            raise PhotoSetError(f"{self.root} has no split {split!r}; its splits are: {known}.")
        return PhotoSet(self.root, chosen, self.problems)

    def with_labels(self, labels: Iterable[str]) -> "PhotoSet":
        """Give the photos whose label is one of `labels`."""
        wanted = set(labels)
        chosen = tuple(photo for photo in self.photos if photo.label in wanted)
        return PhotoSet(self.root, chosen, self.problems)

    def require_sound(self) -> "PhotoSet":
        """Give this set back if no rule is broken.

        Raises:
            PhotoSetError: at least one rule is broken; the message names the first and the count.
        """
        if self.problems:
            more = (
                f" (and {len(self.problems) - 1} more problems)" if len(self.problems) > 1 else ""
            )
            raise PhotoSetError(
                f"{self.problems[0]}{more}; list all with: python -m asl_core photos check {self.root}"
            )
        return self


def read_photo_set(root: Path) -> PhotoSet:
    """Read a photo set of either layout.

    The two layouts are `<split>/<signer>/<LABEL>/*` with a `photos.csv`, and the plain Kaggle one,
    `asl_alphabet_train/<CLASS>/*.jpg`, where `root` is the folder of classes or one above it.

    Raises:
        PhotoSetError: the folder does not exist, has neither layout, or holds no photo.
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
    photos: list[LabelledPhoto] = []
    problems: list[str] = []
    present = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file()
    }
    with (root / PHOTO_LIST).open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = {"path", "split", "label"} - set(rows.fieldnames or ())
        if missing:
            raise PhotoSetError(f"{root / PHOTO_LIST} lacks the column {sorted(missing)[0]!r}.")
        for line, row in enumerate(rows, start=2):
            photo, problem = _listed_photo(root, row, line, present)
            problems += [problem] if problem else []
            photos += [photo] if photo else []
    listed = {photo.photo_id for photo in photos}
    unlisted = sorted(present - listed)
    if unlisted and not problems:
        problems.append(f"{unlisted[0]} is not in {PHOTO_LIST} ({len(unlisted)} such photos).")
    if len(listed) < len(photos):
        problems.append(f"{PHOTO_LIST} lists {len(photos) - len(listed)} photos twice.")
    problems += _empty_classes(root, present)
    return PhotoSet(root, tuple(photos), tuple(problems))


def _listed_photo(
    root: Path, row: dict[str, str], line: int, present: set[str]
) -> tuple[LabelledPhoto | None, str | None]:
    photo_id, label = row["path"], row["label"]
    where = f"{PHOTO_LIST} line {line}"
    if label not in KAGGLE_CLASSES:
        return None, f"{where}: the label {label!r} is not a known class."
    if photo_id not in present:
        return None, f"{where}: {photo_id} does not exist below {root}."
    parts = Path(photo_id).parts
    if len(parts) < 4 or parts[0] != row["split"] or parts[-2] != label:
        return None, f"{where}: {photo_id} does not lie in {row['split']}/<signer>/{label}/."
    signer = row.get("signer") or parts[1]
    return (
        LabelledPhoto(
            photo_id=photo_id,
            path=root / photo_id,
            split=row["split"],
            source=row.get("source") or signer,
            signer=signer,
            label=label,
            label_note=row.get("label_note") or "ok",
        ),
        None,
    )


def _empty_classes(root: Path, present: set[str]) -> list[str]:
    filled = {Path(photo_id).parent.as_posix() for photo_id in present}
    folders = (path for path in root.glob("*/*/*") if path.is_dir())
    empty = sorted({path.relative_to(root).as_posix() for path in folders} - filled)
    return [f"The class folder {name} is empty." for name in empty]


def _kaggle_root(root: Path) -> Path:
    for candidate in (root, root / KAGGLE_FOLDER, root / KAGGLE_FOLDER / KAGGLE_FOLDER):
        if candidate.is_dir() and any((candidate / name).is_dir() for name in KAGGLE_CLASSES):
            return candidate
    raise PhotoSetError(
        f"{root} has neither a {PHOTO_LIST} nor class folders such as {KAGGLE_FOLDER}/A."
    )


def _read_kaggle(root: Path) -> PhotoSet:
    photos: list[LabelledPhoto] = []
    problems: list[str] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if folder.name not in KAGGLE_CLASSES:
            problems.append(f"The folder {folder.name!r} in {root} is not a known class.")
            continue
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        if not files:
            problems.append(f"The class folder {folder.name} is empty.")
        photos += [
            LabelledPhoto(
                photo_id=path.relative_to(root).as_posix(),
                path=path,
                split="all",
                source=KAGGLE_SIGNER,
                signer=KAGGLE_SIGNER,
                label=folder.name,
            )
            for path in files
        ]
    return PhotoSet(root, tuple(photos), tuple(problems))
