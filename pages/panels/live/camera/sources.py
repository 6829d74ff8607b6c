"""Where frames come from: the three sources, which is first, and what leaves the device in each."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from asl_core.errors import SettingsError

if TYPE_CHECKING:
    from asl_core.live.camera_slot import Source
    from asl_core.live.device_visits import DeviceVisit, FeedableVisit

VIDEO, DEVICE, SNAPSHOTS = "Live video", "On this device", "Snapshots"

SOURCES: dict[str, str] = {"video": VIDEO, "device": DEVICE, "snapshots": SNAPSHOTS}
"""Name in an address or setting -> name on the page."""

SOURCE_OF_VISIT: "dict[str, Source]" = {VIDEO: "video", DEVICE: "device", SNAPSHOTS: "pictures"}

VARIABLE = "ASL_LIVE_SOURCE"
"""Environment variable that names the source the live page opens with."""

PRIVACY: dict[str, str] = {
    VIDEO: "Your camera's video goes to this app's server, is read in its memory and comes back "
    "with its marks; nothing of it is stored.",
    DEVICE: "No picture leaves this device. What goes to the server: the 21 points of your hand, "
    "which hand it is, how likely each letter is, how bright the picture is; 400 bytes a frame.",
    SNAPSHOTS: "Single pictures go to this app's server, are read in its memory and never stored.",
}
"""What leaves the device, by source."""


COMPARED = (
    " So that your own hand is known, also the {count} numbers by which the network compares "
    "pictures of hands: {kilobytes:.1f} KB a frame in all."
)
"""What else leaves the device where a taught hand is read with."""


def privacy_of(way: str, admission: "DeviceVisit[FeedableVisit] | None" = None) -> str:
    """Say what leaves the device with a source, by its name on the page.

    `admission` is that of the browser that reads its own camera, None where it has none.
    """
    count = admission.feature_count if admission is not None else 0
    if way != DEVICE or admission is None or not count:
        return PRIVACY[way]
    # Late: the setting of the first source is checked before a model is loaded.
    from asl_core.live.device_message import hand_message_bytes

    size = hand_message_bytes(len(admission.model.classes), count)
    return PRIVACY[way] + COMPARED.format(count=count, kilobytes=size / 1000)


def first_source(asked: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the source that the address asks for, else the setting's, else live video.

    Raises:
        SettingsError: the setting names none.
    """
    if asked is not None and asked.lower() in SOURCES:
        return SOURCES[asked.lower()]
    setting = environment.get(VARIABLE, "").strip().lower()
    if not setting:
        return VIDEO
    if setting not in SOURCES:
        raise SettingsError(f"{VARIABLE} is {setting!r}; known are {', '.join(SOURCES)}.")
    return SOURCES[setting]
