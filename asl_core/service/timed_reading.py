"""What the pool gives for a picture: its reading, the model that read it, and the times."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asl_core import images
from asl_core.public_reading import ReadingModel

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline, FrameReading


@dataclass(frozen=True)
class TimedReading:
    """A reading, and the milliseconds that its picture waited in the queue and was decoded.

    `model` is what read it from start to end; the pool's may be another one by now. `note` is a
    sentence on what of its file was not read, None where all was.
    """

    reading: "FrameReading"
    model: ReadingModel
    wait_ms: float
    decode_ms: float
    note: str | None = None

    @property
    def stages_ms(self) -> dict[str, float]:
        """Milliseconds of each stage, by the names of the metrics and the log."""
        times = self.reading.ms
        return {
            "wait": self.wait_ms,
            "decode": self.decode_ms,
            "detect": times.detect,
            "classify": times.classify,
        }


def read_timed(data: bytes, pipeline: "FramePipeline", submitted_s: float) -> TimedReading:
    """Decode and read an encoded picture that has waited since `submitted_s` of `perf_counter`.

    Raises:
        ImageError: the bytes are no usable picture.
    """
    started = time.perf_counter()
    picture = images.decode_with_note(data, "The image")
    decoded = time.perf_counter()
    reading = pipeline.read(picture.frame)
    wait_ms, decode_ms = (started - submitted_s) * 1e3, (decoded - started) * 1e3
    return TimedReading(reading, pipeline.recognizer, wait_ms, decode_ms, picture.note)
