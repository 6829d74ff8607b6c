"""Every knob of a training run, and the named sets of them."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self

from asl_core.errors import SettingsError


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
    `average_decay` is per optimiser step. `frozen_stages` keeps the first layers as they start: 1
    the stem and the first of the four stages, 2 one stage more. `signer_balance` of 0 draws each
    photo equally often, 1 each signer (`turn_weights`).
    """

    preset: str
    epochs: int
    stages: tuple[tuple[float, int], ...]
    augmentation: Augmentation
    optimizer: Literal["adam", "adamw"] = "adamw"
    learning_rate: float = 1.5e-3
    weight_decay: float = 1e-4
    schedule: Literal["one_cycle", "plateau"] = "one_cycle"
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
    frozen_stages: int = 0
    signer_balance: float = 0.0
    without_notes: tuple[str, ...] = ()
    seed: int = 20261121

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise SettingsError(f"epochs is {self.epochs}; at least 1 is needed.")
        if self.batch_size < 2:
            raise SettingsError(f"batch_size is {self.batch_size}; batch norm needs at least 2.")
        if self.learning_rate <= 0:
            raise SettingsError(f"learning_rate is {self.learning_rate}; it must be above 0.")
        shares = [share for share, _ in self.stages]
        if not shares or shares != sorted(shares) or shares[-1] != 1:
            raise SettingsError(f"The shares of stages must rise to 1, not {shares}.")

    @property
    def input_size(self) -> int:
        """Side in pixels of the finished model's input."""
        return self.stages[-1][1]

    def size_of_epoch(self, epoch: int) -> int:
        """Give the input size in pixels of an epoch; the first epoch is 1."""
        progress = (epoch - 0.5) / self.epochs
        return next(size for share, size in self.stages if progress <= share)

    def as_json(self) -> dict[str, Any]:
        """Give the settings as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read the settings back; keys that are not settings are ignored."""
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        known["augmentation"] = Augmentation(**known["augmentation"])
        known["stages"] = tuple((share, size) for share, size in known["stages"])
        known["without_notes"] = tuple(known.get("without_notes", ()))
        return cls(**known)


REFERENCE = TrainingSettings(
    preset="reference",
    epochs=50,
    stages=((1.0, 224),),
    augmentation=Augmentation(rotation_degrees=15, translation=0.1, flip=0.3, jitter=0.2),
    optimizer="adam",
    learning_rate=1e-3,
    weight_decay=1e-4,
    schedule="plateau",
    early_stopping_patience=10,
    batch_size=32,
)
"""The recipe of the published recogniser that this project compares itself with."""

STRANGER = TrainingSettings(
    preset="stranger",
    epochs=14,
    photos_per_epoch=14_000,
    stages=((0.5, 64), (1.0, 96)),
    augmentation=Augmentation(
        rotation_degrees=22,
        translation=0.08,
        zoom=0.22,
        flip=0.5,
        jitter=0.35,
        gamma=0.8,
        tint=0.12,
        blur=0.2,
        coarse=0.2,
        noise=0.3,
        erase=0.25,
    ),
    label_smoothing=0.1,
    average_decay=0.996,
    mirrored_look=True,
    landmark_view=True,
    frozen_stages=1,
    without_notes=("suspect",),
)
"""Ours: many signers, strong augmentation, growing pictures, averaged weights."""

STRANGER_SECOND = replace(
    STRANGER,
    preset="stranger-second",
    epochs=8,
    stages=((1.0, 112),),
    learning_rate=6e-4,
    augmentation=replace(STRANGER.augmentation, low_light=0.2, background=0.35),
    signer_balance=0.5,
)
"""A second course after `stranger`, from its weights: larger pictures, dark rooms, other scenes."""

PRESETS: dict[str, TrainingSettings] = {p.preset: p for p in (STRANGER, STRANGER_SECOND, REFERENCE)}


def one_sided(settings: TrainingSettings) -> TrainingSettings:
    """Give the settings for a network that sees right hands only: nothing is mirrored at random."""
    augmentation = replace(settings.augmentation, flip=0.0)
    return replace(settings, augmentation=augmentation, left_hands="mirror", mirrored_look=False)
