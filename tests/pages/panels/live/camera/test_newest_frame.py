import asyncio
import threading
from fractions import Fraction

import numpy as np
import pytest

pytest.importorskip("streamlit_webrtc", reason="streamlit-webrtc is not installed")

import av
import streamlit_webrtc.relay
import streamlit_webrtc.webrtc
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from pages.panels.live.camera.webrtc_patches import (
    NewestFrameRelay,
    NewestFrameTrack,
    keep_newest_frames,
)

WAIT_S = 10


def video_frame(number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, 30)
    return frame


class Camera(MediaStreamTrack):
    """Gives what is put in; None ends it."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.frames: asyncio.Queue[av.VideoFrame | None] = asyncio.Queue()

    async def recv(self) -> av.VideoFrame:
        frame = await self.frames.get()
        if frame is None:
            self.stop()
            raise MediaStreamError
        return frame


class Processor:
    """Notes on which thread it is called, and gives another frame back."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.started = threading.Event()
        self.ended = threading.Event()
        self.calls: list[str] = []
        self.fails = False

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        self.started.set()
        self.go_on.wait(WAIT_S)
        self.calls.append(threading.current_thread().name)
        if self.fails:
            raise ValueError("no frame")
        return video_frame(-1)

    def on_ended(self) -> None:
        self.calls.append("ended")
        self.ended.set()


def run(scene) -> None:
    asyncio.run(asyncio.wait_for(scene, WAIT_S))


def test_a_frame_comes_back_processed_without_waiting_for_the_next():
    async def scene():
        camera, processor = Camera(), Processor()
        track = NewestFrameTrack(camera, processor)
        sent = video_frame(7)
        camera.frames.put_nowait(sent)
        shown = await track.recv()
        assert shown is not sent
        assert shown.pts == 7
        assert processor.calls[0].startswith("newest_frame")
        track.stop()

    run(scene())


def test_a_failing_processor_lets_the_video_go_on():
    async def scene():
        camera, processor = Camera(), Processor()
        processor.fails = True
        track = NewestFrameTrack(camera, processor)
        sent = video_frame(7)
        camera.frames.put_nowait(sent)
        assert await track.recv() is sent
        track.stop()

    run(scene())


def test_who_is_busy_gets_the_newest_frame():
    async def scene():
        camera = Camera()
        consumer = NewestFrameRelay().subscribe(camera)
        camera.frames.put_nowait(video_frame(0))
        assert (await consumer.recv()).pts == 0
        for number in range(1, 6):
            camera.frames.put_nowait(video_frame(number))
        await asyncio.sleep(0.05)
        assert (await consumer.recv()).pts == 5
        consumer.stop()
        camera.frames.put_nowait(None)
        await asyncio.sleep(0)

    run(scene())


def test_the_end_is_told_once_and_after_the_last_frame():
    async def scene():
        camera, processor = Camera(), Processor()
        track = NewestFrameTrack(camera, processor)
        processor.go_on.clear()
        camera.frames.put_nowait(video_frame(0))
        reading = asyncio.ensure_future(track.recv())
        while not processor.started.is_set():
            await asyncio.sleep(0.01)
        track.stop()
        track.stop()
        assert processor.calls == []
        processor.go_on.set()
        await reading
        while not processor.ended.is_set():
            await asyncio.sleep(0.01)
        assert len(processor.calls) == 2
        assert processor.calls[1] == "ended"
        with pytest.raises(MediaStreamError):
            await track.recv()

    run(scene())


def test_the_end_of_the_camera_ends_the_video():
    async def scene():
        camera, processor = Camera(), Processor()
        track = NewestFrameTrack(camera, processor)
        camera.frames.put_nowait(None)
        with pytest.raises(MediaStreamError):
            await track.recv()
        assert track.readyState == "ended"
        while not processor.ended.is_set():
            await asyncio.sleep(0.01)

    run(scene())


def test_streamlit_webrtc_uses_them(monkeypatch):
    monkeypatch.setattr(streamlit_webrtc.relay, "MediaRelay", streamlit_webrtc.relay.MediaRelay)
    own = streamlit_webrtc.webrtc.AsyncVideoProcessTrack
    monkeypatch.setattr(streamlit_webrtc.webrtc, "AsyncVideoProcessTrack", own)
    keep_newest_frames()
    relay = streamlit_webrtc.relay.MediaRelay()
    track = streamlit_webrtc.webrtc._wrap_with_processor(
        Camera(), Processor(), async_processing=True, relay=relay
    )
    assert isinstance(track, NewestFrameTrack)
    track.stop()
