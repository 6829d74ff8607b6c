"""A stream of any frame rate becomes even ticks, the same whole or frame by frame."""

import numpy as np
import pytest

from asl_core.spelling.fluent.ticks import FORGOTTEN_S, TICK_S, TickClock, ticks_of


def stream(rate: float, lost: float = 0.0, seed: int = 0):
    random = np.random.default_rng(seed)
    times = np.arange(0.01, 3, 1 / rate) + random.uniform(
        0, 0.2 / rate, len(np.arange(0.01, 3, 1 / rate))
    )
    points = random.normal(0, 100, (len(times), 21, 3)).astype(np.float32)
    return times, points, random.random(len(times)) >= lost


@pytest.mark.parametrize("rate", [7, 10, 24, 30, 60])
@pytest.mark.parametrize("lost", [0.0, 0.5])
def test_frame_by_frame_is_the_same_as_all_at_once(rate, lost):
    times, points, present = stream(rate, lost)
    whole = ticks_of(times, points, present)
    clock = TickClock()
    parts = [
        clock.add(t, p if is_there else None)
        for t, p, is_there in zip(times, points, present, strict=True)
    ]
    for name in ("times_s", "points", "age_s"):
        np.testing.assert_allclose(
            np.concatenate([getattr(part, name) for part in parts]), getattr(whole, name), atol=1e-3
        )


def test_between_two_frames_the_hand_moves_evenly():
    points = np.zeros((2, 21, 3), np.float32)
    points[1] = 30.0
    ticks = ticks_of(np.array([0.0, 0.1]), points, np.ones(2, bool))
    assert len(ticks) == 4
    np.testing.assert_allclose(ticks.points[:, 0, 0], [0, 10, 20, 30], atol=1e-4)
    assert ticks.is_seen.all()


def test_a_lost_hand_stays_where_it_was_and_ages():
    points = np.ones((1, 21, 3), np.float32)
    clock = TickClock()
    clock.add(0.0, points[0])
    ticks = clock.add(1.0, None)
    assert len(ticks) == 30
    np.testing.assert_array_equal(ticks.points, np.ones((30, 21, 3)))
    np.testing.assert_allclose(ticks.age_s[:3], TICK_S * np.arange(1, 4), atol=1e-6)
    assert ticks.age_s[-1] == np.float32(FORGOTTEN_S)


def test_after_a_long_gap_nothing_is_made_up_between():
    clock = TickClock()
    clock.add(0.0, np.zeros((21, 3), np.float32))
    ticks = clock.add(1.0, np.full((21, 3), 9, np.float32))
    assert not ticks.is_seen[:-1].any()
    assert ticks.is_seen[-1] and ticks.points[-1, 0, 0] == 9


def test_a_time_that_does_not_rise_gives_no_tick():
    clock = TickClock()
    clock.add(1.0, None)
    assert len(clock.add(1.0, None)) == 0
    assert len(clock.add(0.5, None)) == 0
