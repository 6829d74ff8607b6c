import sys
from types import SimpleNamespace

import numpy as np
import pytest

from asl_core.benchmark import live_speed
from asl_core.benchmark.live_speed import measure_live, summed_up
from asl_core.live.process_tuning import SWITCH_SECONDS
from asl_core.live.snapshot import LiveTimes


def visitor(frame_seconds, detect, network, draw_ms, found):
    visit = SimpleNamespace(snapshot=lambda: SimpleNamespace(ms=LiveTimes(draw=draw_ms)))
    return SimpleNamespace(
        visit=visit,
        frame_seconds=frame_seconds,
        detector=SimpleNamespace(seconds=detect, found=found),
        recognizer=SimpleNamespace(seconds=network),
    )


def test_shares_are_of_the_frames_time_and_sum_to_one():
    one = visitor([0.04, 0.06], detect=0.05, network=0.03, draw_ms=5.0, found=2)
    two = visitor([0.1], detect=0.05, network=0.04, draw_ms=4.0, found=0)
    speed = summed_up([one, two], seconds=0.12)
    assert (speed.visitors, speed.frames, speed.fps) == (2, 3, 25.0)
    assert speed.frame_ms.p50 == 60
    shares = (speed.detect_share, speed.network_share, speed.draw_share, speed.rest_share)
    assert shares == pytest.approx((0.5, 0.35, 0.07, 0.08))
    assert speed.overhead_share == pytest.approx(0.15)
    assert speed.hand_share == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.slow
def test_every_visitor_is_served_as_in_the_app_and_threads_are_as_before(
    colour_pipeline, monkeypatch
):
    closed, used = [], []

    def detector(mode):
        assert mode == "video"
        return SimpleNamespace(
            detect=colour_pipeline.detector.detect, close=lambda: closed.append(1)
        )

    def recognize(hands):
        used.append(sys.getswitchinterval())
        return colour_pipeline.recognizer.recognize(hands)

    monkeypatch.setattr(live_speed, "MediaPipeHandDetector", detector)
    recognizer: SimpleNamespace = SimpleNamespace(
        preprocessing=colour_pipeline.recognizer.preprocessing,
        recognize=recognize,
        calibration=SimpleNamespace(rejection_threshold=0.3),
        for_live=lambda: recognizer,
    )
    frame = np.zeros((48, 64, 3), np.uint8)
    frame[..., 0] = 100
    before = sys.getswitchinterval()
    speeds = measure_live(recognizer, [frame, frame], seconds=0)
    assert [speed.visitors for speed in speeds] == [1, 2, 4]
    assert [speed.frames for speed in speeds] == [1, 2, 4]
    assert all(speed.hand_share == 1 for speed in speeds)
    assert len(closed) == 7
    assert used == pytest.approx([SWITCH_SECONDS] * len(used))
    assert sys.getswitchinterval() == before
