import dataclasses

import numpy as np
import pytest
import torch

from asl_core.errors import ModelFileError
from asl_core.letters.preprocessing import IMAGENET_MEAN, IMAGENET_STD, Preprocessing


def test_normalises_as_torchvision_does():
    from torchvision import transforms

    crop = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    reference = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD)]
    )
    ours = Preprocessing(input_size=16).normalise(torch.from_numpy(crop[None]))
    assert ours.dtype == torch.float32
    assert torch.allclose(ours[0], reference(crop), atol=1e-5)


def test_normalised_pictures_are_channels_last():
    crops = np.zeros((2, 16, 16, 3), np.uint8)
    pictures = Preprocessing(input_size=16).normalise(torch.from_numpy(crops))
    assert pictures.shape == (2, 3, 16, 16)
    assert pictures.is_contiguous(memory_format=torch.channels_last)


def test_uses_its_own_mean_and_std():
    settings = Preprocessing(input_size=16, mean=(0.0, 0.2, 1.0), std=(1.0, 0.5, 0.25))
    pictures = settings.normalise(torch.full((1, 1, 1, 3), 255, dtype=torch.uint8))
    assert pictures.flatten().tolist() == pytest.approx([1.0, 1.6, 0.0], abs=1e-6)


def test_json_round_trip_keeps_every_setting():
    settings = Preprocessing(96, 1.9, "mirror", True, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    assert Preprocessing.from_json(settings.as_json()) == settings


GOOD = dataclasses.asdict(Preprocessing())
BROKEN = {
    "size too small": ({"input_size": 8}, "input_size is 8"),
    "size too large": ({"input_size": 100_000}, "input_size is 100000"),
    "size is text": ({"input_size": "128"}, "input_size is '128'"),
    "size has a fraction": ({"input_size": 128.5}, "input_size is 128.5"),
    "crop scale": ({"crop_scale": 0}, "crop_scale is 0"),
    "crop scale is not a number": ({"crop_scale": float("nan")}, "crop_scale is nan"),
    "left hands": ({"left_hands": "flip"}, "left_hands is 'flip'"),
    "mirrored look": ({"mirrored_look": "yes"}, "mirrored_look is 'yes'"),
    "two means": ({"mean": [0.5, 0.5]}, "mean and std need three"),
    "zero std": ({"std": [0.2, 0.0, 0.2]}, "mean and std need three"),
    "endless mean": ({"mean": [0.2, float("inf"), 0.2]}, "mean and std need three"),
    "mean is text": ({"mean": "abc"}, "incomplete"),
    "unknown setting": ({"sharpen": 1}, "incomplete"),
}


@pytest.mark.parametrize(("change", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_refuses_broken_settings(change, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        Preprocessing.from_json({**GOOD, **change})


@pytest.mark.parametrize("values", [{}, [], None, {"input_size": 128}])
def test_refuses_incomplete_settings(values):
    with pytest.raises(ModelFileError, match="incomplete"):
        Preprocessing.from_json(values)
