import cv2
import numpy as np
import pytest

from asl_core.evaluation.distortions import (
    BLUR_SHARE,
    DISTORTIONS,
    SMALL_HAND_PX,
    hand_side,
    line_kernel,
    turned,
)
from asl_core.hands.landmarks import HandLandmarks

BY_NAME = {distortion.name: distortion for distortion in DISTORTIONS}
HEIGHT, WIDTH = 120, 160


@pytest.fixture
def frame() -> np.ndarray:
    """Return a picture whose left half is dark red, with a bright, skin-coloured hand region."""
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    picture[:, : WIDTH // 2] = (60, 20, 20)
    picture[30:90, 50:110] = (200, 150, 120)
    picture.flags.writeable = False
    return picture


@pytest.fixture
def hand() -> HandLandmarks:
    """Return points around (80, 60) whose bounding box is 64 by 48 pixels."""
    angles = np.arange(21) / 20 * 2 * np.pi
    points = np.zeros((21, 3), np.float32)
    points[:, 0] = 0.5 + 0.2 * np.cos(angles)
    points[:, 1] = 0.5 + 0.2 * np.sin(angles)
    return HandLandmarks(points)


def test_the_eight_of_the_issue_are_there():
    assert list(BY_NAME) == [
        "low light",
        "motion blur",
        "JPEG quality 20",
        "hand at 40 px",
        "turned +30°",
        "turned -30°",
        "other hand",
        "glove colours",
    ]
    assert all(distortion.description for distortion in DISTORTIONS)


@pytest.mark.parametrize("distortion", DISTORTIONS, ids=lambda d: d.name)
def test_each_changes_the_picture_and_does_so_again_alike(distortion, frame, hand):
    before = frame.copy()
    first = distortion.apply(frame, hand, "test/anna/A/000.webp")
    again = distortion.apply(frame, hand, "test/anna/A/000.webp")
    assert first.dtype == np.uint8
    assert first.ndim == 3
    assert np.array_equal(first, again)
    assert not np.array_equal(first, frame)
    assert np.array_equal(frame, before)


@pytest.mark.parametrize("name", ["hand at 40 px", "glove colours"])
def test_what_concerns_the_hand_needs_one(name, frame):
    assert BY_NAME[name].apply(frame, None, "x") is frame


@pytest.mark.parametrize("name", ["low light", "motion blur", "glove colours"])
def test_other_photos_are_drawn_otherwise(name, frame, hand):
    drawn = {BY_NAME[name].apply(frame, hand, f"photo {n}").tobytes() for n in range(8)}
    assert len(drawn) > 1


def test_low_light_is_dark_and_noisy():
    grey = np.full((200, 200, 3), 128, np.uint8)
    dark = BY_NAME["low light"].apply(grey, None, "x").astype(float)
    # (0.1 * 2) ** (1 / 2.2) = 0.48 of the pixel value
    assert dark.mean() == pytest.approx(0.48 * 128, abs=3)
    assert 3 < dark.std() < 12


@pytest.mark.parametrize("length", [2.0, 3.0, 7.5, 20.0])
@pytest.mark.parametrize("angle", [0.0, np.pi / 2, 0.7], ids=["flat", "upright", "slanted"])
def test_a_line_is_as_long_and_as_turned_as_asked(length, angle):
    kernel = line_kernel(length, angle)
    assert kernel.sum() == pytest.approx(1)
    rows, columns = np.indices(kernel.shape) - kernel.shape[0] // 2
    along = columns * np.cos(angle) - rows * np.sin(angle)
    across = columns * np.sin(angle) + rows * np.cos(angle)
    assert (kernel * along).sum() == pytest.approx(0, abs=1e-4)
    # A line of length L has the standard deviation L / sqrt(12); its ends lie in pixels' centres.
    spread = np.sqrt((kernel * along**2).sum())
    assert spread == pytest.approx((length - 1) / np.sqrt(12), abs=0.45)
    assert np.sqrt((kernel * across**2).sum()) < 0.6


def test_blur_follows_the_size_of_the_hand(frame, hand):
    edge = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    edge[:, WIDTH // 2 :] = 255
    small = HandLandmarks(0.5 + (hand.points - 0.5) / 4)
    softened = [
        np.count_nonzero((picture > 0) & (picture < 255))
        for picture in (BY_NAME["motion blur"].apply(edge, h, "photo 3") for h in (small, hand))
    ]
    assert hand_side(frame, hand) == pytest.approx(64, abs=1)
    assert BLUR_SHARE * 64 > 6
    assert softened[1] > 2 * softened[0]


def test_jpeg_makes_blocks(frame):
    noise = np.random.default_rng(0).integers(0, 256, frame.shape, np.uint8)
    coarse = BY_NAME["JPEG quality 20"].apply(noise, None, "x")
    assert coarse.shape == noise.shape
    assert np.abs(coarse.astype(int) - noise).mean() > 20
    flat = np.full((64, 64, 3), (200, 60, 20), np.uint8)
    kept = BY_NAME["JPEG quality 20"].apply(flat, None, "x")
    assert np.abs(kept.astype(int) - flat).max() < 15, "red stays red: RGB and BGR not swapped"


def test_the_hand_becomes_forty_pixels(frame, hand):
    small = BY_NAME["hand at 40 px"].apply(frame, hand, "x")
    assert small.shape == (75, 100, 3)
    assert hand_side(small, hand) == pytest.approx(SMALL_HAND_PX, abs=1)
    smaller = HandLandmarks(0.5 + (hand.points - 0.5) / 2)
    assert BY_NAME["hand at 40 px"].apply(frame, smaller, "x") is frame


@pytest.mark.parametrize(("degrees", "corner"), [(30, "bottom"), (-30, "top")])
def test_turning_cuts_nothing_and_knows_its_direction(degrees, corner):
    picture = np.full((HEIGHT, WIDTH, 3), 50, np.uint8)
    picture[55:65, 5:15] = 250  # at the left edge; anticlockwise it goes down
    result = turned(picture, degrees)
    assert result.shape[0] == pytest.approx(WIDTH * 0.5 + HEIGHT * 0.866, abs=2)
    assert result.shape[1] == pytest.approx(WIDTH * 0.866 + HEIGHT * 0.5, abs=2)
    assert (result > 150).sum() == pytest.approx(300, rel=0.15)
    row = np.argwhere(result[..., 0] > 150)[:, 0].mean()
    assert (row > result.shape[0] / 2) == (corner == "bottom")
    assert result[0, 0] == pytest.approx(50, abs=6), "corners have the colour of the rim"


def test_the_other_hand_is_a_mirror_image(frame):
    result = BY_NAME["other hand"].apply(frame, None, "x")
    assert np.array_equal(result, frame[:, ::-1])
    assert result.flags.c_contiguous


def test_gloves_colour_the_hand_alone(frame, hand):
    results = [BY_NAME["glove colours"].apply(frame, hand, f"photo {n}") for n in range(40)]
    colours = {tuple(result[60, 80].tolist()) for result in results}
    assert len(colours) == 6
    for result in results:
        assert np.array_equal(result[:15], frame[:15])
        assert np.array_equal(result[:, :30], frame[:, :30])


def test_a_glove_keeps_light_and_shade(frame, hand):
    shaded = frame.copy()
    shaded[60:] //= 2
    for n in range(10):
        result = BY_NAME["glove colours"].apply(shaded, hand, f"photo {n}")
        value = cv2.cvtColor(result, cv2.COLOR_RGB2HSV)[..., 2]
        assert value[55, 80] > 1.4 * value[65, 80]
