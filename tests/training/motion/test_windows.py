import numpy as np
import pytest

from asl_core.letters.motion.features import STEPS, palm_lengths
from asl_core.letters.motion.model import CLASSES
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.training.motion.clips import gather_material
from asl_core.training.motion.stream import Stream
from asl_core.training.motion.windows import cut_windows, label_at, varied

STROKE = Stream(np.array([0.0, 3.0]), np.zeros((2, 21, 3), np.float32), "Z", 1.0, 2.0)


@pytest.mark.parametrize(
    "end_s, seconds, label",
    [
        (0.9, 1.0, "none"),
        (1.15, 1.0, None),
        (1.5, 1.0, "Z under way"),
        (1.9, 1.0, None),
        (2.0, 1.0, "Z"),
        (2.2, 1.0, "Z"),
        (2.2, 0.6, None),
        (2.4, 1.0, None),
        (2.6, 1.0, "none"),
    ],
)
def test_a_window_is_named_by_its_end(end_s, seconds, label):
    assert label_at(STROKE, end_s, seconds) == label


def test_windows_hold_every_class(sequences_file):
    material = gather_material(read_motion_sequences(sequences_file, "train"))
    windows = cut_windows(material, 40, (0.6, 1.2), np.random.default_rng(0))
    assert windows.hands.shape == (len(windows), STEPS, 21, 3)
    assert set(windows.classes) == set(range(len(CLASSES)))
    assert 0.5 < windows.seconds.min() < windows.seconds.max() < 1.4


def test_variation_mirrors_half_and_keeps_a_hands_size():
    random = np.random.default_rng(0)
    hands = np.repeat(random.normal(0, 1, (1, STEPS, 21, 3)).astype(np.float32), 200, axis=0)
    hands[..., 2] = 0
    result = varied(hands, random)
    area = (result[:, 0, 5, :2] - result[:, 0, 0, :2])[:, 0]
    before = (hands[0, 0, 5, :2] - hands[0, 0, 0, :2])[0]
    assert 60 < (np.sign(area) == np.sign(before)).sum() < 140
    ratio = palm_lengths(result)[:, 0] / palm_lengths(hands)[:, 0]
    assert ratio.min() > 0.6 and ratio.max() < 1.4
