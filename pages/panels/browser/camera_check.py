"""The camera check, and what it found in plain words: which it is, and what to do.

It runs by itself when Start leads to no picture, and when it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.panels.browser import browser_script
from pages.panels.live.camera.ice_servers import IceServer


@dataclass(frozen=True)
class CameraFinding:
    """Why no picture comes: a short title, what it means, and steps to take.

    `is_fault` is False where camera and browser are fine as far as a browser can tell.
    """

    title: str
    meaning: str
    steps: tuple[str, ...]
    is_fault: bool = True


_SNAPSHOTS = (
    "Or read on this device: the browser finds the hand itself and needs no video connection. "
    "Snapshots need none either."
)

FINDINGS: dict[str, CameraFinding] = {
    "not_secure": CameraFinding(
        "This page has no HTTPS",
        "Browsers hand out the camera only to pages with HTTPS, or on the machine itself "
        "(localhost). {detail} is neither.",
        (
            "On this machine: open http://localhost instead, with the same port.",
            "From another device: put the app behind HTTPS, as docs/live.md shows.",
            "Or use snapshots: the phone's own camera app takes the picture.",
        ),
    ),
    "no_media_devices": CameraFinding(
        "This browser gives no access to cameras",
        "It has no camera interface, or an embedding page or a company setting switched it off.",
        ("Open the page in a current Chrome, Edge, Firefox or Safari, not inside another app.",),
    ),
    "refused": CameraFinding(
        "The camera was refused",
        "The browser or the system did not allow this page to use the camera.",
        (
            "Click the camera or lock sign beside the address, allow the camera, reload the page.",
            "On a phone: system settings, apps, your browser, permissions, camera.",
            "On a Mac: System Settings, Privacy & Security, Camera.",
        ),
    ),
    "no_camera": CameraFinding(
        "No camera was found",
        "The browser sees no camera on this device.",
        (
            "Plug a camera in, or open its cover or switch, then press Start again.",
            "Or use snapshots with a picture file, or open the page on a phone.",
        ),
    ),
    "in_use": CameraFinding(
        "The camera is in use",
        "Another program or tab holds the camera, or its driver does not answer.",
        ("Close video calls and other tabs with the camera, then press Start again.",),
    ),
    "no_webrtc": CameraFinding(
        "This browser has no WebRTC",
        "Camera and browser are fine otherwise, but live video needs WebRTC.",
        ("Switch WebRTC on in the browser's settings or extensions.", _SNAPSHOTS),
    ),
    "webrtc_blocked": CameraFinding(
        "WebRTC is blocked",
        "The camera works, but the browser offers no way for a video connection: a privacy "
        "extension, a setting or a company rule blocks it.",
        ("Allow WebRTC for this page, or try without extensions.", _SNAPSHOTS),
    ),
    "turn_silent": CameraFinding(
        "The relay does not answer",
        "The camera works, but the TURN server of this installation gave no relay address: it is "
        "not reachable from here, or its username and credential are refused.",
        ("Whoever runs this app checks the TURN settings with docs/live.md.", _SNAPSHOTS),
    ),
    "network_no_turn": CameraFinding(
        "A firewall may block the video",
        "The camera works. If the video still does not come, no direct way leads from this browser "
        "to the server, and this installation has no TURN server to go around.",
        (
            "Try another network, such as a phone's.",
            "Or set a TURN server (docs/live.md).",
            _SNAPSHOTS,
        ),
        is_fault=False,
    ),
    "playing": CameraFinding(
        "The video runs",
        "Camera and connection work.",
        ("If the picture stands still or is slow, press Stop and Start once more.",),
        is_fault=False,
    ),
    "ready": CameraFinding(
        "The camera works",
        "This browser may use the camera and could make a video connection.",
        ("Press Start.", "If no picture comes within 15 seconds, this check runs again by itself."),
        is_fault=False,
    ),
    "network": CameraFinding(
        "Camera and network look fine",
        "The camera works and the relay answers. If the video still does not come, the server "
        "itself cannot reach the relay or is too busy.",
        ("Press Stop and Start once more.", _SNAPSHOTS),
        is_fault=False,
    ),
    "other": CameraFinding(
        "The camera did not start",
        "The browser says: {detail}",
        ("Reload the page and press Start again.", _SNAPSHOTS),
    ),
}
"""By the code that `browser/camera_check.js` sends."""


def finding_of(sent: Any) -> CameraFinding | None:
    """Read what the browser sent, None where it is nothing that is known."""
    if not isinstance(sent, dict) or sent.get("code") not in FINDINGS:
        return None
    finding = FINDINGS[sent["code"]]
    detail = " ".join(str(sent.get("detail") or "this address").split())[:120]
    meaning = finding.meaning.replace("{detail}", detail)
    return CameraFinding(finding.title, meaning, finding.steps, finding.is_fault)


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
