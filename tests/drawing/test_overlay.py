import dataclasses

import numpy as np
import pytest

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.drawing.overlay import (
    BOX_COLOUR,
    FINGER_COLOURS,
    PALM_COLOUR,
    TEXT_COLOUR,
    draw_reading,
)
from asl_core.frame_pipeline import FrameReading, StageTimes
from asl_core.hands.crop import box_around
from asl_core.hands.landmarks import BONES, HandDetection, HandLandmarks
from asl_core.letters.prediction import LetterPrediction

GREY = 128
TIPS = (4, 8, 12, 16, 20)


def grey_frame(width=640, height=480):
    return np.full((height, width, 3), GREY, np.uint8)


def reading_of(width=640, height=480, scale=0.6, shift=(0.0, 0.0), letter="B", confidence=0.97):
    """Read an open hand, `scale` of its usual size, moved by shares of the frame."""
    points = letter_landmarks("B", width, height).points.copy()
    points[:, :2] = (points[:, :2] - 0.5) * scale + 0.5 + shift
    landmarks = HandLandmarks(points)
    rest = 1 - confidence
    return FrameReading(
        width=width,
        height=height,
        detection=HandDetection(landmarks, "Right", 0.9),
        box=box_around(landmarks, width, height, 1.4),
        crop=None,
        prediction=LetterPrediction((letter, "?"), np.array([confidence, rest], np.float32)),
        ms=StageTimes(1, 1, 2),
    )


def without_hand(reading):
    return dataclasses.replace(reading, detection=None, box=None, prediction=None)


def without_letter(reading):
    return dataclasses.replace(reading, prediction=None)


def pixel(picture, point):
    x, y = np.round(point).astype(int)
    return tuple(int(v) for v in picture[y, x])


def label_area(reading, mirrored=False):
    """Return left, top, right and bottom of what the letter adds to the picture."""
    frame = grey_frame(reading.width, reading.height)
    plain = draw_reading(frame, without_letter(reading), mirrored)
    changed = (draw_reading(frame, reading, mirrored) != plain).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def letter_height(reading):
    """Count the rows that hold text on a frame without a hand's white lines near the label."""
    frame = np.zeros((reading.height, reading.width, 3), np.uint8)
    left, top, right, bottom = label_area(reading)
    plate = draw_reading(frame, reading)[top:bottom, left:right]
    text = (plate.astype(int) - BOX_COLOUR).sum(axis=2) > 150
    inner = text[3:-3, : int((right - left) * 0.45)]  # the letter is left, the percentage right
    return int(inner.any(axis=1).sum())


@pytest.mark.parametrize("mirrored", [False, True], ids=["plain", "mirrored"])
def test_the_frame_stays_untouched(mirrored):
    frame = grey_frame()
    frame.flags.writeable = False
    picture = draw_reading(frame, reading_of(), mirrored)
    assert (frame == GREY).all()
    assert picture.shape == frame.shape
    assert picture.dtype == np.uint8
    assert not np.shares_memory(picture, frame)


def test_landmarks_stay_untouched():
    reading = reading_of()
    before = reading.detection.landmarks.points.copy()
    draw_reading(grey_frame(), reading, mirrored=True)
    assert np.array_equal(reading.detection.landmarks.points, before)


@pytest.mark.parametrize("mirrored", [False, True], ids=["plain", "mirrored"])
def test_nothing_is_drawn_without_a_hand(mirrored):
    frame = np.random.default_rng(1).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    picture = draw_reading(frame, without_hand(reading_of(64, 48)), mirrored)
    assert np.array_equal(picture, frame[:, ::-1] if mirrored else frame)
    assert not np.shares_memory(picture, frame)


def test_each_finger_has_its_colour():
    reading = reading_of(1280, 960)
    picture = draw_reading(grey_frame(1280, 960), reading)
    points = reading.detection.landmarks.pixels(1280, 960)
    for finger, tip in enumerate(TIPS):
        assert pixel(picture, (points[tip - 1] + points[tip]) / 2) == FINGER_COLOURS[finger]


def test_every_joint_stands_out_from_its_finger():
    reading = without_letter(reading_of(1280, 960))
    picture = draw_reading(grey_frame(1280, 960), reading)
    for point in reading.detection.landmarks.pixels(1280, 960):
        assert pixel(picture, point) == PALM_COLOUR


def test_every_bone_is_drawn():
    reading = reading_of(1280, 960)
    picture = draw_reading(grey_frame(1280, 960), reading)
    points = reading.detection.landmarks.pixels(1280, 960)
    for start, end in BONES:
        middle = pixel(picture, (points[start] + points[end]) / 2)
        assert np.abs(np.subtract(middle, GREY)).max() > 60


