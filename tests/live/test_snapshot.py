import pytest

from asl_core.live.snapshot import FramePace, LiveTimes


def pace_of(*times_s: float) -> FramePace:
    pace = FramePace()
    for number, time_s in enumerate(times_s):
        pace.add(time_s, LiveTimes(1, 10, number, 2, 0.5))
    return pace


def test_nothing_is_known_before_two_frames():
    assert FramePace().fps() == 0
    assert FramePace().mean_ms() == LiveTimes()
    assert pace_of(3.0).fps() == 0


def test_intervals_are_counted_not_frames():
    assert pace_of(*(i / 20 for i in range(11))).fps() == pytest.approx(20)


def test_only_the_last_two_seconds_count():
    slow_then_fast = [i * 0.5 for i in range(10)] + [5 + i * 0.1 for i in range(31)]
    pace = pace_of(*slow_then_fast)
    assert pace.fps() == pytest.approx(10)
    assert pace.mean_ms() == LiveTimes(1, 10, pytest.approx(30), 2, 0.5)


def test_a_camera_that_stands_still_falls_to_zero():
    pace = pace_of(*(i / 10 for i in range(11)))
    assert pace.fps(1.05) == pytest.approx(10)
    assert 5 < pace.fps(1.6) < 10
    assert pace.fps(4.0) == 0


def test_the_total_is_the_sum_of_the_stages():
    assert LiveTimes(1, 2, 3, 4, 5).total == 15
