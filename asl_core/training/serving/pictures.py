"""The photos that exported networks are fitted to and compared on: those of the training."""

from collections.abc import Callable
from pathlib import Path

from asl_core.errors import RunError
from asl_core.photos.hand_crops import HandCrops, load_or_cut
from asl_core.photos.photo_set import PhotoSet
from asl_core.photos.split import TRAIN, VALIDATION, divide
from asl_core.photos.whole_pictures import load_or_stretch
from asl_core.records.training_run import CONFIG_FILE, TrainingRun
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.settings import TrainingSettings

Tell = Callable[[str, int, int], None]
"""Called after each prepared photo with the split, how many are done, and of how many."""


def kept_pictures(
    photos: PhotoSet, split: str, settings: TrainingSettings, crops_folder: Path, tell: Tell
) -> HandCrops:
    """Load what networks learn from: hand crops, or whole pictures of the largest size.

    `photos` are those of the split; they are prepared first where `crops_folder` lacks them.

    Raises:
        PhotoSetError: see `load_or_cut` and `load_or_stretch`.
    """

    def progress(done: int, total: int) -> None:
        tell(split, done, total)

    if settings.view == "whole":
        size = max(size for _, size in settings.stages)
        place = crops_folder / f"whole-{photos.root.name}-{settings.division}-{size}" / split
        return load_or_stretch(photos, place, size, progress)
    return load_or_cut(photos, crops_folder / split, progress=progress)


def serving_pictures(
    run: Path, photos: PhotoSet, crops_folder: Path, tell: Callable[[str], None]
) -> tuple[LabelledCrops, LabelledCrops]:
    """Return the training and the validation photos of a run, divided as its settings say.

    Raises:
        RunError: the run was trained on another photo set, or its settings are missing.
        PhotoSetError: the photo set breaks a rule, or its photos cannot be prepared.
    """
    config = TrainingRun(run).config
    trained_on = config.get("photo_set")
    if trained_on != photos.root.name:
        raise RunError(
            f"{run.name} was trained on the photo set {trained_on!r}, not on {photos.root.name!r}."
        )
    try:
        settings = TrainingSettings.from_json(config["settings"])
    except KeyError:
        raise RunError(f"{run.name}/{CONFIG_FILE} names no settings.") from None
    divided = divide(photos.require_sound(), settings.division)

    def said(split: str, done: int, total: int) -> None:
        if done == total:
            tell(f"{total} photos of {split} are cut.")

    train, validation = (
        LabelledCrops.of(
            kept_pictures(divided.of_split(split), split, settings, crops_folder, said), settings
        )
        for split in (TRAIN, VALIDATION)
    )
    return train, validation
