"""What is replaced in aiortc and streamlit-webrtc, and that nothing is where it does not fit."""

import asyncio
import logging
import random
import sys
import threading
from fractions import Fraction
from types import ModuleType

import aiortc.codecs
import aiortc.rtcrtpreceiver
import av
import numpy as np
import pytest
import streamlit_webrtc.relay
import streamlit_webrtc.webrtc
from aiortc import MediaStreamTrack
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket

from pages.panels.live.camera import webrtc_patches
from pages.panels.live.camera.webrtc_patches import (
    PATCHES,
    NewestFrameRelay,
    NewestFrameTrack,
    apply_if_it_fits,
    patch_webrtc,
    prompt_jitter_buffer,
)

WAIT_S = 10


def video_frame(number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, 30)
    return frame


class Camera(MediaStreamTrack):
    """Yields what is put in; None ends it."""

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
    asyncio.run(asyncio.wait_for(scene, 2 * WAIT_S))


async def until(event: threading.Event) -> None:
    """Wait for what another thread does, without holding the loop and not for ever."""
    happened = await asyncio.to_thread(event.wait, WAIT_S)
    assert happened, "it did not happen in time"


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
        await until(processor.started)
        track.stop()
        track.stop()
        assert processor.calls == []
        processor.go_on.set()
        await reading
        await until(processor.ended)
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
        await until(processor.ended)

    run(scene())


FIRST = 65533
"""Sequence number of the first packet: the count starts over soon after it."""


def packet(number: int, timestamp: int, data: bytes, marker: int = 0) -> RtpPacket:
    made = RtpPacket(sequence_number=(FIRST + number) % 65536, timestamp=timestamp, marker=marker)
    made._data = data
    return made


def film(frames: int, parts: int = 3) -> list[RtpPacket]:
    """Frames of `parts` packets each, the last one marked; its data names frame and part."""
    return [
        packet(
            frame * parts + part,
            3000 * frame,
            f"{frame}.{part} ".encode(),
            marker=int(part == parts - 1),
        )
        for frame in range(frames)
        for part in range(parts)
    ]


def whole(frame: int, parts: int = 3) -> tuple[bytes, int]:
    return b"".join(f"{frame}.{part} ".encode() for part in range(parts)), 3000 * frame


@pytest.fixture
def buffer() -> JitterBuffer:
    made: JitterBuffer = prompt_jitter_buffer()(capacity=32, is_video=True)
    return made


def given(buffer: JitterBuffer, packets: list[RtpPacket]) -> list[tuple[bytes, int] | None]:
    frames = [buffer.add(each)[1] for each in packets]
    return [None if frame is None else (frame.data, frame.timestamp) for frame in frames]


def test_a_frame_is_given_with_its_last_packet(buffer):
    expected = [None, None, whole(0), None, None, whole(1), None, None, whole(2)]
    assert given(buffer, film(3)) == expected


def test_aiortc_itself_waits_for_the_next_frame():
    """Once this fails, the buffer here has done its duty and can go."""
    assert given(JitterBuffer(capacity=32, is_video=True), film(1)) == [None] * 3


def test_frames_of_one_packet_are_given_at_once(buffer):
    assert given(buffer, film(40, parts=1)) == [whole(frame, 1) for frame in range(40)]


def test_a_late_packet_completes_its_frame_and_the_order_stays(buffer):
    packets = film(3)
    late = [packets[0], packets[2], packets[3], packets[1], *packets[4:]]
    frames = [frame for frame in given(buffer, late) if frame is not None]
    assert frames == [whole(0), whole(1), whole(2)]
    assert given(prompt_jitter_buffer()(32, is_video=True), late)[3] == whole(0)


def test_a_frame_without_its_marker_is_given_with_the_next_one(buffer):
    packets = film(2)
    packets[2].marker = 0
    assert given(buffer, packets) == [None, None, None, whole(0), None, whole(1)]


def test_a_packet_that_comes_twice_is_no_frame(buffer):
    packets = film(2)
    frames = given(buffer, [*packets[:3], packets[2], packets[1], *packets[3:]])
    assert [frame for frame in frames if frame is not None] == [whole(0), whole(1)]


def test_padding_after_a_frame_is_no_frame(buffer):
    padding = [packet(number, 0, b"") for number in (3, 4)]
    after = [packet(number, 3000, b"x", marker=int(number == 6)) for number in (5, 6)]
    frames = given(buffer, [*film(1), *padding, *after])
    assert frames == [None, None, whole(0), None, None, None, (b"xx", 3000)]


