"""Each visitor's own words and camera runs, around what all visitors share."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from asl_core.drawing.drawn_letters import drawn_letter
from asl_core.errors import ModelFileError
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import StreamReader
from asl_core.hands.detector import MediaPipeHandDetector
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.motion.model import MotionModel
from asl_core.letters.motion.reader import SHIPPED_MOTION_MODEL, MotionReader
from asl_core.live.camera_slot import OpenStream, Source
from asl_core.live.device_frame import device_stream
from asl_core.live.device_visits import DeviceVisit, FeedableVisit
from asl_core.live.process_tuning import tune_for_video
from asl_core.live.visit import LiveVisit
from asl_core.records.training_run import TrainingRun
from asl_core.service.device_source import device_model
from pages.panels.frame.server_figures import live_visits
from pages.panels.frame.shared_recognizer import (
    DEVICE_VISITS,
    model_stamp,
    shared_live_recognizer,
)
from pages.panels.own_hand.this_hand import hand_to_use, show_hand_line

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

VISIT = "live_visit"
"""Key in the session state; what lies there outlives a page switch and a reconnect."""

_ADMITTED = "live_device_visit"


@dataclass(frozen=True)
class _KeptVisit:
    """A visit, the model it was made for, and the hand that this one was taught."""

    folder: Path
    stamp: int
    hand: TaughtHand | None
    visit: LiveVisit


def this_visit(folder: Path, key: str = VISIT) -> LiveVisit:
    """Return this visitor's words and camera, reading with the model in `folder`.

    Pages that keep their words apart use another `key`; they read without a taught hand, as what is
    practiced is how a letter is signed by others.

    Another model, or another taught hand, takes over the words. The model is loaded here, since a
    video frame must not wait for it.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    stamp = model_stamp(folder)
    kept = st.session_state.get(key)
    recognizer = shared_live_recognizer(folder)
    hand = hand_to_use(recognizer) if key == VISIT else None
    if kept is not None and (kept.folder, kept.stamp) == (folder, stamp) and kept.hand is hand:
        visit: LiveVisit = kept.visit
        return visit
    if hand is not None:
        recognizer = recognizer.adapted(hand)
    _warm_up(folder, stamp)
    opened = partial(open_stream, recognizer, _motion_or_none())
    visit = LiveVisit(opened, recognizer.calibration.rejection_threshold)
    if kept is not None:
        kept.visit.end_stream()
        visit.restore(kept.visit.transcript)
    live_visits.add(visit)
    st.session_state[key] = _KeptVisit(folder, stamp, hand, visit)
    return visit


def show_whose_hand(folder: Path, is_natural: bool) -> None:
    """Say in one line whether this visitor's taught hand is used; see `show_hand_line`."""
    show_hand_line(shared_live_recognizer(folder), is_natural)


def reads_own_hand(folder: Path) -> bool:
    """Whether this visitor's taught hand has its say when their live page reads."""
    return hand_to_use(shared_live_recognizer(folder)) is not None


def lesson_stream(folder: Path) -> OpenStream:
    """Return what opens a stream for a lesson: by the model alone, without J and Z.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    recognizer = shared_live_recognizer(folder)
    _warm_up(folder, model_stamp(folder))
    return partial(open_stream, recognizer, None)


def load_for_video(folder: Path) -> None:
    """Load what every visitor's video is read with; without J and Z where their model is broken.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    _warm_up(folder, model_stamp(folder))
    with suppress(ModelFileError):  # told to each visitor by `this_visit`
        shared_motion_model()


def admitted(
    visit: FeedableVisit, run: TrainingRun, compares_hands: bool = False
) -> DeviceVisit[FeedableVisit]:
    """Return the key with which the visitor's browser may feed a visit; one for each session.

    Raises:
        ModelFileError: the run has no form for browsers, or none that compares hands.
    """
    model = device_model(run)
    if compares_hands and not model.feature_count:
        raise ModelFileError("in its form for browsers it does not compare hands.")
    wanted = (model, compares_hands)
    kept: DeviceVisit[FeedableVisit] | None = st.session_state.get(_ADMITTED)
    if kept is None or kept.visit is not visit or (kept.model, kept.compares_hands) != wanted:
        kept = st.session_state[_ADMITTED] = DEVICE_VISITS.admit(visit, model, compares_hands)
    return kept


def last_admission() -> DeviceVisit[FeedableVisit] | None:
    """Return the key that `admitted` gave last in this session, None before the first."""
    kept: DeviceVisit[FeedableVisit] | None = st.session_state.get(_ADMITTED)
    return kept


def open_stream(
    recognizer: "LetterRecognizer", motion: MotionModel | None, source: Source
) -> StreamReader[Any]:
    """Open a stream with a detector of its own, if it needs one, around the shared models.

    Raises:
        ModelFileError: MediaPipe's model is missing, altered or refused.
    """
    if source == "device":
        return device_stream(recognizer, motion)
    if source == "pictures":
        return StreamReader(FramePipeline(MediaPipeHandDetector("photo"), recognizer))
    pipeline = FramePipeline(MediaPipeHandDetector("video"), recognizer)
    return StreamReader(pipeline, MotionReader(motion) if motion else None)


@st.cache_resource(show_spinner=False)
def shared_motion_model() -> MotionModel:
    """Return the process's reader of J and Z.

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
    tune_for_video()


def _motion_or_none() -> MotionModel | None:
    """Return the reader of J and Z; without its files the other letters are still read."""
    try:
        return shared_motion_model()
    except ModelFileError as error:
        st.warning(f"J and Z are not read: {error}", icon=":material/gesture:")
        return None
