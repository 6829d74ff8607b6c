import cv2
import numpy as np
import pytest

from benchmarks.frame_codes import NUMBERS, STRIP_CELLS, cells_of, read_code, with_code

NUMBERS_TRIED = (0, 1, 341, 682, 1022, 1023)


def grey_frame(height=480, width=640):
    return np.full((height, width, 3), 180, np.uint8)


def strip_of(frame):
    """Sample the cells as frame_watch.js does: the middle of each, half way down the code."""
    height, width = frame.shape[:2]
    cell = width // STRIP_CELLS
    return [int(value) for value in frame[height // 40, cell // 2 :: cell, 1]]


@pytest.mark.parametrize("number", NUMBERS_TRIED)
def test_a_number_survives_noise_jpeg_and_a_smaller_size(number):
    noise = np.random.default_rng(number).normal(0, 6, (480, 640, 3))
    noisy = (with_code(grey_frame(), number) + noise).clip(0, 255).astype(np.uint8)
    small = cv2.resize(noisy, (480, 360), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 40])
    assert read_code(strip_of(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))) == number


def test_a_mirrored_picture_is_read_from_its_other_end_alone():
    for number in range(NUMBERS):
        mirrored = strip_of(with_code(grey_frame(48, 80), number)[:, ::-1])
        assert read_code(mirrored[::-1]) == number
        assert read_code(mirrored) is None


def test_no_two_numbers_look_the_same():
    assert len({cells_of(number) for number in range(NUMBERS)}) == NUMBERS


@pytest.mark.parametrize("grey", [0, 127, 129, 255])
def test_a_plain_edge_is_no_number(grey):
    assert read_code([grey] * STRIP_CELLS) is None


def test_one_wrong_cell_is_seen():
    strip = strip_of(with_code(grey_frame(), 600))
    for cell in range(24):
        broken = list(strip)
        broken[cell] = 255 - broken[cell]
        assert read_code(broken) is None


@pytest.mark.parametrize("number", [-1, NUMBERS])
def test_other_numbers_are_refused(number):
    with pytest.raises(ValueError, match=str(number)):
        cells_of(number)


def test_a_width_that_cells_do_not_fill_is_refused():
    with pytest.raises(ValueError, match="630"):
        with_code(grey_frame(width=630), 1)


def test_the_code_leaves_the_rest_of_the_picture():
    frame = grey_frame()
    coded = with_code(frame, 5)
    assert (coded[24:] == 180).all()
    assert (coded[:, 24 * 16 :] == 180).all()
    assert (frame == 180).all()
