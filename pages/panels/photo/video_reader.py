"""Reads an uploaded video from a temporary file, a few at a time for all visitors."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from asl_core.errors import VideoError
from asl_core.frame_speller import FrameSpeller
from asl_core.letters.motion.model import MotionModel
from asl_core.spelling.settings import NATURAL, settings_of
from asl_core.transcription import (
    Progress,
    Transcription,
    shipped_motion_model,
    transcribe,
    video_speller,
)
from asl_core.video_file import VideoLimits, open_video
from pages.panels.frame.shared_recognizer import shared_recognizer
from pages.panels.frame.speeds import natural_reader
from pages.panels.own_hand.this_hand import with_own_hand
from pages.panels.photo.given_files import MOST_MB

MOST_MINUTES = 10.0

_LIMITS = VideoLimits(MOST_MB * 10**6, MOST_MINUTES * 60)
_SHOW_EVERY_S = 0.25
_SHOWN_LETTERS = 40

ShowProgress = Callable[[float, str], object]
"""Is told the share that is done in 0-1 and a sentence; may raise to end the reading."""


@dataclass(frozen=True)
class VideoWish:
    """A visitor's video, the folder of the run to read it with, and the name of the speed."""

    upload: UploadedFile
    model: Path
    speed: str


def read_video(wish: VideoWish, show: ShowProgress) -> Transcription:
    """Read a visitor's video; its temporary file is gone afterwards, whatever happens.

    Raises:
        VideoError: the file is no usable video, or cannot be kept.
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    with (
        _kept_on_disk(wish.upload) as path,
        open_video(path, wish.upload.name, _LIMITS) as video,
        _turn(show),
    ):
        speller = open_speller(wish)
        try:
            return transcribe(video, speller, _told_now_and_then(show, video.duration_s))
        finally:
            speller.close()


def open_speller(wish: VideoWish) -> FrameSpeller:
    """Make a detector for one video around the process's models.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    recognizer = with_own_hand(shared_recognizer(wish.model))
    if wish.speed == NATURAL:
        return video_speller(recognizer, motion=None, reader=natural_reader())
    return video_speller(recognizer, _motion_model(), settings_of(wish.speed))


@contextmanager
def _kept_on_disk(upload: UploadedFile) -> Iterator[Path]:
    """Write the upload to a file, as a decoder reads files piece by piece."""
    try:
        kept = tempfile.TemporaryDirectory(prefix="asl-video-", ignore_cleanup_errors=True)
    except OSError as error:
        raise VideoError(f"{upload.name} cannot be kept here: {error.strerror}.") from None
    with kept as folder:
        path = Path(folder) / "video"
        try:
            with path.open("wb") as file:
                upload.seek(0)
                shutil.copyfileobj(upload, file)
        except OSError as error:
            raise VideoError(f"{upload.name} cannot be kept here: {error.strerror}.") from None
        yield path


@contextmanager
def _turn(show: ShowProgress) -> Iterator[None]:
    """Wait for a place among the videos that are being read."""
    places = _places()
    while not places.acquire(timeout=_SHOW_EVERY_S):
        show(0.0, "Another video is being read; yours is next …")
    try:
        yield
    finally:
        places.release()


@st.cache_resource(show_spinner=False)
def _places() -> threading.Semaphore:
    # Reading a video keeps about two cores busy; live visitors need some too.
    return threading.Semaphore(max(1, (os.cpu_count() or 1) // 2))


@st.cache_resource(show_spinner=False)
def _motion_model() -> MotionModel | None:
    return shipped_motion_model()


def _told_now_and_then(show: ShowProgress, duration_s: float | None) -> Callable[[Progress], None]:
    """Pass progress on four times a second: the browser needs no more."""
    told_s = 0.0
    whole = f" of {_clock(duration_s)}" if duration_s else ""

    def tell(progress: Progress) -> None:
        nonlocal told_s
        if time.monotonic() - told_s >= _SHOW_EVERY_S:
            told_s = time.monotonic()
            text = f" · **{progress.text[-_SHOWN_LETTERS:]}**" if progress.text.strip() else ""
            show(progress.share or 0.0, f"Read {_clock(progress.time_s)}{whole}{text}")

    return tell


def _clock(seconds: float) -> str:
    """Write a time as minutes and seconds, such as `1:05`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
