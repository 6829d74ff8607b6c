import pytest

from asl_core.records.speed_report import Percentiles, ReadTimes, SideBySide, StageSpeed


def frame(detect, classify, has_hand=True):
    return ReadTimes(detect, classify, detect + classify, has_hand)


def test_percentiles_interpolate():
    assert Percentiles.of([1, 2, 3, 4, 5]) == Percentiles(3, 4.8)
    assert Percentiles.of([7]) == Percentiles(7, 7)


def test_speed_is_frames_by_the_sum_of_their_times():
    speed = StageSpeed.of([frame(10, 10), frame(20, 20), frame(30, 10), frame(80, 20, False)])
    assert speed.frames == 4
    assert speed.fps == pytest.approx(20)
    assert speed.detect.p50 == 25
    assert speed.classify.p50 == 15
    assert speed.total.p50 == 40
    assert speed.hand_share == 0.75


def test_the_ratio_is_above_one_where_ours_is_faster():
    comparison = SideBySide.of([frame(5, 5)] * 3, [frame(15, 10)] * 3)
    assert comparison.ours.fps == 100
    assert comparison.reference.fps == 40
    assert comparison.ratio == 2.5
