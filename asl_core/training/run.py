"""From a photo set to a finished run folder: crops, epochs, landmark view, calibration."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric

from asl_core import __version__
from asl_core.errors import RunError, SettingsError
from asl_core.letters.architectures import ARCHITECTURES
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LandmarkClassifier
from asl_core.photos.hand_crops import HandCrops, load_or_cut
from asl_core.photos.photo_set import PhotoSet
from asl_core.photos.split import TRAIN, VALIDATION, divide
from asl_core.photos.whole_pictures import load_or_stretch
from asl_core.records.json_file import read_json, write_json
from asl_core.records.training_run import CLASS_MAPPING_FILE, CONFIG_FILE, MODEL_FILE
from asl_core.training.calibration import calibrate
from asl_core.training.labelled_crops import LabelledCrops, label_crops, turn_weights
from asl_core.training.landmark_network import pixel_points, train_landmark_network
from asl_core.training.loop import BEST_CHECKPOINT, TrainingLoop, TrainingWatcher
from asl_core.training.scenes import SceneMixer
from asl_core.training.settings import TrainingSettings
from asl_core.training.starting_weights import load_start


def train_run(
    photos: PhotoSet,
    settings: TrainingSettings,
    folder: Path,
    start: str,
    crops_folder: Path,
    fabric: Fabric,
    watcher: TrainingWatcher,
    crop_progress: Callable[[str, int, int], None] | None = None,
    scenes_folder: Path | None = None,
) -> Checkpoint:
    """Train on the `train` split, choose on `validation`, and leave a complete run in `folder`.

    `start` is what `load_start` takes. Photos with a label outside of the settings' classes are
    left out. `scenes_folder` holds the pictures that stand in for what is around the hands, where
    the settings ask for that. A run that was cut off goes on, a finished one is given as it is; one
    that was begun with other settings is refused.

    Raises:
        PhotoSetError: the photo set breaks a rule or lacks a split.
        RunError: `folder` holds a run with other settings.
        SettingsError: scenes are asked for and not given.
        ModelFileError: the starting weights cannot be had, or a finished run's file is altered.
    """
    if settings.augmentation.background and scenes_folder is None:
        raise SettingsError(
            f"The preset {settings.preset!r} puts other scenes around hands; name their folder "
            "with --scenes."
        )
    classes = settings.classes
    divided = divide(photos.require_sound(), settings.division)
    parts = {split: divided.of_split(split) for split in (TRAIN, VALIDATION)}
    if fabric.is_global_zero:
        used = {split: part.with_labels(classes) for split, part in parts.items()}
        _begin(folder, divided, used, settings, start)
    fabric.barrier()
    if (folder / MODEL_FILE).exists():  # written last
        return Checkpoint.load(folder)
    if fabric.is_global_zero:
        for split, part in parts.items():
            _pictures(part, crops_folder, split, settings, crop_progress)
    fabric.barrier()
    train, validation = (
        _labelled(_pictures(part, crops_folder, split, settings), settings)
        for split, part in parts.items()
    )
    torch.manual_seed(settings.seed)
    architecture = ARCHITECTURES[settings.architecture]
    network = architecture.build(len(classes))
    load_start(network, start, classes)
    scenes = None
    if settings.augmentation.background and scenes_folder is not None:
        chance = settings.augmentation.background
        scenes = SceneMixer.read(train.crops, scenes_folder, chance, settings.seed)
    loop = TrainingLoop(network, settings, classes, train, validation, folder, fabric, scenes)
    loop.run(watcher)
    fabric.barrier()
    best = architecture.build(len(classes))
    best.load_state_dict(_load(folder / BEST_CHECKPOINT))
    checkpoint = Checkpoint(folder.name, classes, settings.preprocessing, best)
    if fabric.is_global_zero:
        checkpoint = _calibrated(checkpoint, train, validation, settings)
        checkpoint.save(folder)
    fabric.barrier()
    return checkpoint


def _begin(
    folder: Path,
    photos: PhotoSet,
    parts: dict[str, PhotoSet],
    settings: TrainingSettings,
    start: str,
) -> None:
    """Write what the run will do; a folder that was begun otherwise is refused."""
    config: dict[str, Any] = {
        "version": __version__,
        "photo_set": photos.root.name,
        "division": settings.division,
        "start": Path(start).name,
        "classes": list(settings.classes),
        "settings": json.loads(json.dumps(settings.as_json())),
        "photos": {split: len(part.photos) for split, part in parts.items()},
        "signers": {split: len({p.signer for p in part.photos}) for split, part in parts.items()},
    }
    path = folder / CONFIG_FILE
    if path.exists():
        begun = read_json(path)
        changed = [key for key in config if _comparable(begun, key) != _comparable(config, key)]
        if changed:
            raise RunError(
                f"{folder.name} was begun with another {changed[0]!r}; choose another --name, or "
                "delete the folder to begin anew."
            )
        return
    if (folder / MODEL_FILE).exists():
        raise RunError(f"{folder.name} holds a model without {CONFIG_FILE}; choose another --name.")
    write_json(path, config)
    write_json(
        folder / CLASS_MAPPING_FILE, {str(i): name for i, name in enumerate(settings.classes)}
    )


def _comparable(config: dict[str, Any], key: str) -> object:
    """A run that was begun before a setting existed was begun with its default."""
    value = config.get(key)
    return TrainingSettings.from_json(value) if key == "settings" and value else value


def _pictures(
    part: PhotoSet,
    folder: Path,
    split: str,
    settings: TrainingSettings,
    progress: Callable[[str, int, int], None] | None = None,
) -> HandCrops:
    """Give what the networks learn from: hand crops, or whole pictures of the largest size."""

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(split, done, total)

    if settings.view == "whole":
        size = max(size for _, size in settings.stages)
        place = folder / f"whole-{part.root.name}-{settings.division}-{size}" / split
        return load_or_stretch(part, place, size, tell)
    return load_or_cut(part, folder / split, progress=tell)


def _labelled(crops: HandCrops, settings: TrainingSettings) -> LabelledCrops:
    known = np.array([label in settings.classes for label in crops.column("label")])
    return label_crops(crops.select(known), settings.classes, settings)


def _calibrated(
    checkpoint: Checkpoint,
    train: LabelledCrops,
    validation: LabelledCrops,
    settings: TrainingSettings,
) -> Checkpoint:
    """Add the landmark network where the settings have one, and calibrate both on `validation`."""
    landmark_network = None
    if settings.landmark_view:
        landmark_network = _landmark_network(train, checkpoint.classes, settings)
    return calibrate(checkpoint, landmark_network, validation.crops, validation.targets)


def _landmark_network(
    train: LabelledCrops, classes: tuple[str, ...], settings: TrainingSettings
) -> LandmarkClassifier:
    crops = train.crops
    kept = [note not in settings.without_notes for note in crops.column("label_note")]
    chosen = np.flatnonzero(np.array(kept) & crops.found)
    weights = None
    if settings.label_balance:
        weights = turn_weights(crops, chosen, 0.0, settings.label_balance)
    return train_landmark_network(
        pixel_points(crops)[chosen],
        crops.left_hand[chosen],
        train.targets[chosen],
        len(classes),
        settings.seed,
        weights=weights,
    )


def _load(path: Path) -> dict[str, torch.Tensor]:
    weights: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights
