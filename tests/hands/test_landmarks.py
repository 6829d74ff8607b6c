import numpy as np
import pytest

from asl_core.hands.landmarks import BONES, FINGERS, HandLandmarks, Landmark


def test_there_are_21_points_in_mediapipes_order():
    assert [int(point) for point in Landmark] == list(range(21))
    assert FINGERS[0] == (
        Landmark.THUMB_CMC,
        Landmark.THUMB_MCP,
        Landmark.THUMB_IP,
        Landmark.THUMB_TIP,
    )
    assert [finger[-1] for finger in FINGERS] == [
        Landmark.THUMB_TIP,
        Landmark.INDEX_TIP,
        Landmark.MIDDLE_TIP,
        Landmark.RING_TIP,
        Landmark.LITTLE_TIP,
    ]


def test_the_skeleton_joins_every_point_once_to_the_whole():
    assert len(BONES) == 21
    assert len({frozenset(bone) for bone in BONES}) == 21
    reached = {0}
    while True:
        further = {b for bone in BONES for b in bone if reached & set(bone)}
        if further <= reached:
            break
        reached |= further
    assert reached == set(range(21))


def test_pixels_scale_x_and_depth_by_the_width_and_y_by_the_height():
    points = np.zeros((21, 3), np.float32)
    points[4] = (0.5, 0.25, -0.1)
    landmarks = HandLandmarks(points)
    assert landmarks.pixels(640, 480)[4].tolist() == [320, 120]
    assert landmarks.pixels_3d(640, 480)[4] == pytest.approx([320, 120, -64])


@pytest.mark.parametrize("shape", [(20, 3), (21, 2), (3, 21), (1, 21, 3)])
def test_refuses_another_number_of_points(shape):
    with pytest.raises(ValueError, match=r"landmarks have shape \(21, 3\)"):
        HandLandmarks(np.zeros(shape, np.float32))
