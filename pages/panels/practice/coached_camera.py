"""The camera of the practice page: that of the live page, with a coach behind it."""

from functools import partial

import streamlit as st

from asl_core.errors import ImageError
from asl_core.live.visit import LiveVisit
from asl_core.practice.coached_reader import CoachedReader
from asl_core.records.training_run import TrainingRun
from asl_core.spelling.letter_stabilizer import LetterStabilizer
from asl_core.spelling.settings import SPELLING_PRESETS
from pages.panels.live.camera.camera_stream import SIZES, show_camera
from pages.panels.live.camera.device_mode import OtherSource, show_device
from pages.panels.live.camera.ice_servers import ice_servers
from pages.panels.live.camera.snapshot_mode import take_snapshot
from pages.panels.live.camera.sources import (
    DEVICE,
    SNAPSHOTS,
    SOURCE_OF_VISIT,
    SOURCES,
    VIDEO,
    first_source,
    privacy_of,
)
from pages.panels.live.visitor import this_visit

VISIT = "practice_visit"
"""Key of the visit in the session: its letters are not those of the live page."""

_READER, _CAMERA, _DEVICE = "practice_reader", "practice_camera", "practice_device"
_WAY = "practice_way"
_SNAPSHOT_SECONDS = 1.0


def coached_visit(run: TrainingRun) -> tuple[LiveVisit, CoachedReader]:
    """Return this visitor's camera and the reader that keeps the hands of letters that counted.

    Raises:
        ModelFileError: a model file is missing, altered, or does not fit.
    """
    visit = this_visit(run.folder, VISIT)
    kept = st.session_state.get(_READER)
    if kept is not None and kept[0] is visit:
        reader: CoachedReader = kept[1]
        return visit, reader
    reader = CoachedReader(LetterStabilizer(visit.rejection_threshold))
    visit.read_with(reader)
    st.session_state[_READER] = (visit, reader)
    return visit, reader


def show_source(visit: LiveVisit, reader: CoachedReader, run: TrainingRun) -> bool:
    """Show the chosen source, and return whether frames may come.

    Raises:
        SettingsError: a setting of this installation's sources is broken.
    """
    way = _choose_source(visit)
    visit.source = SOURCE_OF_VISIT[way]
    is_running = _show(way, visit, reader, run)
    st.caption(f":material/shield_person: {privacy_of(way)}")
    return is_running


def _show(way: str, visit: LiveVisit, reader: CoachedReader, run: TrainingRun) -> bool:
    if way == SNAPSHOTS:
        st.fragment(_show_snapshots)(visit, reader)
        return True
    if way == DEVICE:
        others = (
            OtherSource("Use live video", partial(_use, VIDEO)),
            OtherSource("Use snapshots", partial(_use, SNAPSHOTS)),
        )
        return show_device(visit, run, _DEVICE, visit.mirrored, others=others)
    camera = show_camera(visit, SIZES[0], ice_servers(), _CAMERA)
    if not camera.is_playing and not camera.is_connecting:
        visit.end_stream()
    return camera.is_playing


def _use(way: str) -> None:
    st.session_state[_WAY] = way


def _choose_source(visit: LiveVisit) -> str:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        way = st.segmented_control(
            "Where do pictures come from?",
            list(SOURCES.values()),
            default=first_source(None),
            required=True,
            label_visibility="collapsed",
            key=_WAY,
            persist_state="session",
        )
        with st.popover("Settings", icon=":material/tune:"):
            speed = st.segmented_control(
                "Hold a letter until it counts",
                [name.capitalize() for name in SPELLING_PRESETS],
                default="Standard",
                required=True,
                key="practice_hold",
                persist_state="session",
                help=", ".join(
                    f"{name.capitalize()} {settings.hold_seconds:g} s"
                    for name, settings in SPELLING_PRESETS.items()
                ),
            )
            visit.mirrored = st.toggle(
                "Show it as in a mirror", value=True, key="practice_mirror", persist_state="session"
            )
    settings = SPELLING_PRESETS[speed.lower()]
    if visit.settings != settings:
        visit.settings = settings
    return str(way)


def _show_snapshots(visit: LiveVisit, reader: CoachedReader) -> None:
    try:
        snapshot = take_snapshot(_SNAPSHOT_SECONDS, visit.mirrored)
    except ImageError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    if snapshot is None:
        return
    visit.on_frame(snapshot.frame, "pictures")
    if snapshot.by_hand:
        reader.count_now(visit.rejection_threshold)
        visit.reset_hand()
