import numpy as np
import pytest
import torch

from asl_core.hands.crop import PAD_COLOUR
from asl_core.letters.preprocessing import IMAGENET_MEAN, IMAGENET_STD, normalise
from asl_core.training.augmentation import view_batch
from asl_core.training.presets import STRANGER
from asl_core.training.settings import Augmentation

NOTHING = Augmentation()


def _ramp(count: int = 2, side: int = 168) -> torch.Tensor:
    """Columns grow brighter to the right, rows greener downwards."""
    picture = np.zeros((side, side, 3), np.uint8)
    picture[..., 0] = np.arange(side)
    picture[..., 1] = np.arange(side)[:, None]
    return torch.from_numpy(np.stack([picture] * count))


def _seed(number: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def test_without_augmentation_the_view_is_the_normalised_centre() -> None:
    crops = _ramp()
    views = view_batch(crops, 84, zoom=0.5)
    expected = normalise(crops[:, 42:126, 42:126], IMAGENET_MEAN, IMAGENET_STD)
    assert views.shape == (2, 3, 84, 84)
    torch.testing.assert_close(views, expected, atol=2e-3, rtol=0)


def test_no_change_asked_is_no_change_made() -> None:
    crops = _ramp()
    plain = view_batch(crops, 96, 0.7)
    torch.testing.assert_close(view_batch(crops, 96, 0.7, NOTHING, generator=_seed()), plain)


def test_mirrored_flag_mirrors_only_its_picture() -> None:
    crops = _ramp()
    plain = view_batch(crops, 96, 0.7)
    views = view_batch(crops, 96, 0.7, mirrored=torch.tensor([True, False]))
    torch.testing.assert_close(views[0], plain[0].flip(-1), atol=1e-4, rtol=0)
    torch.testing.assert_close(views[1], plain[1], atol=1e-4, rtol=0)


def test_certain_flip_mirrors_every_picture() -> None:
    crops = _ramp()
    views = view_batch(crops, 96, 0.7, Augmentation(flip=1.0), generator=_seed())
    torch.testing.assert_close(views, view_batch(crops, 96, 0.7).flip(-1), atol=1e-4, rtol=0)


def test_rotation_turns_without_stretching() -> None:
    """A bright bar keeps its length in every direction."""
    crops = torch.zeros(16, 168, 168, 3, dtype=torch.uint8)
    crops[:, 80:88, 44:124] = 255
    views = view_batch(crops, 168, 1.0, Augmentation(rotation_degrees=90), generator=_seed())
    areas = (views[:, 0] > 0).sum(dim=(1, 2)).float()
    assert areas.min() > 0.9 * 8 * 80
    assert areas.max() < 1.1 * 8 * 80
    assert len({round(float(v[0, 40].sum())) for v in views}) > 8


def test_beyond_the_kept_crop_lies_the_mean_colour() -> None:
    crops = torch.full((1, 168, 168, 3), 255, dtype=torch.uint8)
    views = view_batch(crops, 96, zoom=1.5)
    assert views[0, :, 0, 0].abs().max() == 0
    padding = torch.tensor(PAD_COLOUR).view(1, 1, 1, 3).to(torch.uint8)
    assert normalise(padding, IMAGENET_MEAN, IMAGENET_STD).abs().max() < 0.02


def test_same_seed_same_views_other_seed_other_views() -> None:
    crops = _ramp(8)
    first = view_batch(crops, 64, 0.78, STRANGER.augmentation, generator=_seed(1))
    again = view_batch(crops, 64, 0.78, STRANGER.augmentation, generator=_seed(1))
    other = view_batch(crops, 64, 0.78, STRANGER.augmentation, generator=_seed(2))
    torch.testing.assert_close(first, again)
    assert (first - other).abs().mean() > 0.1


@pytest.mark.parametrize(
    "name", ["jitter", "gamma", "tint", "blur", "coarse", "noise", "erase", "low_light"]
)
def test_each_change_changes_and_stays_finite(name: str) -> None:
    fine = np.random.default_rng(0).integers(0, 255, (32, 168, 168, 3), dtype=np.uint8)
    crops = torch.from_numpy(fine)
    changed = view_batch(crops, 64, 0.78, Augmentation(**{name: 0.5}), generator=_seed(3))
    assert torch.isfinite(changed).all()
    assert (changed - view_batch(crops, 64, 0.78)).abs().max() > 0.05


def test_input_is_left_as_it_was() -> None:
    crops = _ramp()
    before = crops.clone()
    view_batch(crops, 64, 0.78, STRANGER.augmentation, generator=_seed())
    assert torch.equal(crops, before)


def test_normalisation_has_the_documented_formula() -> None:
    pixel = torch.tensor([[[[255, 0, 128]]]], dtype=torch.uint8)
    values = normalise(pixel, IMAGENET_MEAN, IMAGENET_STD).flatten().tolist()
    expected = [
        (v / 255 - m) / s
        for v, m, s in zip((255, 0, 128), IMAGENET_MEAN, IMAGENET_STD, strict=True)
    ]
    assert values == pytest.approx(expected, abs=1e-5)
