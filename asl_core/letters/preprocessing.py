"""What happens to a crop before a network sees it; the settings travel with the weights."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from asl_core.errors import ModelFileError

if TYPE_CHECKING:
    from torch import Tensor

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
UNIT_MEAN = (0.0, 0.0, 0.0)
UNIT_STD = (1.0, 1.0, 1.0)
"""With these the values stay as they are, in 0-1."""


@dataclass(frozen=True)
class Preprocessing:
    """How a Frame becomes the input of a network.

    `view`: "hand" shows the square around the found hand, "whole" the whole Frame, stretched to a
    square; no hand is sought then. `input_size` is the side of that square in pixels, `crop_scale`
    its side in longer sides of the hand's bounding box, for "hand" only. `left_hands`: "mirror"
    shows every left hand as a right one, "keep" shows it as it is. `mirrored_look`: the mean of the
    log-probabilities of the crop and of its mirror image. `landmark_depth`: whether the landmark
    network is told z; MediaPipe estimates it, and estimates it differently for a stranger. `mean`
    and `std` are RGB, for values in
    0-1.
    """

    input_size: int = 224
    crop_scale: float = 1.4
    left_hands: Literal["mirror", "keep"] = "keep"
    mirrored_look: bool = False
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    view: Literal["hand", "whole"] = "hand"
    landmark_depth: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.input_size, int) or not 16 <= self.input_size <= 1024:
            raise ModelFileError(
                f"input_size is {self.input_size!r}, allowed are whole numbers from 16 to 1024."
            )
        if not 0.5 <= self.crop_scale <= 4:
            raise ModelFileError(f"crop_scale is {self.crop_scale}, allowed are 0.5 to 4.")
        if self.left_hands not in ("mirror", "keep"):
            raise ModelFileError(
                f"left_hands is {self.left_hands!r}, allowed are 'mirror' and 'keep'."
            )
        if self.view not in ("hand", "whole"):
            raise ModelFileError(f"view is {self.view!r}, allowed are 'hand' and 'whole'.")
        for name in ("mirrored_look", "landmark_depth"):
            if not isinstance(getattr(self, name), bool):
                raise ModelFileError(f"{name} is {getattr(self, name)!r}, not true or false.")
        sizes = {len(self.mean), len(self.std)}
        if sizes != {3} or not np.isfinite([*self.mean, *self.std]).all() or min(self.std) <= 0:
            raise ModelFileError(
                "mean and std need three finite numbers each, those of std above 0, "
                f"not {self.mean} and {self.std}."
            )

    def as_json(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read the settings back.

        Raises:
            ModelFileError: a setting is missing, unknown or out of range.
        """
        try:
            tuples = {name: tuple(values[name]) for name in ("mean", "std")}
            return cls(**{**values, **tuples})
        except (TypeError, KeyError) as error:
            raise ModelFileError(f"The preprocessing settings are incomplete: {error}.") from None

    def normalise(self, pixels: "Tensor") -> "Tensor":
        """Turn RGB uint8 `(B, S, S, 3)` into normalised float32 `(B, 3, S, S)`, channels last."""
        return normalise(pixels, self.mean, self.std)


def scale_and_shift(
    mean: tuple[float, ...], std: tuple[float, ...]
) -> tuple[list[float], list[float]]:
    """Return, for R, G and B, by what a value of 0-255 is multiplied and what is then taken off."""
    scale = [1 / (255 * s) for s in std]
    return scale, [m / s for m, s in zip(mean, std, strict=True)]


def normalise(pixels: "Tensor", mean: tuple[float, ...], std: tuple[float, ...]) -> "Tensor":
    """Turn uint8 or 0-255 `(B, S, S, 3)` into float32 `(B, 3, S, S)`: `(value / 255 - mean) / std`.

    The result is in channels-last memory, which convolutions on CPUs and newer GPUs read fastest.
    """
    # Late: exported networks normalise by themselves, and reading with them needs no torch.
    import torch

    scale, shift = (
        torch.tensor(values, device=pixels.device) for values in scale_and_shift(mean, std)
    )
    return (pixels.float() * scale - shift).permute(0, 3, 1, 2)
