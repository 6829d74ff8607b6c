import pytest

from asl_core.spelling.pace import Pace


def moments(times):
    pace = Pace()
    return [pace.advance(time) for time in times]


def test_the_usual_interval_is_not_moved_by_a_stall():
    times = [i / 30 for i in range(12)]
    last = moments([*times, times[-1] + 0.9])[-1]
    assert last.interval_s == pytest.approx(1 / 30)
    assert last.step_s == 0.25
    assert not last.is_gap


@pytest.mark.parametrize(
    ("interval", "pause", "is_gap"),
    [
        (1 / 30, 1.4, False),
        (1 / 30, 1.6, True),
        (1.0, 1.9, False),
        (1.0, 2.1, True),
        (3.0, 4.1, True),
    ],
)
def test_a_gap_depends_on_the_pace(interval, pause, is_gap):
    times = [i * interval for i in range(10)]
    assert moments([*times, times[-1] + pause])[-1].is_gap is is_gap


def test_the_first_observation_and_a_clock_set_back_are_gaps():
    first, _, again = moments([100.0, 100.1, 5.0])
    assert first.is_gap
    assert again.is_gap


def test_an_observation_that_is_not_newer_is_none():
    assert moments([1.0, 1.0, 0.5])[1:] == [None, None]


def test_a_slower_pace_is_learnt_after_some_gaps():
    slow = moments([i / 30 for i in range(20)] + [3.0 + 2 * i for i in range(9)])
    assert slow[20].is_gap
    assert not slow[-1].is_gap
    assert slow[-1].step_s == 2.0
