"""Teaching by photos: each file's name or folder tells its letter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from asl_core import images
from asl_core.alphabet import MOTION_LETTERS, STATIC_LETTERS
from asl_core.errors import ImageError
from asl_core.file_kinds import PICTURE_SUFFIXES
from asl_core.letters.adaptation.taught_hand import MOST_PHOTOS_A_LETTER, TaughtHand
from pages.panels.photo.photo_reader import PhotoReader

_LETTER_FIRST = re.compile(r"([A-Za-z])(?![A-Za-z])")
MOST_PHOTOS = MOST_PHOTOS_A_LETTER * len(STATIC_LETTERS)


@dataclass(frozen=True)
class TaughtFiles:
    """What became of uploaded photos: the hand with them, and a sentence for each left out."""

    hand: TaughtHand
    taught: int
    left_out: tuple[str, ...]


def letter_of_name(name: str) -> str | None:
    """Return the letter that a photo's folder or name tells: `A/001.jpg`, `a-2.png`, `B (1).jpg`.

    None where neither does.
    """
    path = PurePath(name.replace("\\", "/"))
    folder = path.parent.name
    if len(folder) == 1 and folder.isascii() and folder.isalpha():
        return folder.upper()
    found = _LETTER_FIRST.match(path.name)
    return found.group(1).upper() if found else None


def teach_photos(
    hand: TaughtHand, files: Sequence[UploadedFile], reader: PhotoReader
) -> TaughtFiles:
    """Teach each photo whose name tells a letter that is held still; show how far it is."""
    taught, left_out = 0, []
    bar = st.progress(0.0, text="Looking at your photos …")
    for number, file in enumerate(files, start=1):
        reason = None
        letter = letter_of_name(file.name)
        if letter is None:
            reason = "its name begins with no letter, and its folder is none"
        elif letter in MOTION_LETTERS:
            reason = f"{letter} is a movement and is not taught"
        else:
            try:
                hand, reason = _teach(hand, letter, file, reader)
            except ImageError as error:
                reason = str(error)
        taught += reason is None
        if reason is not None:
            left_out.append(f"{PurePath(file.name).name}: {reason}")
        bar.progress(number / len(files), text=f"Looked at {number} of {len(files)} photos")
    bar.empty()
    return TaughtFiles(hand, taught, tuple(left_out))


def ask_for_photos() -> list[UploadedFile]:
    """Show how photos are given, and return those that were."""
    as_folder = st.toggle(
        "Choose a whole folder",
        key="teach_folder",
        help="A folder with a folder for each letter, or with photos named as below.",
    )
    return st.file_uploader(
        "Photos of your letters, named A.jpg, A-2.jpg, B.jpg … or in folders A, B …",
        [suffix.removeprefix(".") for suffix in PICTURE_SUFFIXES],
        accept_multiple_files="directory" if as_folder else True,
        key=f"teach_photos_{as_folder}",
        help=f"Two of each letter are enough; of more than {MOST_PHOTOS_A_LETTER} the newest stay. "
        "They are looked at in this app's memory and never stored.",
    )


def _teach(
    hand: TaughtHand, letter: str, file: UploadedFile, reader: PhotoReader
) -> tuple[TaughtHand, str | None]:
    frame = images.decode(file.getvalue(), PurePath(file.name).name)
    prediction = reader.read(file.name, frame).reading.prediction
    if prediction is None or prediction.evidence is None:
        return hand, "no hand found"
    return hand.with_photo(letter, prediction.evidence), None
