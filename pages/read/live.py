"""Spell with the hand before the camera: letters and words as they are signed."""

from collections.abc import Collection, Sequence
from functools import partial

import streamlit as st

from asl_core.errors import AslError, ModelFileError
from asl_core.live.spelling_speed import spell_at
from asl_core.live.visit import LiveVisit
from asl_core.records.training_run import TrainingRun
from asl_core.spelling.settings import NATURAL, STANDARD
from pages.panels.browser.camera_check import (
    CameraFinding,
    ask_for_check,
    check_camera,
    close_finding,
)
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_model
from pages.panels.frame.speeds import natural_reader, speed_help, speed_names
from pages.panels.live.board import keep_letter_current, keep_words_current
from pages.panels.live.camera.camera_stream import SIZES, PictureSize, show_camera
from pages.panels.live.camera.device_mode import OtherSource, show_device
from pages.panels.live.camera.ice_servers import IceServer, ice_servers
from pages.panels.live.camera.snapshot_mode import show_snapshots
from pages.panels.live.camera.sources import (
    DEVICE,
    SNAPSHOTS,
    SOURCE_OF_VISIT,
    SOURCES,
    VIDEO,
    first_source,
    privacy_of,
)
from pages.panels.live.help import show_help
from pages.panels.live.style import show_style
from pages.panels.live.visitor import last_admission, reads_own_hand, show_whose_hand, this_visit
from pages.panels.live.words_card import listen_to_keys, shared_suggester
from pages.panels.own_hand.this_hand import sync_hand

WAY, FIRST_WAY = "live_way", "live_first_way"
SPEED, FIRST_SPEED = "live_speed", "live_first_speed"
HOLD_PURPOSE = "Show one hand to the camera and spell; hold each letter until its ring fills."
NATURAL_PURPOSE = "Show one hand to the camera and spell at your own pace; lower it between words."


def first_speed() -> str:
    """Return the speed that the address asks for, as `/live?speed=natural` does, else standard."""
    asked = st.query_params.get("speed", "").lower()
    # Remembered, as the address loses its end with a change of page.
    first: str = st.session_state.setdefault(
        FIRST_SPEED, asked if asked in speed_names() else "standard"
    )
    return first


def first_way() -> str:
    """Return the source that the address asks for, as `/live?source=device` does, else the default.

    Raises:
        SettingsError: the setting of the default names no source.
    """
    # Remembered, as the address loses its end with a change of page.
    first: str = st.session_state.setdefault(FIRST_WAY, first_source(st.query_params.get("source")))
    return first


def tell_of_unknown(name: str, known: Collection[str], icon: str) -> None:
    """Say which values are known where the address gives another one, such as `?speed=light`."""
    asked = st.query_params.get(name)
    if asked is not None and asked.lower() not in known:
        st.warning(
            f"The address asks for the {name} {asked!r}; known are {', '.join(known)}.",
            icon=f":material/{icon}:",
        )


def is_natural_chosen() -> bool:
    """Whether nothing will be held: natural spelling is chosen, and video that it can read."""
    speed = st.session_state.get(SPEED) or first_speed()
    return speed.lower() == NATURAL and st.session_state.get(WAY) != SNAPSHOTS


def apply_speed(visit: LiveVisit, speed: str) -> None:
    """Let the visit spell at a speed by its name; snapshots are too rare to read it naturally."""
    if speed == NATURAL and st.session_state.get(WAY) == SNAPSHOTS:
        st.caption(
            "Natural spelling needs video; snapshots count letters that are held for "
            f"{STANDARD.hold_seconds:g} s."
        )
        speed = "standard"
    try:
        spell_at(visit, speed, natural_reader)
    except ModelFileError as error:
        st.warning(f"Natural spelling is not read: {error}", icon=":material/gesture:")