def test_the_box_is_drawn_where_it_is():
    reading = reading_of()
    picture = draw_reading(grey_frame(), without_letter(reading))
    box = reading.box
    for point in ((box.left, box.top + 9), (box.right - 1, box.bottom - 9)):
        assert pixel(picture, point) == BOX_COLOUR
    assert pixel(picture, (box.left + 12, box.top + 12)) == (GREY,) * 3
    assert pixel(picture, (box.left - 6, box.top + 9)) == (GREY,) * 3


def test_no_letter_no_label():
    picture = draw_reading(grey_frame(), without_letter(reading_of()))
    assert (picture[: reading_of().box.top - 4] == GREY).all()


def test_the_label_stands_on_a_solid_plate_above_the_box():
    reading = reading_of()
    left, top, right, bottom = label_area(reading)
    assert left == reading.box.left
    assert bottom == pytest.approx(reading.box.top, abs=3)
    plate = draw_reading(grey_frame(), reading)[top : bottom - 3, left:right]
    assert not (plate == GREY).all(axis=2).any()
    assert (plate == TEXT_COLOUR).all(axis=2).sum() > 50


def test_the_label_says_the_letter_and_how_sure():
    pictures = [
        draw_reading(grey_frame(), reading_of(letter=letter, confidence=confidence))
        for letter, confidence in (("B", 0.97), ("W", 0.97), ("B", 0.62))
    ]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


@pytest.mark.parametrize(
    ("width", "height"), [(320, 240), (640, 480), (1280, 720), (4000, 3000)], ids=str
)
def test_the_letter_is_readable_at_every_size(width, height):
    tall = letter_height(reading_of(width, height, scale=0.5))
    assert tall >= 14
    assert tall == pytest.approx(max(15, min(width, height) / 12), rel=0.2)


@pytest.mark.parametrize(
    "shift",
    [(-0.5, 0), (0.5, 0), (0, -0.5), (0, 0.5), (-0.5, -0.5), (0.5, 0.5), (3, -3)],
    ids=["left", "right", "top", "bottom", "top_left", "bottom_right", "far_outside"],
)
@pytest.mark.parametrize("scale", [0.5, 2.5], ids=["small", "larger_than_the_frame"])
def test_the_label_stays_whole_at_the_edge(shift, scale):
    left, top, right, bottom = label_area(reading_of(scale=scale, shift=shift))
    whole = label_area(reading_of(scale=0.5))
    assert right - left == pytest.approx(whole[2] - whole[0], abs=8)
    assert bottom - top == pytest.approx(whole[3] - whole[1], abs=8)


def test_the_label_goes_below_where_there_is_no_room_above():
    reading = reading_of(scale=0.5, shift=(0, -0.3))
    assert label_area(reading)[1] == pytest.approx(reading.box.bottom, abs=4)


@pytest.mark.parametrize(("width", "height"), [(40, 30), (16, 200), (8, 8)], ids=str)
def test_tiny_frames_are_drawn_too(width, height):
    picture = draw_reading(grey_frame(width, height), reading_of(width, height))
    assert picture.shape == (height, width, 3)
    assert (picture != GREY).any()


def test_lines_scale_with_the_hand():
    def share_covered(scale):
        reading = without_letter(reading_of(1280, 960, scale))
        covered = (draw_reading(grey_frame(1280, 960), reading) != GREY).any(axis=2).sum()
        return covered / reading.box.side**2

    assert share_covered(1.0) == pytest.approx(share_covered(0.5), rel=0.25)


def test_mirrored_landmarks_fall_on_the_mirrored_hand():
    reading = without_letter(reading_of(shift=(0.1, 0)))
    frame = grey_frame()
    frame[:, :320] = 30
    plain, mirrored = draw_reading(frame, reading), draw_reading(frame, reading, mirrored=True)
    points = reading.detection.landmarks.pixels(640, 480)
    points[:, 0] = 639 - points[:, 0]
    for finger, tip in enumerate(TIPS):
        assert pixel(mirrored, points[tip]) == PALM_COLOUR
        between = (2 * points[tip] + 3 * points[tip - 1]) / 5
        assert pixel(mirrored, between) == FINGER_COLOURS[finger]
    differs = np.abs(mirrored[:, ::-1].astype(int) - plain).max(axis=2) > 120
    assert differs.mean() < 0.002


def test_text_is_not_mirrored():
    reading = reading_of(letter="R")
    frame = grey_frame()
    left, top, right, bottom = label_area(reading)
    plain = draw_reading(frame, reading)[top : bottom - 4, left + 4 : right]
    left, _, right, _ = label_area(reading, mirrored=True)
    mirrored = draw_reading(frame, reading, True)[top : bottom - 4, left + 4 : right]
    assert np.array_equal(plain, mirrored)
    assert not np.array_equal(plain, plain[:, ::-1])


def test_a_frame_of_another_size_is_refused():
    with pytest.raises(ValueError, match="a 320x240 frame, read was 640x480"):
        draw_reading(grey_frame(320, 240), reading_of())
