import random

import pytest

pytest.importorskip("aiortc", reason="aiortc is not installed")

import aiortc.rtcrtpreceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from pages.panels.live.camera.webrtc_patches import PromptJitterBuffer, take_frames_at_once

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
def buffer() -> PromptJitterBuffer:
    return PromptJitterBuffer(capacity=32, is_video=True)


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
    assert given(PromptJitterBuffer(32, is_video=True), late)[3] == whole(0)


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
    frames = given(PromptJitterBuffer(capacity=128, is_video=True), [first, *rest])
    parts = len(packets) // 60
    came = [frame for frame in frames if frame is not None]
    assert came == [whole(frame, parts) for frame in range(len(came))]
    assert len(came) >= 56


def test_sound_is_left_to_aiortc():
    ours = PromptJitterBuffer(capacity=16, prefetch=4)
    theirs = JitterBuffer(capacity=16, prefetch=4)
    assert given(ours, film(8, parts=1)) == given(theirs, film(8, parts=1))


def test_aiortc_builds_its_receivers_with_it(monkeypatch):
    monkeypatch.setattr(aiortc.rtcrtpreceiver, "JitterBuffer", JitterBuffer)
    take_frames_at_once()
    take_frames_at_once()
    receiver = aiortc.rtcrtpreceiver.RTCRtpReceiver("video", _Transport())
    buffer = receiver._RTCRtpReceiver__jitter_buffer
    assert isinstance(buffer, PromptJitterBuffer)
    assert buffer.capacity >= 128


class _Transport:
    state = "new"
