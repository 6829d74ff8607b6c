import numpy as np
import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.drawing.overlay import FINGER_COLOURS, PALM_COLOUR, draw_skeleton


def skeleton_area(picture, background):
    shown = (picture != np.array(background, np.uint8)).any(axis=2)
    return np.ptp(np.flatnonzero(shown.any(axis=0))), np.ptp(np.flatnonzero(shown.any(axis=1)))


@pytest.mark.parametrize("size", [80, 160, 600])
def test_a_skeleton_fills_its_picture(size):
    landmarks = letter_landmarks("B", 640, 480).points
    picture = draw_skeleton(landmarks, 640, 480, size, background=(1, 2, 3))
    assert picture.shape == (size, size, 3)
    assert picture[0, 0].tolist() == [1, 2, 3]
    assert max(skeleton_area(picture, (1, 2, 3))) == pytest.approx(0.84 * size, abs=0.06 * size)


def test_a_skeleton_keeps_the_photos_proportions():
    landmarks = letter_landmarks("B", 100, 100).points
    tall = skeleton_area(draw_skeleton(landmarks, 100, 300, 200, (0, 0, 0)), (0, 0, 0))
    wide = skeleton_area(draw_skeleton(landmarks, 300, 100, 200, (0, 0, 0)), (0, 0, 0))
    assert tall[1] > 2 * tall[0]
    assert wide[0] > wide[1]


def test_a_skeleton_needs_no_depth():
    landmarks = letter_landmarks("Y", 640, 480).points
    flat = draw_skeleton(landmarks[:, :2], 640, 480)
    assert np.array_equal(flat, draw_skeleton(landmarks, 640, 480))
    assert {*FINGER_COLOURS, PALM_COLOUR} <= {tuple(map(int, p)) for p in flat.reshape(-1, 3)}


def test_points_in_one_place_make_a_dot():
    picture = draw_skeleton(np.full((21, 2), 0.3, np.float32), 64, 64, 100, (0, 0, 0))
    assert picture[50, 50].any()
    assert max(skeleton_area(picture, (0, 0, 0))) < 15


@pytest.mark.parametrize("shape", [(20, 2), (0, 2)], ids=str)
def test_other_than_21_points_are_refused(shape):
    with pytest.raises(ValueError, match="landmarks have shape"):
        draw_skeleton(np.zeros(shape, np.float32), 10, 10)
