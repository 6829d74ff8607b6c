import numpy as np
import pytest

from asl_core.benchmark.frames import HEIGHT, WIDTH, fit_frame, moving_frames


@pytest.mark.parametrize(
    ("height", "width", "inner"),
    [
        pytest.param(240, 320, (slice(None), slice(None)), id="the same shape, half the size"),
        pytest.param(100, 100, (slice(None), slice(80, 560)), id="square: in the middle"),
        pytest.param(100, 400, (slice(160, 320), slice(None)), id="wide: in the middle"),
    ],
)
def test_fits_a_picture_unstretched_into_640_by_480(height, width, inner):
    picture = np.full((height, width, 3), 90, np.uint8)
    picture[:, : width // 2] = 200
    frame = fit_frame(picture)
    assert frame.shape == (HEIGHT, WIDTH, 3)
    rows, columns = frame[inner].shape[:2]
    assert rows / columns == pytest.approx(height / width, rel=0.02)
    assert (frame[:, :300] == 200).all()
    assert (frame[:, 340:] == 90).all()


def test_a_picture_of_that_size_stays_as_it_is():
    picture = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    assert (fit_frame(picture) == picture).all()


def test_the_hand_sways_and_comes_back():
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[220:260, 300:340] = 255
    frames = moving_frames(picture, 12)
    centres = np.array([np.argwhere(f[..., 0] > 128).mean(axis=0)[::-1] for f in frames])
    assert len(frames) == 12
    assert (frames[0] == picture).all()
    assert np.ptp(centres[:, 0]) == pytest.approx(2 * 0.08 * WIDTH, abs=3)
    assert np.ptp(centres[:, 1]) == pytest.approx(2 * 0.05 * HEIGHT, abs=8)
    steps = np.linalg.norm(centres - np.roll(centres, 1, axis=0), axis=1)
    assert steps.max() < 60
