"""Spelling without video: a picture each second, or on a tap, through the same pipeline."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import streamlit as st

from asl_core import images
from asl_core.alphabet import MOTION_LETTERS, NOTHING
from asl_core.errors import ImageError, TranscriptError
from asl_core.images import Frame
from asl_core.letters.prediction import ScoredLabel
from asl_core.live.visit import LiveVisit
from pages.panels.browser import BUTTON_CSS, browser_script
from pages.panels.frame.page_parts import as_jpeg

_KEY = "snapshot_camera"
_READ = "snapshot_camera_read"
_PREFIX = "data:image/jpeg;base64,"

_HTML = """
<video autoplay playsinline muted aria-label="Your camera"></video>
<div class="row">
  <button type="button" class="take main">Read this picture</button>
  <label class="file">Take or choose a picture
    <input type="file" accept="image/*" capture="user"></label>
  <span role="status"></span>
</div>
"""

_CSS = (
    BUTTON_CSS
    + """
video { width: 100%; border-radius: 0.6rem; background: #0b0e16; margin-bottom: 0.5rem; }
[hidden] { display: none; }
.file {
  cursor: pointer; font-size: 0.875rem; padding: 0.5rem 0.75rem;
  border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius, 0.6rem);
}
.file:hover, .file:focus-within {
  color: var(--st-primary-color); border-color: var(--st-primary-color);
}
.file input { position: absolute; width: 1px; height: 1px; opacity: 0; }
"""
)

_mount = st.components.v2.component(
    "asl_snapshot_camera",
    html=_HTML,
    css=_CSS,
    js=browser_script("snapshot_camera"),
)


@dataclass(frozen=True)
class Snapshot:
    """One picture from the visitor, and whether a tap sent it or the clock."""

    frame: Frame
    by_hand: bool


def take_snapshot(seconds: float | None, mirrored: bool) -> Snapshot | None:
    """Show the camera and return the picture that came in this very run, None without one.

    With `seconds` the browser sends a picture as often, and another only once the last was read;
    with None it waits for taps.

    Raises:
        ImageError: what came is no picture.
    """
    result = _mount(
        key=_KEY,
        data={"seconds": seconds, "mirrored": mirrored, "read": st.session_state.get(_READ, 0)},
        on_picture_change=_note_number,
    )
    sent = result.get("picture")
    return None if sent is None else read_snapshot(sent)


def read_snapshot(sent: Any) -> Snapshot:
    """Decode what the browser sent.

    Raises:
        ImageError: it is no picture.
    """
    picture = sent.get("picture") if isinstance(sent, dict) else None
    if not isinstance(picture, str) or not picture.startswith(_PREFIX):
        raise ImageError("The browser sent something that is no JPEG picture.")
    if len(picture) > images.MAX_BYTES:
        raise ImageError(f"The snapshot has {len(picture)} characters, which is too long.")
    try:
        data = base64.b64decode(picture.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ImageError("The snapshot was damaged on its way.") from None
    return Snapshot(images.decode(data, "snapshot"), bool(sent.get("by_hand")))


def _note_number() -> None:
    """Tell the browser in this same run that its picture is being read."""
    known = st.session_state.get(_KEY)
    sent = known.get("picture") if known else None
    if isinstance(sent, dict) and isinstance(sent.get("number"), int):
        st.session_state[_READ] = sent["number"]


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
    st.caption("Snapshots need no video connection. J and Z are movements and need video.")


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
