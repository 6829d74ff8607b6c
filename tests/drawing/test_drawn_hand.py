import numpy as np
import pytest

from asl_core.drawing.drawn_hand import (
    FINGER_RADII,
    HandStyle,
    draw_hand,
    keep_fingers_apart,
    palm_length,
)
from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.hands.landmarks import HandLandmarks

SIDE = 160
PLAIN = HandStyle(detail=1)


def drawn(letter="V", style=PLAIN, change=None):
    points = letter_landmarks(letter, SIDE, SIDE).points.copy()
    if change is not None:
        change(points)
    return draw_hand(HandLandmarks(points), SIDE, SIDE, style)


def skin_of(picture):
    """Tell the hand from the bluish background."""
    return picture[..., 0].astype(int) > picture[..., 2]


def test_gives_a_picture_of_the_asked_size():
    picture = draw_hand(letter_landmarks("B", 200, 120), 200, 120, PLAIN)
    assert picture.shape == (120, 200, 3)
    assert picture.dtype == np.uint8


def test_landmarks_stay_untouched_and_the_picture_the_same():
    landmarks = letter_landmarks("S", SIDE, SIDE)
    before = landmarks.points.copy()
    first, second = (draw_hand(landmarks, SIDE, SIDE, PLAIN) for _ in range(2))
    assert np.array_equal(landmarks.points, before)
    assert np.array_equal(first, second)


def test_skin_lies_at_the_landmarks_and_background_in_the_corners():
    picture = drawn("B")
    for x, y in letter_landmarks("B", SIDE, SIDE).pixels(SIDE, SIDE).astype(int):
        red, green, blue = picture[y, x].astype(int)
        assert red > green > blue
    assert picture[0, 0].tolist() == [218, 227, 235]
    assert not skin_of(picture)[:5].any()


def test_the_arm_reaches_the_edge():
    assert skin_of(drawn("B"))[-1].sum() > 0.1 * SIDE


def test_style_colours_are_used():
    style = HandStyle(skin=(90, 60, 50), shadow=(40, 20, 20), background=(0, 200, 0), detail=1)
    picture = drawn("B", style)
    assert picture[0, 0].tolist() == [0, 212, 0]
    palm = letter_landmarks("B", SIDE, SIDE).pixels(SIDE, SIDE)[[0, 5, 17]].mean(axis=0).astype(int)
    assert np.abs(picture[palm[1], palm[0]].astype(int) - (90, 60, 50)).max() < 25


def test_more_detail_smooths_edges_and_keeps_the_hand():
    rough, fine = drawn("Y"), drawn("Y", HandStyle(detail=3))
    assert np.mean(skin_of(rough) != skin_of(fine)) < 0.01
    assert not np.array_equal(rough, fine)


def test_a_mirrored_hand_is_the_mirror_image():
    def mirror(points):
        points[:, 0] = 1 - points[:, 0]

    wrong = skin_of(drawn("L", change=mirror)) != skin_of(drawn("L"))[:, ::-1]
    assert wrong.mean() < 0.02


@pytest.mark.parametrize("shift", [(-0.6, 0), (0.6, 0), (0, -0.6), (0, 0.6)], ids=str)
def test_a_hand_may_reach_past_the_edge(shift):
    def move(points):
        points[:, :2] += shift

    hand = skin_of(drawn("C", change=move))
    assert 0 < hand.sum() < skin_of(drawn("C")).sum()


def test_a_hand_outside_leaves_the_background():
    def move_away(points):
        points[:, 1] += 5

    assert not skin_of(drawn("C", change=move_away)).any()


def test_depth_decides_which_finger_hides_another():
    def swap_depth(points):
        points[5:9, 2], points[9:13, 2] = points[9:13, 2] + 0.2, points[5:9, 2] - 0.2

    as_it_is, swapped = drawn("R"), drawn("R", change=swap_depth)
    silhouette = skin_of(as_it_is) != skin_of(swapped)
    assert silhouette.mean() < 0.02
    assert np.abs(as_it_is.astype(int) - swapped).max() > 40


def crossing_hand(depth_of_index, depth_of_middle):
    """Return 21 points whose index and middle finger cross like an X, all else far away."""
    points = np.zeros((21, 3), np.float32)
    points[:, 0] = np.arange(21) * 100 + 1000
    points[5], points[6] = (0, 0, depth_of_index), (10, 10, depth_of_index)
    points[9], points[10] = (10, 0, depth_of_middle), (0, 10, depth_of_middle)
    return points


@pytest.mark.parametrize(
    ("index", "middle", "index_is_in_front"),
    [
        pytest.param(0, 0, True, id="equal"),
        pytest.param(0, -3, True, id="doubtful"),
        pytest.param(0, -30, False, id="clearly_behind"),
        pytest.param(-30, 0, True, id="clearly_in_front"),
    ],
)
def test_crossing_fingers_are_kept_apart(index, middle, index_is_in_front):
    moved = keep_fingers_apart(crossing_hand(index, middle), unit=100)
    gap = (moved[9:11, 2].mean() - moved[5:7, 2].mean()) * (1 if index_is_in_front else -1)
    needed = 0.9 * 100 * (FINGER_RADII[1][1] + FINGER_RADII[2][1])
    assert gap == pytest.approx(max(needed, abs(middle - index)), abs=0.01)


def test_fingers_that_do_not_cross_stay():
    points = letter_landmarks("W", SIDE, SIDE).pixels_3d(SIDE, SIDE)
    points[1:5, 0] += 1000
    points[17:21, 0] -= 1000
    assert np.array_equal(keep_fingers_apart(points, palm_length(points)), points)


def test_palm_length_is_the_longest_estimate():
    points = np.zeros((21, 3), np.float32)
    points[[5, 9, 13, 17], 1] = (-90, -100, -95, -80)
    points[6:9, 1], points[10:13, 1] = -90, -100
    assert palm_length(points) == pytest.approx(100)
    points[9, 2] = points[10:13, 2] = 75
    assert palm_length(points) == pytest.approx(125)


def test_palm_length_sees_a_foreshortened_palm_by_its_fingers():
    points = np.zeros((21, 3), np.float32)
    points[6:9, 0] = (50, 80, 105)
    assert palm_length(points) == pytest.approx(100)


@pytest.mark.parametrize(
    ("deeper", "least", "most"),
    [pytest.param(0.07, 0, 3, id="a_little"), pytest.param(1.0, 12, 99, id="behind_the_hand")],
)
def test_fingertips_that_sink_a_little_are_lifted_out_of_the_palm(deeper, least, most):
    def sink(points):
        points[[7, 8, 11, 12, 15, 16, 19, 20], 2] += deeper

    fist = np.s_[50:85, 50:110]
    change = np.abs(drawn("A")[fist].astype(int) - drawn("A", change=sink)[fist]).mean()
    assert least <= change < most
