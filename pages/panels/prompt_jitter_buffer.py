"""Gives a video frame to the decoder when its last packet is here, not when the next one comes."""

from typing import Any

import aiortc.rtcrtpreceiver
from aiortc.jitterbuffer import JitterBuffer, JitterFrame


class PromptJitterBuffer(JitterBuffer):
    """A jitter buffer that knows the last packet of a video frame by its marker bit.

    aiortc's own knows a frame to be complete by the first packet of the next one, a thirtieth of a
    second later. The marker is set on a frame's last packet by RFC 7741, 4.1 (VP8) and RFC 6184,
    5.1 (H.264). A frame whose marker is lost is given as late as aiortc does.
    """

    _given: int | None = None  # timestamp of the last frame that was given by its marker

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        if not self._is_video or self._prefetch:
            return super()._remove_frame(sequence_number)
        self._drop_padding()
        return super()._remove_frame(sequence_number) or self._remove_marked_frame()

    def _remove_marked_frame(self) -> JitterFrame | None:
        """Take the oldest frame if all of its packets are here, its marked last one among them."""
        data: list[bytes] = []
        for place in range(self.capacity):
            packet = self._packet(place)
            if packet is None:
                return None
            data.append(packet._data)
            if packet.marker:
                self.remove(place + 1)
                self._given = packet.timestamp
                return JitterFrame(b"".join(data), packet.timestamp)
        return None

    def _drop_padding(self) -> None:
        """Drop what follows a frame with its timestamp: the sender's tests of the bandwidth."""
        while (packet := self._packet(0)) is not None and packet.timestamp == self._given:
            self.remove(1)

    def _packet(self, place: int) -> Any:  # aiortc adds the payload to its packets as `_data`
        assert self._origin is not None
        return self._packets[(self._origin + place) % self.capacity]


def take_frames_at_once() -> None:
    """Let aiortc use this buffer; once for a process, often does no harm.

    It has no setting for it.
    """
    receiver: Any = aiortc.rtcrtpreceiver
    receiver.JitterBuffer = PromptJitterBuffer
