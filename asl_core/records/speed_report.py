"""What `python -m asl_core benchmark` measured: each stage and the whole, beside the reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from asl_core.records.json_file import JsonRecord

SPEED_FILE = "speed.json"
"""Name of the record in the folder of the run that was measured."""


@dataclass(frozen=True)
class ReadTimes:
    """Wall time of each stage of one frame in milliseconds; `classify` covers crop and network."""

    detect: float
    classify: float
    total: float
    has_hand: bool


@dataclass(frozen=True)
class Percentiles:
    """Median and 95th percentile in milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Compute both, interpolating linearly between neighbours."""
        middle, high = np.percentile(values, (50, 95))
        return cls(round(float(middle), 3), round(float(high), 3))


@dataclass(frozen=True)
class StageSpeed:
    """What the frames of one reader took.

    `fps` is frames divided by the sum of their total times. `hand_share` in 0-1 tells in how many
    frames a hand was found; without one nothing is classified.
    """

    frames: int
    detect: Percentiles
    classify: Percentiles
    total: Percentiles
    fps: float
    hand_share: float

    @classmethod
    def of(cls, times: Sequence[ReadTimes]) -> Self:
        """Sum up the times of one frame or more."""
        return cls(
            frames=len(times),
            detect=Percentiles.of([t.detect for t in times]),
            classify=Percentiles.of([t.classify for t in times]),
            total=Percentiles.of([t.total for t in times]),
            fps=round(1e3 * len(times) / sum(t.total for t in times), 3),
            hand_share=round(sum(t.has_hand for t in times) / len(times), 4),
        )


@dataclass(frozen=True)
class SideBySide:
    """Ours and the reference on the same frames; `ratio` is our fps divided by the reference's."""

    ours: StageSpeed
    reference: StageSpeed
    ratio: float

    @classmethod
    def of(cls, ours: Sequence[ReadTimes], reference: Sequence[ReadTimes]) -> Self:
        """Compare the times of two readers."""
        first, second = StageSpeed.of(ours), StageSpeed.of(reference)
        return cls(first, second, round(first.fps / second.fps, 3))


@dataclass(frozen=True)
class BatchSpeed:
    """Hands named per second: ours by batch size, the reference one by one as its loop does.

    `ratio` is ours with the largest batch divided by the reference's.
    """

    ours_images_per_second: Mapping[str, float]
    reference_images_per_second: float
    ratio: float


@dataclass(frozen=True)
class LiveSpeed:
    """The live path with a number of visitors at once, who share one recognizer.

    `fps` counts frames of all visitors a second, `frame_ms` is what one frame took from coming in
    to going out annotated. Shares are of the frames' summed wall time, 0-1, and sum to 1:
    `detect_share` is the detector (MediaPipe), `network_share` the recognizer, waiting for the
    other visitors included, `draw_share` the overlay in the last two seconds, `rest_share` crop,
    motion, words, hints and locks. `overhead_share` is draw and rest. Codec and transport are not
    part of this.
    """

    visitors: int
    frames: int
    fps: float
    frame_ms: Percentiles
    detect_share: float
    network_share: float
    draw_share: float
    rest_share: float
    overhead_share: float
    hand_share: float


@dataclass(frozen=True)
class Machine:
    """What the figures were measured on.

    `network` is what computes the picture network, such as "int8 in ONNX Runtime"; `load` is the
    machine's load average over a minute before the start, None where the system tells none.
    """

    cores: int
    torch_threads: int
    device: str
    system: str
    python: str
    torch: str
    mediapipe: str
    onnxruntime: str = ""
    processor: str = ""
    network: str = ""
    load: float | None = None


@dataclass(frozen=True)
class PipelineSpeed:
    """Camera frames per second of the whole, from the video comparison."""

    ours_fps: float
    reference_fps: float
    ratio: float


@dataclass(frozen=True)
class ColdStart:
    """Median seconds to the first printed prediction; `ratio` is reference divided by ours."""

    starts: int
    ours_seconds: float
    reference_seconds: float
    ratio: float


@dataclass(frozen=True)
class SpeedReport(JsonRecord):
    """Every figure of a benchmark run; `cold_start` is None where it was not asked for.

    `created` is the time in ISO 8601, UTC, and `command` what made the file.
    """

    run: str
    machine: Machine
    pipeline: PipelineSpeed
    video: SideBySide
    photo: SideBySide
    batch: BatchSpeed
    live: tuple[LiveSpeed, ...]
    cold_start: ColdStart | None
    created: str = ""
    command: str = ""
