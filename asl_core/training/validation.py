"""What validation photos decide: the best epoch, how views are joined, how sure it may sound."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from lightning_fabric import Fabric
from numpy.typing import NDArray
from torch import nn

from asl_core.alphabet import STATIC_LETTERS
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LandmarkClassifier
from asl_core.letters.model_file import Calibration
from asl_core.letters.prediction import softmax
from asl_core.letters.torch_networks import landmark_log_probabilities
from asl_core.photos.hand_crops import HandCrops
from asl_core.training.augmentation import view_batch
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.settings import TrainingSettings

_BATCH = 64


@torch.inference_mode()
def validation_scores(
    network: nn.Module,
    validation: LabelledCrops,
    settings: TrainingSettings,
    size: int,
    fabric: Fabric,
) -> tuple[float, float]:
    """Measure cross-entropy on found hands, and accuracy as `EpochRow` defines it.

    Crops are shown at `size` pixels, as they are. Each process of `fabric` takes a part of them,
    and all get the same answer. Leaves `network` in eval mode.
    """
    network.eval()
    rows = np.arange(fabric.global_rank, len(validation.crops), fabric.world_size)
    static = torch.tensor([name in STATIC_LETTERS for name in settings.classes])
    found = torch.from_numpy(validation.crops.readable)
    sums = torch.zeros(4)
    for chunk in np.array_split(rows, max(1, len(rows) // _BATCH)):
        if not len(chunk):
            continue
        crops, targets, mirror = validation.batch(chunk)
        views = view_batch(
            fabric.to_device(crops),
            size,
            validation.crops.seen_share(settings.crop_scale),
            mirrored=mirror,
            preprocessing=settings.preprocessing,
        )
        with fabric.autocast():
            logits = network(views).float().cpu()
        seen, counted = found[torch.from_numpy(chunk)], static[targets]
        right = (logits.argmax(1) == targets) & seen & counted
        loss = F.cross_entropy(logits[seen], targets[seen], reduction="sum")
        sums += torch.stack([loss, seen.sum(), right.sum(), counted.sum()])
    total = torch.as_tensor(fabric.all_reduce(fabric.to_device(sums), reduce_op="sum"))
    loss_sum, seen_sum, right_sum, counted_sum = total.tolist()
    return loss_sum / max(seen_sum, 1), right_sum / max(counted_sum, 1)


SHARES = np.round(np.arange(0, 0.85, 0.05), 2)
TEMPERATURES = np.round(np.geomspace(0.2, 3.0, 80), 4)
TARGET_PRECISION = 0.98
"""Share of shown letters that shall be right at the rejection threshold."""
SUFFICES = np.round(np.arange(0.8, 0.985, 0.01), 2)
MOST_CHANGED = 0.003
"""Confidences of the landmark network alone that may suffice, and of how many hands that are above
one the picture may change the letter."""


def calibrate(
    checkpoint: Checkpoint,
    landmark_network: LandmarkClassifier | None,
    validation: LabelledCrops,
) -> Checkpoint:
    """Return the checkpoint with its landmark network and a fitted Calibration.

    On photos with a found hand, or on all where whole pictures are read: the landmark share with
    the highest accuracy over the static letters (each signer weighing the same), then the
    temperature with the lowest negative log-likelihood, then the lowest confidence above which
    TARGET_PRECISION of the letters are right; last the landmark network's own temperature, and
    when it suffices (`landmarks_suffice`).
    """
    readable = validation.crops.readable
    found, truth = validation.crops.select(readable), validation.targets[readable]
    static = np.isin(found.labels, STATIC_LETTERS)
    image = image_log_probabilities(checkpoint, found)
    share, fused, alone = 0.0, image, None
    if landmark_network is not None:
        landmarks = landmark_log_probabilities(
            landmark_network,
            found.pixel_points,
            found.left_hand,
            checkpoint.preprocessing.landmark_depth,
        )
        weights = signer_weights(found.signers)
        share = best_share(image[static], landmarks[static], truth[static], weights[static])
        fused = (1 - share) * image + share * landmarks
        alone = landmarks if share > 0 else None
    temperature = best_temperature(fused, truth)
    threshold = rejection_threshold(softmax(fused / temperature), truth)
    calibration = Calibration(temperature, share, threshold)
    if alone is not None:
        own = best_temperature(alone, truth)
        enough = landmarks_suffice(
            softmax(alone / own), fused, truth, static_classes(checkpoint.classes)
        )
        calibration = dataclasses.replace(
            calibration, landmark_temperature=own, landmarks_suffice=enough
        )
    return dataclasses.replace(
        checkpoint, landmark_network=landmark_network, calibration=calibration
    )


def best_share(
    image: NDArray[np.float32],
    landmarks: NDArray[np.float32],
    truth: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> float:
    """Find the weight in 0-1 of the landmark view with the highest weighted accuracy.

    `image` and `landmarks` are log-probabilities `(N, C)`. Of equally good weights in a row the
    middle one is taken, which depends least on single photos.
    """
    scores = np.array(
        [
            np.average(((1 - s) * image + s * landmarks).argmax(1) == truth, weights=weights)
            for s in SHARES
        ]
    )
    best = np.flatnonzero(scores >= scores.max() - 1e-12)
    return float(SHARES[best[len(best) // 2]])


def best_temperature(logits: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Find the temperature that minimises the mean negative log-likelihood (Guo et al. 2017)."""
    rows = np.arange(len(truth))
    losses = [-np.log(softmax(logits / t)[rows, truth] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def rejection_threshold(probabilities: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Find the lowest confidence at and above which TARGET_PRECISION of the letters are right."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence)
    right = (probabilities.argmax(axis=1) == truth)[order]
    precision = right.cumsum() / np.arange(1, len(right) + 1)
    enough = np.flatnonzero(precision >= TARGET_PRECISION)
    return round(float(confidence[order][enough[-1]]), 4) if len(enough) else 1.0


def landmarks_suffice(
    alone: NDArray[np.float32],
    fused: NDArray[np.float32],
    truth: NDArray[np.int64],
    is_static: NDArray[np.bool_],
) -> float:
    """Find the lowest confidence of the landmark network above which no picture is needed.

    `alone` are its probabilities `(N, C)`, `fused` those of both networks or their logits;
    `is_static` `(C,)` tells which classes may do without. Above it the picture changes the letter
    of at most MOST_CHANGED of the hands, and no fewer are right without it. 1 where there is none.
    """
    mine, theirs = alone.argmax(axis=1), fused.argmax(axis=1)
    for level in SUFFICES:
        above = (alone.max(axis=1) > level) & is_static[mine]
        if not above.any():
            break
        is_changed = (mine != theirs)[above].mean() > MOST_CHANGED
        if not is_changed and (mine == truth)[above].sum() >= (theirs == truth)[above].sum():
            return float(level)
    return 1.0


def static_classes(classes: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which classes are letters that a still hand shows, bool `(C,)`."""
    return np.isin(classes, STATIC_LETTERS)


def image_log_probabilities(checkpoint: Checkpoint, crops: HandCrops) -> NDArray[np.float32]:
    """Ask the image network about kept crops as the recognizer would, float32 `(N, C)`."""
    settings = checkpoint.preprocessing
    network = checkpoint.network.eval().to(memory_format=torch.channels_last)
    as_they_are: list[NDArray[np.float32]] = []
    mirrored: list[NDArray[np.float32]] = []
    for chunk in np.array_split(np.arange(len(crops)), max(1, len(crops) // 64)):
        pixels = torch.from_numpy(crops.crops(chunk))
        zoom = crops.seen_share(settings.crop_scale)
        views = view_batch(pixels, settings.input_size, zoom, preprocessing=settings)
        as_they_are.append(_log_probabilities(network, views))
        mirrored.append(_log_probabilities(network, views.flip(-1)))
    plain, flipped = np.concatenate(as_they_are), np.concatenate(mirrored)
    if settings.mirrored_look:
        return np.asarray((plain + flipped) / 2, np.float32)
    if settings.left_hands == "mirror":
        return np.asarray(np.where(crops.left_hand[:, None], flipped, plain), np.float32)
    return plain


def _log_probabilities(network: nn.Module, views: torch.Tensor) -> NDArray[np.float32]:
    with torch.inference_mode():
        return np.asarray(network(views).float().log_softmax(1).numpy(), np.float32)


def signer_weights(signers: NDArray[np.str_]) -> NDArray[np.float64]:
    """Weigh each photo so that every signer counts the same, float64 `(N,)`."""
    _, index, counts = np.unique(signers, return_inverse=True, return_counts=True)
    return np.asarray(1 / counts[index], np.float64)
