import numpy as np
import pytest

from asl_core.hands.hand_speed import HandSpeed
from asl_core.hands.landmarks import Landmark


def hand(palm: float = 100.0, x: float = 200.0) -> np.ndarray:
    """Return 21 points whose wrist is `palm` pixels below the knuckle of the middle finger."""
    points = np.full((21, 2), (x, 100.0), np.float32)
    points[Landmark.WRIST] = (x, 100.0 + palm)
    return points


def test_the_first_frame_stands_still():
    assert HandSpeed().update(hand(), 5.0) == 0


@pytest.mark.parametrize(
    ("palm", "step", "seconds", "expected"),
    [(100, 50, 0.5, 1.0), (50, 50, 0.5, 2.0), (100, 50, 0.1, 5.0), (100, 0, 0.1, 0.0)],
    ids=["a palm a second", "half as large a hand", "sooner", "still"],
)
def test_speed_is_in_palms_per_second(palm, step, seconds, expected):
    speed = HandSpeed()
    speed.update(hand(palm), 1.0)
    assert speed.update(hand(palm, 200 + step), 1.0 + seconds) == pytest.approx(expected, rel=1e-5)


def test_one_wild_point_does_not_count():
    speed = HandSpeed()
    speed.update(hand(), 0.0)
    moved = hand()
    moved[Landmark.INDEX_TIP] += 80
    assert speed.update(moved, 0.1) == 0


def test_a_time_that_does_not_rise_repeats_the_speed():
    speed = HandSpeed()
    speed.update(hand(), 1.0)
    first = speed.update(hand(x=210), 1.1)
    assert speed.update(hand(x=500), 1.1) == first > 0
    assert speed.update(hand(x=500), 1.05) == first


def test_after_a_reset_nothing_is_known():
    speed = HandSpeed()
    speed.update(hand(), 1.0)
    speed.reset()
    assert speed.update(hand(x=900), 1.03) == 0


def test_the_caller_may_reuse_its_array():
    speed = HandSpeed()
    points = hand()
    speed.update(points, 0.0)
    points += 100
    assert speed.update(points, 1.0) > 0.5


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"not \(21, 3\)"):
        HandSpeed().update(np.zeros((21, 3), np.float32), 0.0)