def choose_settings(visit: LiveVisit) -> PictureSize:
    """Show the settings, apply them to the visit, and return the size to ask the camera for."""
    with st.popover("Settings", icon=":material/tune:"):
        speed = st.segmented_control(
            "Speed of spelling",
            [name.capitalize() for name in speed_names()],
            default=first_speed().capitalize(),
            required=True,
            key=SPEED,
            persist_state="session",
            help=f"{speed_help()} Lower your hand for a space.",
        )
        apply_speed(visit, speed.lower())
        size = st.selectbox(
            "Picture of the camera",
            SIZES,
            format_func=lambda choice: choice.label,
            key="live_size",
            persist_state="session",
            help="A new size counts from the next Start.",
        )
        visit.mirrored = st.toggle(
            "Show it as in a mirror", value=True, key="live_mirror", persist_state="session"
        )
    return size


def show_finding(finding: CameraFinding) -> None:
    """Show what the camera check found, what to do, and the way on without video."""
    with st.container(key="camera_finding", border=True):
        sentence = f"**{finding.title}.** {finding.meaning}"
        if finding.is_fault:
            st.error(sentence, icon=":material/videocam_off:")
        else:
            st.info(sentence, icon=":material/network_check:")
        st.markdown("\n".join(f"- {step}" for step in finding.steps))
        with st.container(horizontal=True):
            st.button("Read on this device", type="primary", on_click=use, args=(DEVICE,))
            st.button("Use snapshots", on_click=use, args=(SNAPSHOTS,))
            st.button("Check again", on_click=ask_for_check)
            st.button("Close", on_click=close_finding)


def use(way: str) -> None:
    """Go on with another source."""
    st.session_state[WAY] = way
    close_finding()


def choose_way(visit: LiveVisit) -> tuple[str, PictureSize]:
    """Show where pictures come from, the settings and the camera check in one row."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="live_ways"):
        way = st.segmented_control(
            "Where do pictures come from?",
            list(SOURCES.values()),
            default=first_way(),
            required=True,
            label_visibility="collapsed",
            key=WAY,
            persist_state="session",
        )
        size = choose_settings(visit)
        if way == VIDEO:
            st.button(
                "Camera trouble?",
                key="ask_camera",
                type="tertiary",
                icon=":material/help:",
                on_click=ask_for_check,
            )
    return way, size


def show_source(
    visit: LiveVisit, servers: Sequence[IceServer], way: str, size: PictureSize, run: TrainingRun
) -> bool:
    """Show the chosen source, and return whether frames may come, so that the board refreshes."""
    visit.source = SOURCE_OF_VISIT[way]
    if way == SNAPSHOTS:
        show_snapshots(visit)
        return True
    if way == DEVICE:
        others = (
            OtherSource("Use live video", partial(use, VIDEO)),
            OtherSource("Use snapshots", partial(use, SNAPSHOTS)),
        )
        is_own = reads_own_hand(run.folder)
        return show_device(visit, run, "device_camera", visit.mirrored, is_own, others)
    camera = show_camera(visit, size, servers)
    if not camera.is_playing and not camera.is_connecting:
        visit.end_stream()
    return camera.is_playing


def show_live(run: TrainingRun) -> None:
    """Show video, current letter and words.

    Raises:
        AslError: the model or a setting is broken.
    """
    sync_hand()
    with st.spinner("Loading the model …"):
        visit = this_visit(run.folder)
        suggester = shared_suggester(run)
    servers = ice_servers()
    show_style()
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="camera_side"):
        way, size = choose_way(visit)
        finding_place = st.container()
        is_running = show_source(visit, servers, way, size, run)
        show_whose_hand(run.folder, visit.spelling.is_natural)
        st.caption(f":material/shield_person: {privacy_of(way, last_admission())}")
    with right:
        keep_letter_current(visit, is_running)
    keep_words_current(visit, suggester, is_running)
    show_help(visit.spelling.is_natural)
    listen_to_keys()
    finding = check_camera(servers, watches=way == VIDEO)
    if finding is not None and way == VIDEO:
        with finding_place:
            show_finding(finding)


show_heading("Live", NATURAL_PURPOSE if is_natural_chosen() else HOLD_PURPOSE)
tell_of_unknown("speed", speed_names(), "speed")
tell_of_unknown("source", SOURCES, "videocam")
chosen = choose_model("Live spelling works")
if chosen is not None:
    try:
        show_live(chosen)
    except AslError as error:
        st.error(str(error), icon=":material/error:")
