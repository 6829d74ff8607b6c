"""The camera that the visitor's browser reads, as the source of a page."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from asl_core.errors import AslError
from asl_core.live.device_visits import FeedableVisit
from asl_core.records.training_run import TrainingRun
from pages.panels.browser.device_camera import show_device_camera
from pages.panels.live.visitor import admitted

_UNABLE = ("old", "assets", "slow")
"""Troubles of a browser or device that will not pass."""


@dataclass(frozen=True)
class OtherSource:
    """Another source that a page offers where this one cannot go on: such as `Use snapshots`."""

    label: str
    use: Callable[[], None]


def show_device(
    visit: FeedableVisit,
    run: TrainingRun,
    key: str,
    mirrored: bool = True,
    compares_hands: bool = False,
    others: tuple[OtherSource, ...] = (),
) -> bool:
    """Show the camera that the browser reads itself, and return whether it does.

    With `compares_hands` the browser also sends the features that a taught hand is compared by.
    `key` tells the camera of one page from that of another.
    """
    try:
        admission = admitted(visit, run, compares_hands)
    except AslError as error:
        st.info(
            f"This model cannot be read on your device: {error} The other sources work.",
            icon=":material/devices_off:",
        )
        return False
    camera = show_device_camera(admission, run.name, mirrored, key)
    if camera.trouble in _UNABLE and others:
        with st.container(horizontal=True, key="device_offers"):
            for other in others:
                st.button(other.label, on_click=other.use)
    if not camera.is_running:
        visit.end_device()
    return camera.is_running
