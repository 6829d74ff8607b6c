"""Clocks of files that jump, stand still or say nothing: times still rise and none is lost."""

import math

import pytest

from asl_core.video_times import RisingClock


def placed(times_s, zero_s=0.0, rate=10.0, longest_gap_s=math.inf):
    clock = RisingClock(zero_s, rate, longest_gap_s)
    return [round(clock.place(time_s), 3) for time_s in times_s]


def test_times_count_from_the_start():
    assert placed([1.5, 1.6, 1.9], zero_s=1.5) == [0, 0.1, 0.4]


@pytest.mark.parametrize("back_s", [0.15, 0.5, 1.0, 10.0, 3600.0, 95443.7])
def test_after_a_jump_back_of_any_size_time_goes_on(back_s):
    first = [10 + n / 10 for n in range(10)]
    second = [first[-1] - back_s + n / 10 for n in range(10)]
    assert placed(first + second, zero_s=10) == [round(n / 10, 3) for n in range(20)]


def test_several_jumps_add_up():
    assert placed([0, 0.1, 0.2] * 4) == [round(n / 10, 3) for n in range(12)]


def test_a_tremble_stays_in_its_place():
    assert placed([0, 0.1, 0.2, 0.19, 0.3, 0.4]) == [0, 0.1, 0.2, 0.2, 0.3, 0.4]


def test_a_clock_that_stands_still_has_stopped():
    assert placed([0.0] * 6) == [0, 0, 0.1, 0.2, 0.3, 0.4]


def test_a_file_without_times_is_counted_by_its_rate():
    assert placed([None] * 4, rate=20) == [0, 0.05, 0.1, 0.15]
    assert placed([None] * 3, rate=None) == [0, 0.033, 0.067]


def test_a_long_frame_is_no_jump_unless_the_format_says_so():
    assert placed([0, 30, 30.1]) == [0, 30, 30.1]
    assert placed([0, 30, 30.1], longest_gap_s=10) == [0, 0.1, 0.2]


def test_a_time_before_the_start_counts_as_the_start():
    assert placed([1, 3.1, 3.2], zero_s=3) == [0, 0.1, 0.2]


@pytest.mark.parametrize("rate", [1e-9, 1e9])
def test_a_senseless_rate_still_gives_a_step(rate):
    step = placed([None, None], rate=rate)[1]
    assert 0.004 <= step <= 1
