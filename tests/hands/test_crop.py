import numpy as np
import pytest

from asl_core.hands.crop import PAD_COLOUR, CropBox, box_around, cut, whole_frame_box
from asl_core.hands.landmarks import HandLandmarks

WIDTH, HEIGHT = 200, 100


def hand(left, top, right, bottom):
    """Landmarks whose bounding box is given in pixels of a 200x100 frame."""
    points = np.zeros((21, 3), np.float32)
    points[:, 0] = np.linspace(left, right, 21) / WIDTH
    points[:, 1] = np.linspace(top, bottom, 21) / HEIGHT
    return HandLandmarks(points)


def numbered_frame():
    """Each pixel says where it is: red its column, green its row."""
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    frame[..., 0] = np.arange(WIDTH)
    frame[..., 1] = np.arange(HEIGHT)[:, None]
    frame[..., 2] = 77
    return frame


@pytest.mark.parametrize(
    ("bounds", "scale", "expected"),
    [
        pytest.param((80, 30, 120, 50), 1.0, [80, 20, 120, 60], id="wide hand: square, centred"),
        pytest.param((90, 20, 110, 60), 1.5, [70, 10, 130, 70], id="tall hand, half as much more"),
        pytest.param((0, 0, 40, 40), 1.5, [-10, -10, 50, 50], id="past the upper left edge"),
        pytest.param((160, 60, 200, 100), 2.0, [140, 40, 220, 120], id="past the lower right edge"),
        pytest.param((50, 50, 50, 50), 1.4, [50, 50, 51, 51], id="a point gives one pixel"),
    ],
)
def test_box_is_a_square_around_the_hand(bounds, scale, expected):
    box = box_around(hand(*bounds), WIDTH, HEIGHT, scale)
    assert box.right - box.left == box.bottom - box.top == box.side
    assert np.abs(np.array(box.as_list()) - expected).max() <= 1


def test_box_of_the_whole_frame_holds_every_pixel_in_the_smallest_square():
    assert whole_frame_box(200, 100).as_list() == [0, -50, 200, 150]
    assert whole_frame_box(100, 200).as_list() == [-50, 0, 150, 200]


def test_cut_without_resizing_gives_the_very_pixels():
    frame = numbered_frame()
    crop = cut(frame, CropBox(60, 20, 32), 32)
    assert (crop == frame[20:52, 60:92]).all()


def test_cut_pads_beyond_the_edge_and_never_stretches():
    frame = numbered_frame()
    crop = cut(frame, CropBox(-10, -20, 40), 40)
    assert (crop[:20] == PAD_COLOUR).all()
    assert (crop[:, :10] == PAD_COLOUR).all()
    assert (crop[20:, 10:] == frame[:20, :30]).all()


def test_cut_beyond_the_lower_right_corner():
    frame = numbered_frame()
    crop = cut(frame, CropBox(190, 90, 40), 40)
    assert (crop[:10, :10] == frame[90:, 190:]).all()
    assert (crop[10:] == PAD_COLOUR).all()
    assert (crop[:, 10:] == PAD_COLOUR).all()


@pytest.mark.parametrize("box", [CropBox(300, 10, 20), CropBox(-50, -50, 50), CropBox(0, 100, 9)])
def test_cut_wholly_outside_gives_padding(box):
    assert (cut(numbered_frame(), box, 16) == PAD_COLOUR).all()


@pytest.mark.parametrize(("side", "size"), [(64, 16), (16, 64), (33, 128), (90, 17)])
def test_cut_resizes_without_moving_the_picture(side, size):
    crop = cut(numbered_frame(), CropBox(5, 5, side), size)
    assert crop.shape == (size, size, 3)
    assert crop.dtype == np.uint8
    middle = 5 + side / 2
    assert crop[..., 0].mean() == pytest.approx(middle - 0.5, abs=0.6)
    assert crop[..., 1].mean() == pytest.approx(middle - 0.5, abs=0.6)


def test_shrinking_averages_so_that_fine_lines_stay():
    lines = np.zeros((64, 64, 3), np.uint8)
    lines[:, ::4] = 200
    crop = cut(lines, CropBox(0, 0, 64), 16)
    assert (crop == 50).all()


def test_cut_leaves_the_frame_as_it_is_and_reads_mirrored_views():
    frame = numbered_frame()
    kept = frame.copy()
    mirrored = frame[:, ::-1]
    crop = cut(mirrored, CropBox(0, 0, 20), 20)
    assert (crop == frame[:20, :-21:-1]).all()
    crop[:] = 0
    assert (frame == kept).all()
