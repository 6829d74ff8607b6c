"""Reads visitors' photos: one detector and one recognizer for all, one photo at a time."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from asl_core import images
from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.drawing.overlay import draw_reading
from asl_core.frame_pipeline import FramePipeline, FrameReading
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.images import Frame
from pages.panels.frame.page_parts import as_jpeg
from pages.panels.frame.shared_recognizer import model_stamp, shared_recognizer

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

MARKED_SIDE = 640
"""Longer side in pixels of the marked photo that is kept and shown."""


@dataclass(frozen=True)
class ReadPhoto:
    """A photo's name, what was read in it, and the photo with its marks as JPEG bytes."""

    name: str
    reading: FrameReading
    marked: bytes


class PhotoReader:
    """A pipeline in photo mode that visitors share: MediaPipe's detector serves one at a time."""

    def __init__(self, recognizer: "LetterRecognizer") -> None:
        self.recognizer = recognizer
        self._pipeline = FramePipeline(MediaPipeHandDetector("photo"), recognizer)
        self._lock = threading.Lock()
        # The first reading pays for setting up the networks; no visitor's times should show that.
        self._pipeline.read(drawn_letter("B", 256))

    def read(self, name: str, frame: Frame) -> ReadPhoto:
        """Read an RGB uint8 `(H, W, 3)` Frame and mark what was found."""
        with self._lock:
            reading = self._pipeline.read(frame)
        return ReadPhoto(name, reading, as_jpeg(draw_reading(frame, reading), MARKED_SIDE))


def shared_reader(folder: Path) -> PhotoReader:
    """Return the process's reader for the model in `folder`.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    return _reader(folder, model_stamp(folder))


@st.cache_data(scope="session", max_entries=100, show_spinner=False)
def read_bytes(data: bytes, name: str, model: str, _reader: PhotoReader) -> ReadPhoto:
    """Decode and read an uploaded file; the result is kept for this visitor alone.

    `model` names the model's state, so that another model reads the photo again.

    Raises:
        ImageError: the bytes are no usable picture.
    """
    del model
    return _reader.read(name, images.decode(data, name))


# A reader that leaves this cache is not closed by hand: somebody may be reading with it, and
# MediaPipe frees its detector with the last reference.
@st.cache_resource(max_entries=2, show_spinner=False)
def _reader(folder: Path, stamp: int) -> PhotoReader:
    del stamp
    return PhotoReader(shared_recognizer(folder))
