"""From a photo set to a finished run folder: crops, epochs, landmark view, calibration."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric

from asl_core import __version__
from asl_core.errors import RunError, SettingsError
from asl_core.letters.architectures import ARCHITECTURES
from asl_core.letters.checkpoint import Checkpoint
from asl_core.photos.landmark_set import LandmarkSet
from asl_core.photos.photo_set import PhotoSet
from asl_core.photos.split import TRAIN, VALIDATION, divide
from asl_core.records.json_file import read_json, write_json
from asl_core.records.training_run import (
    CLASS_MAPPING_FILE,
    CONFIG_FILE,
    HISTORY_FILE,
    LANDMARK_TRAINING_KEY,
    MODEL_FILE,
)
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.landmark_network import train_landmark_network
from asl_core.training.loop import TrainingLoop, TrainingWatcher
from asl_core.training.scenes import SceneMixer
from asl_core.training.serving.files import write_serving
from asl_core.training.serving.pictures import kept_pictures
from asl_core.training.settings import TrainingSettings
from asl_core.training.starting_weights import load_start
from asl_core.training.validation import calibrate


def flush_denormals() -> None:
    """Treat numbers below 1e-38 as 0, in this thread and in those that torch starts from now on.

    Weight decay fills a network with such denormal numbers while it learns, and a processor takes
    up to a hundred times as long for them. On two threads of an Intel Xeon the reference's
    ResNet18, after 17 epochs, learnt 18 pictures of 112 pixels a second with them and 31 without;
    before the first epoch it has none, and learns 31 either way. Torch's threads take the setting
    from the thread that starts them, with its first computation that is large enough to share; so a
    command calls this before it computes anything.
    """
    torch.set_flush_denormal(True)


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that a run is made of.

    `folder` is the run's own, `crops_folder` where prepared pictures are kept for all runs. `start`
    is what `load_start` takes. `scenes_folder` holds the pictures that replace what is around the
    hands, where the settings ask for that; `landmarks` are hands of further people for the
    landmark network.

    Raises:
        SettingsError: scenes are asked for and not given.
    """

    photos: PhotoSet
    settings: TrainingSettings
    folder: Path
    start: str
    crops_folder: Path
    scenes_folder: Path | None = None
    landmarks: LandmarkSet | None = None

    def __post_init__(self) -> None:
        if self.settings.augmentation.background and self.scenes_folder is None:
            raise SettingsError(
                f"The preset {self.settings.preset!r} puts other scenes around hands; name their "
                "folder with --scenes."
            )


def train_run(plan: TrainingPlan, fabric: Fabric, watcher: TrainingWatcher) -> Checkpoint:
    """Train on the `train` split, choose on `validation`, and leave a complete run in its folder.

    Photos with a label outside of the settings' classes are left out. A run that was cut off goes
    on, a finished one is loaded; one that was begun with other settings is refused.

    Raises:
        PhotoSetError: the photo set breaks a rule or lacks a split.
        RunError: the folder holds a run with other settings.
        ModelFileError: the starting weights cannot be had, or a finished run's file is altered.
    """
    settings = plan.settings
    divided = divide(plan.photos.require_sound(), settings.division)
    parts = {split: divided.of_split(split) for split in (TRAIN, VALIDATION)}
    if fabric.is_global_zero:
        _begin(plan, parts)
    fabric.barrier()
    if (plan.folder / MODEL_FILE).exists():  # written last
        return Checkpoint.load(plan.folder)
    # One process prepares the pictures; the others wait and load what it kept.
    with fabric.rank_zero_first():
        train, validation = (
            LabelledCrops.of(
                kept_pictures(part, split, settings, plan.crops_folder, watcher.on_crop), settings
            )
            for split, part in parts.items()
        )
    torch.manual_seed(settings.seed)
    network = ARCHITECTURES[settings.architecture].build(len(settings.classes))
    load_start(network, plan.start, settings.classes)
    if settings.epochs:
        scenes = _scenes(plan, train)
        loop = TrainingLoop(network, settings, train, validation, plan.folder, fabric, scenes)
        loop.run(watcher)
        fabric.barrier()
        network = ARCHITECTURES[settings.architecture].build(len(settings.classes))
        network.load_state_dict(loop.best_weights())
    elif fabric.is_global_zero:
        _take_history(Path(plan.start), plan.folder)
    checkpoint = Checkpoint(plan.folder.name, settings.classes, settings.preprocessing, network)
    if fabric.is_global_zero:
        landmarks = None
        if settings.landmark_view:
            landmarks = train_landmark_network(train, settings, plan.landmarks)
        checkpoint = calibrate(checkpoint, landmarks, validation)
        checkpoint.save(plan.folder)
        write_serving(checkpoint, plan.folder, train, validation, plan.photos.root.name)
    fabric.barrier()
    return checkpoint


