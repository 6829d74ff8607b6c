"""Reads visitors' photos: one detector and one recognizer for all, one photo at a time."""

import copy
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import streamlit as st

from asl_core import images
from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.drawing.overlay import draw_reading
from asl_core.errors import ImageError
from asl_core.frame_pipeline import FramePipeline, FrameReading
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.images import Frame
from asl_core.letters.adaptation.taught_hand import TaughtHand
from pages.panels.frame.page_parts import as_jpeg
from pages.panels.frame.shared_recognizer import model_stamp, shared_recognizer
from pages.panels.photo.given_files import GivenFile

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

MARKED_SIDE = 640
"""Longer side in pixels of the marked photo that is kept and shown."""


@dataclass(frozen=True)
class ReadPhoto:
    """A photo's name, what was read in it, and the photo with its marks as JPEG bytes.

    `note` is a sentence on what of the file was not read, None where nothing was left out.
    """

    name: str
    reading: FrameReading
    marked: bytes
    note: str | None = None


@dataclass(frozen=True)
class UnreadFile:
    """A file that could not be read, and the sentence that says why."""

    name: str
    reason: str


class PhotoReader:
    """A pipeline in photo mode that visitors share: MediaPipe's detector serves one at a time."""

    def __init__(self, recognizer: "LetterRecognizer") -> None:
        self.recognizer = recognizer
        self._pipeline = FramePipeline(MediaPipeHandDetector("photo"), recognizer)
        self._lock = threading.Lock()
        # The first reading pays for setting up the networks; no visitor's times should show that.
        self._pipeline.read(drawn_letter("B", 256))

    def read(self, name: str, frame: Frame, note: str | None = None) -> ReadPhoto:
        """Read an RGB uint8 `(H, W, 3)` Frame and mark what was found."""
        with self._lock:
            reading = self._pipeline.read(frame)
        marked = as_jpeg(draw_reading(frame, reading), MARKED_SIDE)
        return ReadPhoto(name, reading, marked, note)

    def adapted(self, hand: TaughtHand) -> Self:
        """Return a reader that knows a person's own letters, with the same detector and turn.

        Raises:
            HandFileError: the hand was taught to another model.
        """
        own = copy.copy(self)
        own.recognizer = self.recognizer.adapted(hand)
        own._pipeline = FramePipeline(self._pipeline.detector, own.recognizer)
        return own


def shared_reader(folder: Path) -> PhotoReader:
    """Return the process's reader for the model in `folder`.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    return _reader(folder, model_stamp(folder))


class KeptReadings:
    """What became of one visitor's photos: each is read once as long as it is given."""

    def __init__(self) -> None:
        self._outcomes: dict[tuple[str, str], ReadPhoto | UnreadFile] = {}

    def keep_only(self, files: Iterable[GivenFile]) -> None:
        """Forget what became of files that are no longer given."""
        keys = {file.key for file in files}
        self._outcomes = {k: v for k, v in self._outcomes.items() if k[0] in keys}

    def has(self, file: GivenFile, model: str) -> bool:
        """Whether a file was read by a model, which `model` names with its state."""
        return (file.key, model) in self._outcomes

    def outcome(self, file: GivenFile, model: str, reader: PhotoReader) -> ReadPhoto | UnreadFile:
        """Return what became of a file; it is decoded and read if that was not yet done."""
        known = self._outcomes.get((file.key, model))
        if known is None:
            try:
                decoded = images.decode_with_note(file.content(), file.name)
                known = reader.read(file.name, decoded.frame, decoded.note)
            except ImageError as error:
                known = UnreadFile(file.name, str(error))
            self._outcomes[(file.key, model)] = known
        return known


# A reader that leaves this cache is not closed by hand: somebody may be reading with it, and
# MediaPipe frees its detector with the last reference.
@st.cache_resource(max_entries=2, show_spinner=False)
def _reader(folder: Path, stamp: int) -> PhotoReader:
    del stamp
    return PhotoReader(shared_recognizer(folder))
