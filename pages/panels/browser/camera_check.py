"""The camera check: runs by itself when Start leads to no picture, and when it is asked for."""

from collections.abc import Sequence

import streamlit as st

from pages.panels.browser import browser_script
from pages.panels.live.camera.camera_findings import CameraFinding, finding_of
from pages.panels.live.camera.ice_servers import IceServer

_KEY = "camera_check"
_ASKED = "camera_check_asked"
_CLOSED = "camera_check_closed"

_mount = st.components.v2.component("asl_camera_check", js=browser_script("camera_check"))


def ask_for_check() -> None:
    """Have the check run in this run of the page; for a button's `on_click`."""
    st.session_state[_ASKED] = st.session_state.get(_ASKED, 0) + 1


def close_finding() -> None:
    """Take the finding off the page."""
    known = st.session_state.get(_KEY)
    sent = known.get("finding") if known else None
    st.session_state[_CLOSED] = sent.get("number") if isinstance(sent, dict) else None


def check_camera(servers: Sequence[IceServer], watches: bool) -> CameraFinding | None:
    """Watch the video with `watches`, and return what the last check found, None without one."""
    result = _mount(
        key=_KEY,
        data={
            "asked": st.session_state.get(_ASKED, 0),
            "watches": watches,
            "servers": [server.as_json() for server in servers],
        },
        default={"finding": None},
        on_finding_change=_nothing,
        height=1,
    )
    sent = result.get("finding")
    if isinstance(sent, dict) and sent.get("number") == st.session_state.get(_CLOSED, 0):
        return None
    return finding_of(sent)


def _nothing() -> None:
    """A state of a component needs a callback, even where the run itself reads the value."""
