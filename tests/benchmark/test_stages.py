from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.benchmark import stages
from asl_core.benchmark.stages import compare, measure_batches, pipeline_reader
from asl_core.letters.recognizer import HandView
from asl_core.records.speed_report import ReadTimes


def test_readers_take_turns_on_the_same_frames(monkeypatch):
    monkeypatch.setattr(stages, "_BLOCK_FRAMES", 2)
    monkeypatch.setattr(stages, "_WARM_UP_FRAMES", 1)
    calls = []

    def reader(name, milliseconds):
        def read(frame):
            calls.append((name, frame))
            return ReadTimes(milliseconds, 0.0, milliseconds, True)

        return read

    clock = iter([0.0, 1.0, 2.0, 3.0, 4.0])
    monkeypatch.setattr(stages.time, "perf_counter", lambda: next(clock))
    comparison = compare(reader("ours", 10), reader("theirs", 20), ["a", "b", "c"], seconds=2.5)
    warm_up, measured = calls[:2], calls[2:]
    assert warm_up == [("ours", "a"), ("theirs", "a")]
    assert measured == [
        *[("ours", "a"), ("ours", "b"), ("theirs", "a"), ("theirs", "b")],
        *[("ours", "c"), ("ours", "a"), ("theirs", "c"), ("theirs", "a")],
        *[("ours", "b"), ("ours", "c"), ("theirs", "b"), ("theirs", "c")],
    ]
    assert (comparison.ours.frames, comparison.reference.frames) == (6, 6)
    assert comparison.ratio == 2


def test_even_without_time_one_block_is_read():
    frames = [np.zeros((2, 2, 3), np.uint8)]
    comparison = compare(
        lambda frame: ReadTimes(1, 1, 2, True), lambda frame: ReadTimes(1, 1, 2, False), frames, 0
    )
    assert comparison.ours.frames == 10
    assert (comparison.ours.hand_share, comparison.reference.hand_share) == (1, 0)


def test_a_pipeline_is_read_at_the_pace_of_a_camera(colour_pipeline):
    stamps = []
    find = colour_pipeline.detector.detect
    colour_pipeline.detector.detect = lambda frame, ms: (stamps.append(ms), find(frame, ms))[1]
    read = pipeline_reader(colour_pipeline)
    red = np.zeros((40, 80, 3), np.uint8)
    red[..., 0] = 100
    assert read(red).has_hand
    assert not read(np.zeros((40, 80, 3), np.uint8)).has_hand
    assert read(red).classify > 0
    assert stamps == [0, 33, 66]


def test_batches_are_counted_in_images(monkeypatch):
    monkeypatch.setattr(stages, "BATCH_SIZES", (1, 4))
    now = [0.0]
    monkeypatch.setattr(stages.time, "perf_counter", lambda: now[0])
    batches, singles = [], []

    def recognize(views):
        batches.append(len(views))
        now[0] += 0.5 + 0.125 * len(views)

    def classify(crop):
        singles.append(crop)
        now[0] += 1.0

    speed = measure_batches(
        SimpleNamespace(recognize=recognize),
        HandView(np.zeros((4, 4, 3), np.uint8), None),
        SimpleNamespace(classify=classify),
        "crop",
        seconds=8,
    )
    assert batches == [1, 4] * 3
    assert singles == ["crop"] * 12
    assert speed.ours_images_per_second == {"1": 1.6, "4": 4.0}
    assert speed.reference_images_per_second == 1.0
    assert speed.ratio == pytest.approx(4.0)
