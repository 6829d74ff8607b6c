"""The video on the page: WebRTC there and back, each frame through the visitor's visit."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import av
import numpy as np
from streamlit_webrtc import WebRtcMode, webrtc_streamer

from asl_core.images import Frame
from pages.panels.live.camera.ice_servers import IceServer
from pages.panels.live.camera.webrtc_patches import patch_webrtc

FRAMES_PER_SECOND = 30
CAMERA = "live_camera"
"""Key of the video on the page."""

_VIDEO_STYLE = {"width": "100%", "borderRadius": "0.6rem", "background": "#0b0e16"}


@dataclass(frozen=True)
class PictureSize:
    """Size in pixels that the camera is asked for; it may give another one."""

    width: int
    height: int

    @property
    def label(self) -> str:
        """Such as `640 × 480`."""
        return f"{self.width} × {self.height}"


SIZES: tuple[PictureSize, ...] = (PictureSize(640, 480), PictureSize(1280, 720))
"""The first is the default: it costs the least, and the hand needs no more."""


@dataclass(frozen=True)
class CameraState:
    """How far the connection is: asked for (`is_connecting`), or video runs (`is_playing`)."""

    is_connecting: bool
    is_playing: bool


class FrameTaker(Protocol):
    """Who takes the frames of a camera, from any thread: a LiveVisit, or a LessonVisit."""

    def on_frame(self, frame: Frame, source: Literal["video"], receive_ms: float) -> Frame:
        """Look at an RGB uint8 `(H, W, 3)` Frame and return it as the visitor sees it."""

    def end_stream(self) -> None:
        """Free what a camera needs; idempotent."""


def show_camera(
    visit: FrameTaker, size: PictureSize, servers: Sequence[IceServer], key: str = CAMERA
) -> CameraState:
    """Show the video with its start button; frames go through `visit` while it plays.

    `key` tells the video of one page from that of another.

    Each frame is read by a thread of its own, which always takes the newest one: frames that came
    meanwhile are left out, so that the picture never falls behind.
    """
    patch_webrtc()
    context = webrtc_streamer(
        key=key,
        mode=WebRtcMode.SENDRECV,
        rtc_configuration={"iceServers": [server.as_json() for server in servers]},
        media_stream_constraints={
            "audio": False,
            "video": {
                "width": {"ideal": size.width},
                "height": {"ideal": size.height},
                "frameRate": {"ideal": FRAMES_PER_SECOND},
                "facingMode": "user",
            },
        },
        video_frame_callback=FrameReader(visit),
        on_video_ended=visit.end_stream,
        async_processing=True,
        video_html_attrs={
            "autoPlay": True,
            "playsInline": True,
            "muted": True,
            "controls": False,
            "style": _VIDEO_STYLE,
        },
        media_toggle_controls=False,
        translations={"select_device": "Choose camera"},
    )
    return CameraState(context.state.signalling, context.state.playing)


class FrameReader:
    """Takes each video frame through a visit, on the video's own thread."""

    def __init__(self, visit: FrameTaker) -> None:
        self._visit = visit

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return the frame with its marks, in its own size."""
        started = time.perf_counter()
        picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
        receive_ms = (time.perf_counter() - started) * 1e3
        shown = self._visit.on_frame(picture, "video", receive_ms)
        return av.VideoFrame.from_ndarray(shown, format="rgb24")
