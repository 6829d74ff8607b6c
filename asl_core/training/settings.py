"""Every knob of a training run."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from asl_core.alphabet import KAGGLE_CLASSES, LETTERS
from asl_core.errors import SettingsError
from asl_core.letters.architectures import ARCHITECTURES, RESNET18
from asl_core.letters.preprocessing import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    UNIT_MEAN,
    UNIT_STD,
    Preprocessing,
)
from asl_core.photos.split import Division

CLASS_SETS: dict[str, tuple[str, ...]] = {"letters": LETTERS, "kaggle29": KAGGLE_CLASSES}

NORMALISATIONS = {"imagenet": (IMAGENET_MEAN, IMAGENET_STD), "unit": (UNIT_MEAN, UNIT_STD)}
"""Mean and standard deviation of red, green and blue by name."""


@dataclass(frozen=True)
class Augmentation:
    """Random changes of a training crop; shares are of 0-1, each drawn anew for each picture.

    rotation_degrees: turned by up to this to either side. translation: moved by up to this share
    of the crop. zoom: scaled by a factor of 1/(1+zoom) to 1+zoom. flip: chance of mirroring.
    jitter: brightness, contrast and saturation each scaled by 1 - jitter to 1 + jitter. gamma:
    exponent of 1/(1+gamma) to 1+gamma, dark and bright rooms. tint: each colour channel scaled by
    1 - tint to 1 + tint. blur, coarse, noise, erase: chance of a motion blur, of a reduced
    resolution (24 to 64 pixels), of sensor noise, of a rectangle painted over. low_light: chance
    of a dark room: a half to a tenth of the light, coloured, with noise. background: chance that
    another scene stands around the hand.
    """

    rotation_degrees: float = 0.0
    translation: float = 0.0
    zoom: float = 0.0
    flip: float = 0.0
    jitter: float = 0.0
    gamma: float = 0.0
    tint: float = 0.0
    blur: float = 0.0
    coarse: float = 0.0
    noise: float = 0.0
    erase: float = 0.0
    low_light: float = 0.0
    background: float = 0.0


@dataclass(frozen=True)
class TrainingSettings:
    """What a run needs to be repeated, but for the photos.

    `stages` lists the input size in pixels by share of all epochs, as (share, size) pairs whose
    shares rise to 1; the last size is the model's own. `photos_per_epoch` of 0 means all.
    `architecture` names one of `letters/architectures.py`; `view` is "hand" for the square around
    the hand and "whole" for the whole photo, stretched; `normalisation` is "imagenet" or "unit"
    for values in 0-1. `class_set` is "letters" for A to Z or "kaggle29" for these with del, nothing
    and space; `division` tells how photos are divided (`photos/split.py`).
    With `landmark_view` a network of the 21 landmarks is trained too, on x and y and, with
    `landmark_depth`, z. With no `epochs` the picture network stays as it starts.
    `average_decay` is per optimizer step. `frozen_stages` keeps the first layers as they start: 1
    the stem and the first of the four stages, 2 one stage more. `signer_balance` of 0 draws each
    photo equally often, 1 each signer (`sampling_weights`); `label_balance` does so for labels.
    """

    preset: str
    epochs: int
    stages: tuple[tuple[float, int], ...]
    augmentation: Augmentation
    optimizer: Literal["adam", "adamw"] = "adamw"
    learning_rate: float = 1.5e-3
    weight_decay: float = 1e-4
    schedule: Literal["one_cycle", "plateau", "constant"] = "one_cycle"
    plateau_factor: float = 0.5
    plateau_patience: int = 3
    early_stopping_patience: int = 0
    batch_size: int = 64
    photos_per_epoch: int = 0
    label_smoothing: float = 0.0
    average_decay: float = 0.0
    crop_scale: float = 1.4
    left_hands: Literal["mirror", "keep"] = "keep"
    mirrored_look: bool = False
    landmark_view: bool = False
    landmark_depth: bool = True
    frozen_stages: int = 0
    signer_balance: float = 0.0
    label_balance: float = 0.0
    without_notes: tuple[str, ...] = ()
    seed: int = 20261121
    architecture: str = "resnet18_head"
    view: Literal["hand", "whole"] = "hand"
    normalisation: Literal["imagenet", "unit"] = "imagenet"
    class_set: Literal["letters", "kaggle29"] = "letters"
    division: Division = "signer"

    def __post_init__(self) -> None:
        if self.epochs < 0:
            raise SettingsError(f"epochs is {self.epochs}; it cannot be below 0.")
        if self.batch_size < 2:
            raise SettingsError(f"batch_size is {self.batch_size}; batch norm needs at least 2.")
        if self.learning_rate <= 0:
            raise SettingsError(f"learning_rate is {self.learning_rate}; it must be above 0.")
        shares = [share for share, _ in self.stages]
        if not shares or shares != sorted(shares) or shares[-1] != 1:
            raise SettingsError(f"The shares of stages must rise to 1, not {shares}.")
        self._check_network()

    def _check_network(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise SettingsError(
                f"architecture is {self.architecture!r}; known are {', '.join(ARCHITECTURES)}."
            )
        wanted = ARCHITECTURES[self.architecture].input_size
        sizes = sorted({size for _, size in self.stages})
        if wanted is not None and sizes != [wanted]:
            raise SettingsError(
                f"{self.architecture} takes pictures of {wanted} pixels, the stages say {sizes}."
            )
        if self.frozen_stages and self.architecture != RESNET18.name:
            raise SettingsError(f"frozen_stages is {self.frozen_stages}; only a ResNet18 has any.")
        if self.view == "whole" and (self.landmark_view or self.augmentation.background):
            raise SettingsError(
                f"The preset {self.preset!r} looks at whole pictures, so it cannot use landmarks."
            )
        if self.class_set not in CLASS_SETS:
            raise SettingsError(
                f"class_set is {self.class_set!r}; known are {', '.join(CLASS_SETS)}."
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that are learnt, in the order of the outputs."""
        return CLASS_SETS[self.class_set]

    @property
    def preprocessing(self) -> Preprocessing:
        """What the finished network is shown."""
        mean, std = NORMALISATIONS[self.normalisation]
        return Preprocessing(
            input_size=self.input_size,
            crop_scale=self.crop_scale,
            left_hands=self.left_hands,
            mirrored_look=self.mirrored_look,
            mean=mean,
            std=std,
            view=self.view,
            landmark_depth=self.landmark_depth,
        )

    @property
    def input_size(self) -> int:
        """Side in pixels of the finished model's input."""
        return self.stages[-1][1]

    def size_of_epoch(self, epoch: int) -> int:
        """Return the input size in pixels of an epoch; the first epoch is 1."""
        progress = (epoch - 0.5) / self.epochs
        return next(size for share, size in self.stages if progress <= share)

    def as_json(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read the settings back; keys that are not settings are ignored."""
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        known["augmentation"] = Augmentation(**known["augmentation"])
        known["stages"] = tuple((share, size) for share, size in known["stages"])
        known["without_notes"] = tuple(known.get("without_notes", ()))
        return cls(**known)
