"""A camera without WebRTC: the browser sends single pictures the ordinary way."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import streamlit as st

from asl_core import images
from asl_core.errors import ImageError
from asl_core.images import Frame
from pages.panels.browser import browser_script
from pages.panels.browser.text_tools import BUTTON_CSS

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
