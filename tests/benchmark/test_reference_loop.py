from types import SimpleNamespace

import numpy as np
import pytest
import torch
from mediapipe.tasks.python import vision
from torch import nn

from asl_core.benchmark.reference_loop import ReferenceLoop
from asl_core.letters.preprocessing import IMAGENET_MEAN, IMAGENET_STD

WIDTH, HEIGHT = 100, 80


class NotingNetwork(nn.Module):
    """Keeps its input; class 1 has twice the odds of class 0."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, pictures):
        self.seen.append(pictures)
        return torch.log(torch.tensor([[1.0, 2.0]])).expand(len(pictures), 2)


class BoxLandmarker:
    """Finds a hand whose points span `box` in pixels, or none."""

    box = (30, 30, 50, 40)

    def detect(self, image):
        if self.box is None:
            return SimpleNamespace(hand_landmarks=[])
        left, top, right, bottom = self.box
        xs, ys = np.linspace(left, right, 21) / WIDTH, np.linspace(top, bottom, 21) / HEIGHT
        marks = [SimpleNamespace(x=x + 1e-6, y=y + 1e-6) for x, y in zip(xs, ys, strict=True)]
        return SimpleNamespace(hand_landmarks=[marks])

    def close(self):
        """Nothing to free."""


@pytest.fixture
def options():
    """Return the list that keeps what MediaPipe was made with."""
    return []


@pytest.fixture
def loop(monkeypatch, options):
    landmarker = BoxLandmarker()

    def create(given):
        options.append(given)
        return landmarker

    monkeypatch.setattr(vision.HandLandmarker, "create_from_options", create)
    return ReferenceLoop(SimpleNamespace(classes=("A", "B"), network=NotingNetwork()))


@pytest.fixture
def frame():
    return np.random.default_rng(6).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.mark.usefixtures("loop")
def test_uses_the_references_detector_settings(options):
    (given,) = options
    assert given.num_hands == 1
    assert given.running_mode == vision.RunningMode.IMAGE
    assert given.min_hand_detection_confidence == 0.5


@pytest.mark.parametrize(
    ("box", "rows", "columns"),
    [
        pytest.param((30, 30, 50, 40), (10, 60), (10, 70), id="20 pixels around it"),
        pytest.param((5, 10, 20, 70), (0, 80), (0, 40), id="cut off at the edges"),
    ],
)
def test_crops_the_padded_bounding_box(loop, frame, box, rows, columns):
    loop.landmarker.box = box
    crop = loop.find_hand(frame)
    assert (crop == frame[slice(*rows), slice(*columns)]).all()


def test_the_crop_is_stretched_to_224_and_normalised(loop):
    crop = np.zeros((20, 60, 3), np.uint8)
    crop[10:] = 255
    scored = loop.classify(crop)
    assert (scored.label, scored.confidence) == ("B", pytest.approx(2 / 3))
    (picture,) = loop.network.seen
    assert picture.shape == (1, 3, 224, 224)
    assert picture.dtype == torch.float32
    for channel, (mean, std) in enumerate(zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)):
        assert picture[0, channel, 0, 0].item() == pytest.approx(-mean / std, abs=1e-4)
        assert picture[0, channel, -1, -1].item() == pytest.approx((1 - mean) / std, abs=1e-4)


def test_reading_a_frame_gives_the_time_of_each_stage(loop, frame):
    times = loop.read(frame)
    assert times.has_hand
    assert times.total == pytest.approx(times.detect + times.classify)
    assert len(loop.network.seen) == 1


def test_without_a_hand_nothing_is_classified(loop, frame):
    loop.landmarker.box = None
    assert not loop.read(frame).has_hand
    assert loop.network.seen == []
