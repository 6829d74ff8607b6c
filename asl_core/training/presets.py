"""The named sets of training settings: ours, the reference's and the tutorial's."""

from dataclasses import replace

from asl_core.letters.architectures import BASELINE_CNN
from asl_core.training.settings import Augmentation, TrainingSettings

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
    view="whole",
    class_set="kaggle29",
    division="random",
)
"""The recipe of the published recognizer that this project compares itself with."""

TUTORIAL = TrainingSettings(
    preset="tutorial",
    epochs=10,
    stages=((1.0, 64),),
    augmentation=Augmentation(),
    optimizer="adam",
    learning_rate=1e-3,
    weight_decay=0.0,
    schedule="constant",
    batch_size=32,
    architecture=BASELINE_CNN.name,
    view="whole",
    normalisation="unit",
    class_set="kaggle29",
    division="random-80-20",
)
"""The recipe of the tutorial system that this project compares itself with."""

TUTORIAL_CROPS = replace(
    TUTORIAL,
    preset="tutorial-crops",
    view="hand",
    division="signer",
    photos_per_epoch=4_640,
)
"""The tutorial's network, optimizer and number of steps, on hand crops of many signers.

4,640 are the photos of an epoch of `tutorial`, so that only what is shown differs.
"""

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
    landmark_depth=False,
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

COMMANDS = replace(
    STRANGER,
    preset="commands",
    epochs=3,
    photos_per_epoch=6_000,
    stages=((1.0, 112),),
    learning_rate=4e-4,
    frozen_stages=3,
    label_balance=1.0,
    class_set="kaggle29",
)
"""A short course for the 29 classes with del, nothing and space, from the weights of `stranger`.

Labels are drawn equally often: only two signers show del and space.
"""

PRESETS: dict[str, TrainingSettings] = {
    p.preset: p for p in (STRANGER, STRANGER_SECOND, COMMANDS, REFERENCE, TUTORIAL, TUTORIAL_CROPS)
}


def one_sided(settings: TrainingSettings) -> TrainingSettings:
    """Adapt settings to a network that sees right hands only: nothing is mirrored at random."""
    augmentation = replace(settings.augmentation, flip=0.0)
    return replace(settings, augmentation=augmentation, left_hands="mirror", mirrored_look=False)
