"""The camera that the visitor's own browser reads; only what it finds comes to the server."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from asl_core.live.device_visits import DeviceVisit, FeedableVisit
from pages.panels.browser import browser_script

TROUBLES = ("old", "assets", "camera", "slow", "server")

_mount = st.components.v2.component(
    "asl_device_camera", html='<div class="place"></div>', js=browser_script("device_camera")
)


@dataclass(frozen=True)
class DeviceCamera:
    """Whether the browser reads frames, and its trouble: one of TROUBLES, or "" where all is well.

    The browser itself shows what the trouble is.
    """

    is_running: bool = False
    trouble: str = ""


def show_device_camera(
    admitted: DeviceVisit[FeedableVisit], run: str, mirrored: bool, key: str
) -> DeviceCamera:
    """Show the camera with its start button; what the browser finds goes to the admitted visit."""
    result = _mount(
        key=key,
        data={"model": run, "token": admitted.token, "mirrored": mirrored},
        default={"camera": None},
        on_camera_change=_nothing,
    )
    return read_state(result.get("camera"))


def read_state(sent: Any) -> DeviceCamera:
    """Read what the browser sent; what is not known counts as a camera at rest."""
    if not isinstance(sent, dict):
        return DeviceCamera()
    code = sent.get("code")
    return DeviceCamera(sent.get("running") is True, code if code in TROUBLES else "")


def _nothing() -> None:
    """A state of a component needs a callback, even where the run itself reads the value."""
