import numpy as np
import pytest

from asl_core.drawing.spelled_word import upon_wrist
from asl_core.moving_hand.habits import finger_difference, haste, transition_s
from asl_core.moving_hand.spelled_hand import PART_BASES, PART_POINTS


def test_the_way_between_letters_is_shorter_at_a_higher_rate():
    assert transition_s(1 / 0.33) == pytest.approx(0.09)
    assert transition_s(1) > transition_s(3) > transition_s(8) > 0.03


@pytest.mark.parametrize(("rate", "strength"), [(1, 0.15), (3, 0.5), (5, 1), (8, 1)])
def test_letters_run_into_each_other_the_more_the_faster(rate, strength):
    assert haste(rate) == pytest.approx(strength)


def test_the_whole_difference_makes_one_finger_of_another():
    hand, other = upon_wrist("A").copy(), upon_wrist("Y")
    hand[PART_POINTS[5]] += finger_difference(hand, other, 5)
    base = PART_BASES[5]
    np.testing.assert_allclose(
        hand[PART_POINTS[5]] - hand[base], other[PART_POINTS[5]] - other[base], atol=1e-6
    )
