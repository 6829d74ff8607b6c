"""Video over a real WebRTC connection within this process: aiortc is the browser and the server.

Between them stands what streamlit-webrtc makes of an offer, with the parts that this app replaces,
and a visit with a made-up detector.
"""

import asyncio
import time
from types import SimpleNamespace

import av
import numpy as np
import pytest
import streamlit_webrtc.relay
import streamlit_webrtc.webrtc
from aiortc import RTCPeerConnection, VideoStreamTrack
from aiortc.mediastreams import MediaStreamError
from streamlit_webrtc import WebRtcMode
from streamlit_webrtc.models import CallbackAttachableProcessor

from asl_core.drawing.overlay import BOX_COLOUR, HELD_COLOUR
from asl_core.frame_pipeline import FramePipeline
from asl_core.frame_speller import StreamReader
from asl_core.letters.prediction import LetterPrediction
from asl_core.live.visit import LiveVisit
from asl_core.spelling.settings import FAST
from pages.panels.live.camera.camera_stream import FrameReader
from pages.panels.live.camera.webrtc_patches import NewestFrameTrack, patch_webrtc

WAIT_S = 30
SIZE = (320, 240)


class Webcam(VideoStreamTrack):
    """Plain red frames, as fast as aiortc's clock for made-up video asks for them."""

    async def recv(self) -> av.VideoFrame:
        picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        picture[..., 0] = 100
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = await self.next_timestamp()
        return frame


@pytest.fixture
def detector(colour_pipeline):
    """Sees a hand in every frame and counts how often it was opened and closed."""
    hand = colour_pipeline.detector.detect(np.full((4, 4, 3), 100, np.uint8))
    made = SimpleNamespace(opened=0, closed=0, detect=lambda frame, timestamp_ms: hand)

    def close() -> None:
        made.closed += 1

    made.close = close
    return made


@pytest.fixture
def visit(colour_pipeline, detector) -> LiveVisit:
    """Reads every hand as A: the codec changes the colours that the pipeline goes by."""
    shares = np.array([0.9, 0.06, 0.04], np.float32)
    recognizer = SimpleNamespace(
        preprocessing=colour_pipeline.recognizer.preprocessing,
        recognize=lambda hands: [LetterPrediction(("A", "B", "J"), shares) for _ in hands],
    )
    pipeline = FramePipeline(detector, recognizer)

    def open_stream(source: str) -> StreamReader:
        detector.opened += 1
        return StreamReader(pipeline)

    return LiveVisit(open_stream, 0.5, FAST)


@pytest.fixture(autouse=True)
def loopback(monkeypatch):
    """Connect within the machine: aiortc leaves 127.0.0.1 out, and there may be no other."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


async def answered(visit: LiveVisit, client: RTCPeerConnection) -> RTCPeerConnection:
    """Answer the client's offer as the page does, with frames that go through `visit`."""
    patch_webrtc()
    server, made = RTCPeerConnection(), []
    await client.setLocalDescription(await client.createOffer())
    answer = await streamlit_webrtc.webrtc._process_offer_coro(
        WebRtcMode.SENDRECV,
        server,
        client.localDescription,
        relay=streamlit_webrtc.relay.MediaRelay(),
        source_video_track=None,
        source_audio_track=None,
        sink_video_track=None,
        sink_audio_track=None,
        in_recorder=None,
        out_recorder=None,
        video_processor=CallbackAttachableProcessor(
            frame_callback=FrameReader(visit),
            queued_frames_callback=None,
            ended_callback=visit.end_stream,
        ),
        audio_processor=None,
        video_receiver=None,
        audio_receiver=None,
        async_processing=True,
        sendback_video=True,
        sendback_audio=False,
        on_track_created=lambda kind, track: made.append(track),
        remote_description_set_event=asyncio.Event(),
    )
    assert any(isinstance(track, NewestFrameTrack) for track in made)
    await client.setRemoteDescription(answer)
    return server


async def until(condition) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def share_near(picture: np.ndarray, colour: tuple[int, int, int]) -> float:
    """Return the share of pixels that show a colour, as far as the codec keeps it."""
    distance = np.abs(picture.astype(int) - colour).max(axis=2)
    return float((distance < 40).mean())


def test_video_goes_there_and_comes_back_with_its_marks(visit, detector):
    async def scene():
        client, shown = RTCPeerConnection(), []
        client.addTrack(Webcam())

        @client.on("track")
        async def watch(track):
            while True:
                try:
                    shown.append((await track.recv()).to_ndarray(format="rgb24"))
                except MediaStreamError:
                    return

        server = await answered(visit, client)
        try:
            await until(lambda: visit.transcript.text == "A")
            await until(lambda: len(shown) > 10)
            snapshot = visit.snapshot()
            assert (snapshot.error, snapshot.top[0].label) == (None, "A")
            assert snapshot.frames > 5
            assert shown[-1].shape == (SIZE[1], SIZE[0], 3)
            marks = (BOX_COLOUR, HELD_COLOUR)
            assert max(share_near(shown[-1], colour) for colour in marks) > 0.005
            await client.close()
            await until(lambda: detector.closed == 1)
            assert not visit.is_open
            assert visit.transcript.text == "A", "the words outlive the stream"
        finally:
            await client.close()
            await server.close()

    asyncio.run(asyncio.wait_for(scene(), 2 * WAIT_S))


def test_a_second_start_opens_a_camera_again(visit, detector):
    async def scene():
        for number in (1, 2):
            client = RTCPeerConnection()
            client.addTrack(Webcam())
            server = await answered(visit, client)
            try:
                await until(lambda: visit.is_open)
                visit.end_stream()  # the page, when it learns of Stop before the stream does
                await client.close()
                await until(lambda: detector.opened == detector.closed)
                assert not visit.is_open
                assert detector.opened >= number
            finally:
                await client.close()
                await server.close()

    asyncio.run(asyncio.wait_for(scene(), 3 * WAIT_S))
