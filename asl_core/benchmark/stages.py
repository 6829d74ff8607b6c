"""Measures ours and the reference in turns, so that a machine that drifts favours neither."""

import itertools
import time
from collections.abc import Callable, Sequence
from functools import partial

from asl_core.benchmark.frames import FRAME_MS
from asl_core.benchmark.reference_loop import ReferenceLoop
from asl_core.frame_pipeline import FramePipeline
from asl_core.images import Frame
from asl_core.letters.recognizer import HandView, LetterRecognizer
from asl_core.records.speed_report import BatchSpeed, ReadTimes, SideBySide

FrameReader = Callable[[Frame], ReadTimes]

BATCH_SIZES = (1, 8, 32)
_BLOCK_FRAMES = 10
_WARM_UP_FRAMES = 3


def pipeline_reader(pipeline: FramePipeline) -> FrameReader:
    """Read with a pipeline as from a camera: each frame comes FRAME_MS after the last."""
    clock = itertools.count(step=FRAME_MS)

    def read(frame: Frame) -> ReadTimes:
        reading = pipeline.read(frame, next(clock))
        ms = reading.ms
        return ReadTimes(ms.detect, ms.classify, ms.total, reading.detection is not None)

    return read


def compare(
    ours: FrameReader, reference: FrameReader, frames: Sequence[Frame], seconds: float
) -> SideBySide:
    """Read `frames` over and over for `seconds`, in blocks of ten by one reader, then the other.

    Both read the same frames in the same order, after a few that are not counted.
    """
    times: tuple[list[ReadTimes], list[ReadTimes]] = ([], [])
    for reader in (ours, reference):
        for frame in itertools.islice(itertools.cycle(frames), _WARM_UP_FRAMES):
            reader(frame)
    supply = itertools.cycle(frames)
    deadline = time.perf_counter() + seconds
    while not times[0] or time.perf_counter() < deadline:
        block = list(itertools.islice(supply, _BLOCK_FRAMES))
        for reader, kept in zip((ours, reference), times, strict=True):
            kept.extend(reader(frame) for frame in block)
    return SideBySide.of(*times)


def measure_batches(
    recognizer: LetterRecognizer,
    view: HandView,
    reference: ReferenceLoop,
    reference_crop: Frame,
    seconds: float,
) -> BatchSpeed:
    """Name the same hand over and over, batch sizes and the reference in turns."""

    def read_singly() -> None:
        for _ in range(BATCH_SIZES[1]):
            reference.classify(reference_crop)

    tasks: list[tuple[int, Callable[[], object]]] = [
        (size, partial(recognizer.recognize, [view] * size)) for size in BATCH_SIZES
    ]
    tasks.append((BATCH_SIZES[1], read_singly))
    for _, task in tasks:
        task()
    images, spent = [0] * len(tasks), [0.0] * len(tasks)
    deadline = time.perf_counter() + seconds
    while not images[0] or time.perf_counter() < deadline:
        for number, (size, task) in enumerate(tasks):
            started = time.perf_counter()
            task()
            spent[number] += time.perf_counter() - started
            images[number] += size
    *ours, theirs = (round(i / s, 2) for i, s in zip(images, spent, strict=True))
    by_size = {str(size): speed for size, speed in zip(BATCH_SIZES, ours, strict=True)}
    return BatchSpeed(by_size, theirs, round(ours[-1] / theirs, 3))
