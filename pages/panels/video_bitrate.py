"""Keeps the video at the size that was asked for, both ways."""

from aiortc.codecs import CODECS, vpx

START_KBIT = 1500
"""Bitrate with which both sides begin; Chrome's own 300 kbit/s shrinks 640x480 to 480x360."""

MAX_KBIT = 4000
"""Most that the server sends; aiortc's own limit of 1500 blurs 1280x720."""

_START = "x-google-start-bitrate"


def hold_picture_size() -> None:
    """Let browsers and this server start at START_KBIT; once for a process, often does no harm.

    Browsers read the bitrate from the answer's codec parameters, aiortc from its module.
    """
    for codec in CODECS["video"]:
        if codec.mimeType.lower() == "video/vp8":
            codec.parameters[_START] = START_KBIT
    vpx.DEFAULT_BITRATE = START_KBIT * 1000
    vpx.MAX_BITRATE = MAX_KBIT * 1000
