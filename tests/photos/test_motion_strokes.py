import numpy as np
import pytest

from asl_core.photos.motion_sequences import WRONG_FINGER, MotionSequence, find_stroke


def sequence(letter, times, points):
    return MotionSequence(0, letter, "anna", "train", False, points, np.ones(len(times), np.bool_))


@pytest.mark.parametrize("letter", ["J", "Z"])
def test_a_stroke_lies_between_two_rests(signed_in_air, letter):
    stroke = find_stroke(sequence(letter, *signed_in_air(letter, 0.8, 0.4)))
    assert stroke.fault == ""
    assert stroke.start_s == pytest.approx(0.4, abs=0.27 if letter == "J" else 0.41)
    assert stroke.end_s == pytest.approx(1.2, abs=0.14)
    assert stroke.path_palms > 2


def test_a_j_of_the_index_finger_is_a_fault(signed_in_air):
    assert find_stroke(sequence("J", *signed_in_air("Z"))).fault == WRONG_FINGER
    assert find_stroke(sequence("Z", *signed_in_air("J"))).fault == WRONG_FINGER


def test_a_still_hand_is_no_stroke(signed_in_air):
    assert "palms" in find_stroke(sequence("J", *signed_in_air("I"))).fault


def test_half_a_stroke_has_too_few_frames(signed_in_air):
    times, points = signed_in_air("J", 0.8, 0.4)
    cut = slice(0, 3)
    assert find_stroke(sequence("J", times[cut], points[cut])).fault
