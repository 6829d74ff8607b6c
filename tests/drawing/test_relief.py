import numpy as np
import pytest

from asl_core.drawing.relief import FAR, Relief


def point(x, y, z=0.0):
    return np.array([x, y, z], np.float32)


def test_an_empty_relief_covers_nothing():
    relief = Relief(8, 6)
    assert relief.depth.shape == (6, 8)
    assert not relief.covered.any()


def test_a_ball_bulges_towards_the_eye():
    relief = Relief(41, 41)
    relief.lay_ball(point(20, 20, 5), 10)
    assert relief.depth[20, 20] == pytest.approx(5 - 10)
    assert relief.depth[20, 26] == pytest.approx(5 - 8)
    assert relief.depth[20, 31] == FAR
    assert relief.covered.sum() == pytest.approx(np.pi * 100, rel=0.05)


def test_normals_of_a_ball_point_outwards():
    relief = Relief(41, 41)
    relief.lay_ball(point(20, 20), 10)
    assert (relief.normal_x[20, 26], relief.normal_y[20, 26]) == pytest.approx((0.6, 0))
    assert (relief.normal_x[12, 20], relief.normal_y[12, 20]) == pytest.approx((0, -0.8))


def test_a_capsule_narrows_from_start_to_end():
    relief = Relief(100, 60)
    relief.lay_capsule(point(20, 30), point(80, 30), (12, 4))
    widths = relief.covered.sum(axis=0)
    assert (widths[20], widths[50], widths[80]) == pytest.approx((24, 16, 8), abs=2)
    assert relief.covered[30, 9:83].all()


def test_depth_follows_a_slanting_capsule():
    relief = Relief(100, 40)
    relief.lay_capsule(point(20, 20, 0), point(80, 20, 60), (5, 5))
    assert relief.depth[20, 50] == pytest.approx(30 - 5, abs=0.1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["near_first", "far_first"])
def test_the_nearer_surface_shows_whatever_the_order(order):
    balls = [(point(20, 20, -50), 6), (point(22, 20, 0), 6)]
    relief = Relief(41, 41)
    for i in order:
        relief.lay_ball(*balls[i])
    assert relief.depth[20, 20] == pytest.approx(-56)
    assert relief.depth[20, 27] == pytest.approx(0 - np.sqrt(36 - 25), abs=1e-4)


@pytest.mark.parametrize(
    "centre", [(-30, 20), (20, -30), (90, 20), (20, 90)], ids=["left", "above", "right", "below"]
)
def test_what_lies_outside_is_not_drawn(centre):
    relief = Relief(41, 41)
    relief.lay_ball(point(*centre), 10)
    relief.lay_cushion((np.stack([point(*centre), point(centre[0] + 3, centre[1] + 3)]),), 5)
    assert not relief.covered.any()


def test_a_capsule_is_cut_at_the_edge():
    relief = Relief(41, 41)
    relief.lay_capsule(point(-50, 20), point(90, 20), (5, 5))
    assert relief.covered[20].all()
    assert relief.covered[:, 0].sum() == pytest.approx(10, abs=1)


def test_a_cushion_covers_its_hull_and_a_rim():
    square = np.stack([point(30, 30), point(70, 30), point(70, 70), point(30, 70)])
    relief = Relief(100, 100)
    relief.lay_cushion((square,), 10)
    columns = np.flatnonzero(relief.covered[50])
    assert (columns[0], columns[-1]) == pytest.approx((20, 80), abs=1)
    assert not relief.covered[20, 20]
    assert relief.depth[50, 50] == pytest.approx((0.3 - 1) * 10, abs=0.5)
    assert relief.depth[50, 21] > relief.depth[50, 50]


def test_a_cushion_bends_through_its_points():
    square = np.stack([point(30, 30, 0), point(70, 30, 40), point(70, 70, 40), point(30, 70, 0)])
    relief = Relief(100, 100)
    relief.lay_cushion((square,), 5)
    assert relief.depth[50, 32] < relief.depth[50, 50] < relief.depth[50, 68]
    assert relief.depth[50, 50] == pytest.approx(20 - 3.5, abs=2)
