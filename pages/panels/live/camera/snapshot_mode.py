"""Spelling without video: a picture each second, or on a tap, through the same pipeline."""

import streamlit as st

from asl_core.alphabet import MOTION_LETTERS, NOTHING
from asl_core.errors import ImageError, TranscriptError
from asl_core.letters.prediction import ScoredLabel
from asl_core.live.visit import LiveVisit
from pages.panels.browser.snapshot_camera import Snapshot, take_snapshot
from pages.panels.frame.page_parts import as_jpeg

PACES: dict[str, float | None] = {"Each second": 1.0, "Twice a second": 0.5, "On a tap": None}
_SHOWN_SIDE = 480


def show_snapshots(visit: LiveVisit) -> None:
    """Show the camera for single pictures; only this part runs again when a picture comes."""
    pace = st.segmented_control(
        "A picture",
        list(PACES),
        default="Each second",
        required=True,
        key="snapshot_pace",
        persist_state="session",
        help="By the clock a letter counts once pictures agree for as long as it must be held. "
        "A tap reads one picture and writes its letter at once.",
    )
    st.fragment(_show_snapshots)(visit, PACES[pace])
    st.caption(
        "Snapshots need no video connection. J and Z are movements and need live video; the "
        "pictures are read in this app's memory and never stored. On a slow line the "
        "[plain camera page](camera) does the same with less traffic."
    )


def _show_snapshots(visit: LiveVisit, seconds: float | None) -> None:
    try:
        snapshot = take_snapshot(seconds, visit.mirrored)
    except ImageError as error:
        st.error(str(error), icon=":material/broken_image:")
        return
    if snapshot is not None:
        st.session_state["last_snapshot"] = read_picture(visit, snapshot)
    sentence, picture = st.session_state.get("last_snapshot", ("", None))
    if picture is not None:
        st.image(picture, width=320, caption=sentence or None, alt="The last picture and its marks")


def read_picture(visit: LiveVisit, snapshot: Snapshot) -> tuple[str, bytes]:
    """Read a picture into the visitor's words; return a sentence and the marked picture as JPEG."""
    if snapshot.by_hand:
        visit.reset_hand()
    shown = visit.on_frame(snapshot.frame, "pictures")
    picture = as_jpeg(shown, _SHOWN_SIDE)
    state = visit.snapshot()
    best = state.top[0] if state is not None and state.top else None
    if not snapshot.by_hand:
        return (_sentence(best), picture)
    visit.reset_hand()
    return (write_letter(visit, best), picture)


def write_letter(visit: LiveVisit, best: ScoredLabel | None) -> str:
    """Write what one tapped picture shows, if it is sure, and return what was done."""
    if best is None:
        return _sentence(None)
    if best.confidence < visit.rejection_threshold:
        return f"Not sure: {best.label} with {best.confidence:.0%}; nothing was written."
    if best.label in MOTION_LETTERS:
        return f"{best.label} is a movement; a picture cannot show it."
    if best.label == NOTHING:
        return _sentence(None)
    if best.label in ("space", "del"):
        (visit.type_space if best.label == "space" else visit.delete)()
        return f"Done: {best.label}."
    try:
        visit.type_letter(best.label)
    except TranscriptError as error:
        return str(error)
    return f"Wrote {best.label}, {best.confidence:.0%} sure."


def _sentence(best: ScoredLabel | None) -> str:
    if best is None:
        return "No hand found in this picture."
    return f"{best.label}, {best.confidence:.0%} sure"