def _begin(plan: TrainingPlan, parts: dict[str, PhotoSet]) -> None:
    """Write what the run will do; a folder that was begun otherwise is refused."""
    classes = plan.settings.classes
    used = {split: part.with_labels(classes).photos for split, part in parts.items()}
    config: dict[str, Any] = {
        "version": __version__,
        "photo_set": plan.photos.root.name,
        "division": plan.settings.division,
        "start": Path(plan.start).name,
        "classes": list(classes),
        **({"landmarks": plan.landmarks.name} if plan.landmarks is not None else {}),
        "settings": json.loads(json.dumps(plan.settings.as_json())),
        "photos": {split: len(photos) for split, photos in used.items()},
        "signers": {split: len({p.signer for p in photos}) for split, photos in used.items()},
    }
    if not plan.settings.epochs:
        config = _of_landmarks_alone(plan, config)
    path = plan.folder / CONFIG_FILE
    if path.exists():
        _require_same(plan.folder.name, read_json(path), config)
        return
    if (plan.folder / MODEL_FILE).exists():
        raise RunError(
            f"{plan.folder.name} holds a model without {CONFIG_FILE}; choose another --name."
        )
    write_json(path, config)
    write_json(plan.folder / CLASS_MAPPING_FILE, {str(i): name for i, name in enumerate(classes)})


def _of_landmarks_alone(plan: TrainingPlan, config: dict[str, Any]) -> dict[str, Any]:
    """Tell how the picture network of the start was trained, and apart from it what is new."""
    begun = Path(plan.start) / CONFIG_FILE
    if not begun.is_file():
        raise SettingsError(
            f"With 0 epochs a run keeps the picture network of another; {plan.start!r} is no run."
        )
    told = ("version", "photo_set", "photos", "signers", "landmarks")
    own = {key: config[key] for key in told if key in config}
    return {**read_json(begun), LANDMARK_TRAINING_KEY: {**own, "seed": plan.settings.seed}}


def _require_same(name: str, begun: dict[str, Any], config: dict[str, Any]) -> None:
    changed = [key for key in config if _comparable(begun, key) != _comparable(config, key)]
    if changed:
        raise RunError(
            f"{name} was begun with another {changed[0]!r}; choose another --name, or "
            "delete the folder to begin anew."
        )


def _take_history(start: Path, folder: Path) -> None:
    """Without epochs of its own, what a run's picture network learned is told by its start."""
    if (start / HISTORY_FILE).is_file():
        shutil.copyfile(start / HISTORY_FILE, folder / HISTORY_FILE)


def _comparable(config: dict[str, Any], key: str) -> object:
    """A run that was begun before a setting existed was begun with its default."""
    value = config.get(key)
    return TrainingSettings.from_json(value) if key == "settings" and value else value


def _scenes(plan: TrainingPlan, train: LabelledCrops) -> SceneMixer | None:
    chance = plan.settings.augmentation.background
    if not chance or plan.scenes_folder is None:
        return None
    return SceneMixer.read(train.crops, plan.scenes_folder, chance, plan.settings.seed)
