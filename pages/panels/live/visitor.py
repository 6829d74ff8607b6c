"""Gives each visitor their own words and camera runs, around what all visitors share."""

import gc
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.errors import ModelFileError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import FrameSpeller
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.live.process_tuning import take_turns
from asl_core.live.visit import LiveVisit, Source
from asl_core.spelling.speller import Speller
from pages.panels.frame.shared_recognizer import model_stamp, shared_live_recognizer

VISIT = "live_visit"
"""Key in the session state; what lies there outlives a page switch and a reconnect."""


@dataclass(frozen=True)
class _KeptVisit:
    """A visit and the model it was made for."""

    folder: Path
    stamp: int
    visit: LiveVisit


def this_visit(folder: Path) -> LiveVisit:
    """Give this visitor's words and camera, reading with the model in `folder`.

    Another model takes over the words. The model is loaded here, since a video frame must not
    wait for it.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    stamp = model_stamp(folder)
    kept = st.session_state.get(VISIT)
    if kept is not None and (kept.folder, kept.stamp) == (folder, stamp):
        visit: LiveVisit = kept.visit
        return visit
    recognizer = shared_live_recognizer(folder)
    _warm_up(folder, stamp)
    opened = partial(open_frame_speller, recognizer, _motion_or_none())
    visit = LiveVisit(opened, recognizer.calibration.rejection_threshold)
    if kept is not None:
        kept.visit.end_stream()
        visit.restore(kept.visit.transcript)
    st.session_state[VISIT] = _KeptVisit(folder, stamp, visit)
    return visit


def open_frame_speller(
    recognizer: LetterRecognizer, motion: MotionModel | None, speller: Speller, source: Source
) -> FrameSpeller:
    """Make a detector of its own around the shared models and the visitor's words.

    Raises:
        ModelFileError: MediaPipe's model is missing, altered or refused.
    """
    if source == "pictures":
        return FrameSpeller(FramePipeline(MediaPipeHandDetector("photo"), recognizer), speller)
    pipeline = FramePipeline(MediaPipeHandDetector("video"), recognizer)
    return FrameSpeller(pipeline, speller, MotionReader(motion) if motion else None)


@st.cache_resource(show_spinner=False)
def shared_motion_model() -> MotionModel:
    """Give the process's reader of J and Z.

    Raises:
        ModelFileError: its files are missing or altered.
    """
    return MotionModel.load(SHIPPED_MOTION_MODEL)


@st.cache_resource(max_entries=4, show_spinner=False)
def _warm_up(folder: Path, stamp: int) -> None:
    """Pay for setting up MediaPipe and the networks before the first visitor's first frame."""
    del stamp
    with MediaPipeHandDetector("video") as detector:
        pipeline = FramePipeline(detector, shared_live_recognizer(folder))
        for time_ms in (0, 33):
            pipeline.read(drawn_letter("B", 256), time_ms)
    # Libraries and networks stay; the garbage collector need not look at them, while video waits,
    # again and again.
    gc.collect()
    gc.freeze()
    take_turns()


def _motion_or_none() -> MotionModel | None:
    """Give the reader of J and Z; without its files the other letters are still read."""
    try:
        return shared_motion_model()
    except ModelFileError as error:
        st.warning(f"J and Z are not read: {error}", icon=":material/gesture:")
        return None