def test_a_lost_packet_asks_for_a_new_picture_once_the_buffer_is_full(buffer):
    packets = film(20)
    del packets[4]
    answers = [buffer.add(each) for each in packets]
    assert any(is_asked for is_asked, _ in answers)
    frames = [frame.timestamp // 3000 for _, frame in answers if frame is not None]
    assert frames[0] == 0
    assert 1 not in frames
    assert frames == sorted(frames)
    assert frames[-1] == 19


@pytest.mark.parametrize("seed", range(20))
def test_no_order_of_packets_tears_a_frame(seed):
    """Packets may overtake each other by a few places: every frame comes once, whole, in order."""
    lot = random.Random(seed)
    packets = film(60, parts=lot.choice([1, 2, 5]))
    first, rest = packets[0], packets[1:]
    rest.sort(key=lambda each: (each.sequence_number - FIRST) % 65536 + lot.uniform(0, 4))
    frames = given(prompt_jitter_buffer()(capacity=128, is_video=True), [first, *rest])
    parts = len(packets) // 60
    came = [frame for frame in frames if frame is not None]
    assert came == [whole(frame, parts) for frame in range(len(came))]
    assert len(came) >= 56


def test_sound_is_left_to_aiortc():
    ours = prompt_jitter_buffer()(capacity=16, prefetch=4)
    theirs = JitterBuffer(capacity=16, prefetch=4)
    assert given(ours, film(8, parts=1)) == given(theirs, film(8, parts=1))


@pytest.fixture
def unpatched(monkeypatch):
    """Put the libraries' own parts in place for a test, whatever ran before, and back again."""
    from aiortc.contrib.media import MediaRelay
    from streamlit_webrtc.process import AsyncVideoProcessTrack

    monkeypatch.setattr(streamlit_webrtc.relay, "MediaRelay", MediaRelay)
    monkeypatch.setattr(streamlit_webrtc.webrtc, "AsyncVideoProcessTrack", AsyncVideoProcessTrack)
    monkeypatch.setattr(aiortc.rtcrtpreceiver, "JitterBuffer", JitterBuffer)
    monkeypatch.setattr(aiortc.codecs.vpx, "DEFAULT_BITRATE", 500_000)
    monkeypatch.setattr(aiortc.codecs.vpx, "MAX_BITRATE", 1_500_000)
    monkeypatch.delitem(vp8().parameters, "x-google-start-bitrate", raising=False)
    patch_webrtc.cache_clear()
    yield
    patch_webrtc.cache_clear()


def vp8():
    (codec,) = (c for c in aiortc.codecs.CODECS["video"] if c.mimeType == "video/VP8")
    return codec


def in_use() -> tuple[object, ...]:
    return (
        streamlit_webrtc.relay.MediaRelay,
        streamlit_webrtc.webrtc.AsyncVideoProcessTrack,
        aiortc.rtcrtpreceiver.JitterBuffer,
        aiortc.codecs.vpx.DEFAULT_BITRATE,
        aiortc.codecs.vpx.MAX_BITRATE,
        dict(vp8().parameters),
    )


class _Transport:
    state = "new"


def test_every_patch_fits_the_installed_libraries(unpatched, caplog):
    """Where this fails a library was upgraded: look at its patch again."""
    patch_webrtc()
    assert caplog.messages == []


def test_the_libraries_use_what_was_put_there(unpatched):
    patch_webrtc()
    relay = streamlit_webrtc.relay.MediaRelay()
    track = streamlit_webrtc.webrtc._wrap_with_processor(
        Camera(), Processor(), async_processing=True, relay=relay
    )
    assert isinstance(relay, NewestFrameRelay)
    assert isinstance(track, NewestFrameTrack)
    track.stop()
    receiver = aiortc.rtcrtpreceiver.RTCRtpReceiver("video", _Transport())
    buffer = receiver._RTCRtpReceiver__jitter_buffer
    assert type(buffer).__name__ == "PromptJitterBuffer"
    assert buffer.capacity >= 128
    assert aiortc.codecs.Vp8Encoder().target_bitrate == 1_500_000
    assert vp8().parameters["x-google-start-bitrate"] == 1500


def test_it_is_done_once_for_a_process(unpatched):
    patch_webrtc()
    first = in_use()
    patch_webrtc()
    assert in_use() == first


@pytest.mark.parametrize("patch", PATCHES, ids=[patch.apply.__name__ for patch in PATCHES])
@pytest.mark.parametrize("installed", ["0.80.0", "1.17.0", "2.0", "1.160.0"])
def test_another_version_stays_as_it_is(unpatched, monkeypatch, caplog, patch, installed):
    monkeypatch.setattr(webrtc_patches, "version", lambda library: installed)
    before = in_use()
    with caplog.at_level(logging.WARNING):
        assert not apply_if_it_fits(patch)
    assert in_use() == before
    assert caplog.messages == [
        f"The video goes on without this: {patch.gain} "
        f"({patch.library} is {installed}, not {patch.release})."
    ]


@pytest.mark.parametrize(
    ("patch", "module"),
    [
        (PATCHES[0], "streamlit_webrtc.relay"),
        (PATCHES[0], "streamlit_webrtc.webrtc"),
        (PATCHES[1], "aiortc.rtcrtpreceiver"),
        (PATCHES[1], "aiortc.jitterbuffer"),
        (PATCHES[2], "aiortc.codecs.vpx"),
        (PATCHES[2], "aiortc.codecs"),
    ],
)
def test_a_library_without_the_name_stays_as_it_is(unpatched, monkeypatch, caplog, patch, module):
    before = in_use()
    monkeypatch.setitem(sys.modules, module, ModuleType(module))
    with caplog.at_level(logging.WARNING):
        assert not apply_if_it_fits(patch)
    assert in_use() == before
    (sentence,) = caplog.messages
    assert sentence.startswith(f"The video goes on without this: {patch.gain} (")


def test_a_buffer_of_another_make_stays_as_it_is(unpatched, monkeypatch):
    class Other:
        capacity = 2

        def __init__(self, capacity, is_video):
            pass

    monkeypatch.setattr("aiortc.jitterbuffer.JitterBuffer", Other)
    before = in_use()
    assert not apply_if_it_fits(PATCHES[1])
    assert in_use() == before
