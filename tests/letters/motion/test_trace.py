import numpy as np
import pytest

from asl_core.letters.motion.trace import HandTrace, resampled


def filled(times, seconds=10.0):
    trace = HandTrace(seconds, 1)
    for time_s in times:
        trace.add(time_s, np.array([time_s], np.float32))
    return trace


@pytest.mark.parametrize(
    "at, expected",
    [(0.25, 2.5), (0.0, 0.0), (1.0, 10.0), (-3.0, 0.0), (9.0, 10.0), (0.75, 7.5)],
    ids=["between", "first", "last", "before", "after", "second gap"],
)
def test_resampled_goes_evenly_and_rests_outside(at, expected):
    values = np.array([0, 5, 10], np.float32)[:, None, None] * np.ones((2, 3), np.float32)
    found = resampled(np.array([0, 0.5, 1]), values, np.array([at]))
    assert found.shape == (1, 2, 3)
    assert found == pytest.approx(expected)


def test_a_single_moment_fills_the_whole_window():
    window = filled([5.0]).windows(6.0, np.array([1.0, 2.0], np.float32), 4)
    assert window.shape == (2, 4, 1)
    assert window == pytest.approx(5)


def test_windows_end_at_the_given_time():
    trace = filled(np.arange(0, 4, 0.1))
    window = trace.windows(3.0, np.array([0.5, 2.0], np.float32), 3)
    np.testing.assert_allclose(window[..., 0], [[2.5, 2.75, 3.0], [1.0, 2.0, 3.0]], atol=1e-5)


def test_old_moments_are_forgotten():
    trace = filled(np.arange(0, 5, 0.5), seconds=1.0)
    assert trace.times_s.tolist() == [3.5, 4.0, 4.5]
    assert trace.since(4.0)[:, 0].tolist() == [4.0, 4.5]


def test_a_time_that_does_not_rise_is_passed_over():
    assert filled([1.0, 1.0, 0.5, 2.0]).times_s.tolist() == [1.0, 2.0]


def test_a_thousand_moments_keep_their_order():
    trace = filled(np.arange(1000) / 500)
    assert len(trace) >= 256
    assert trace.times_s[-1] == pytest.approx(999 / 500)
    np.testing.assert_allclose(trace.moments[:, 0], trace.times_s, atol=1e-6)
    assert (np.diff(trace.times_s) > 0).all()


def test_clear_forgets_everything():
    trace = filled([1.0, 2.0])
    trace.clear()
    assert len(trace) == 0
