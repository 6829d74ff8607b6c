"""Trains the second view of a hand: a small network on its 21 landmarks, in about a minute."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from asl_core.letters.classifier import LandmarkClassifier
from asl_core.letters.landmark_features import FEATURE_COUNT, landmark_features
from asl_core.photos.landmark_set import LandmarkSet
from asl_core.training.labelled_crops import LabelledCrops, balanced_weights
from asl_core.training.settings import TrainingSettings

EPOCHS = 60
"""Passes over the photos' hands; with further ones there are as many batches in all."""

SIGNER_BALANCE = 0.5
"""With further hands, a signer with four times as many is drawn twice as often."""

BATCH_SIZE = 512
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 1e-2
LABEL_SMOOTHING = 0.1
ROTATION_DEGREES = 20.0
STRETCH = 0.12
NOISE = 0.02
"""Placement noise as a share of the hand's size, about what MediaPipe jitters between frames."""


def train_landmark_network(
    train: LabelledCrops, settings: TrainingSettings, further: LandmarkSet | None = None
) -> LandmarkClassifier:
    """Train on the found hands of the photos that the image network learns from.

    `further` are hands without photos; those of unknown depth are taken where depth is not told.
    """
    chosen = np.flatnonzero(train.taught & train.crops.found)
    points, left = train.crops.pixel_points[chosen], train.crops.left_hand[chosen]
    targets, signers = train.targets[chosen], train.crops.signers[chosen]
    epochs, balance = EPOCHS, 0.0
    if further is not None:
        known = np.isin(further.labels, settings.classes)
        if settings.landmark_depth:
            known &= ~np.isnan(further.points).any(axis=(1, 2))
        names = list(settings.classes)
        numbers = [names.index(label) for label in further.labels[known].tolist()]
        points = np.concatenate([points, further.points[known]])
        left = np.concatenate([left, np.zeros(len(numbers), np.bool_)])
        targets = np.concatenate([targets, np.array(numbers, np.int64)])
        signers = np.concatenate([signers, further.signers[known]])
        epochs = max(1, round(EPOCHS * len(chosen) / len(points)))
        balance = SIGNER_BALANCE
    if not settings.landmark_depth:
        points[..., 2] = 0
    weights = None
    if balance or settings.label_balance:
        columns = ((signers, balance), (targets, settings.label_balance))
        weights = balanced_weights(len(points), columns)
    return train_on_hands(
        points, left, targets, len(settings.classes), settings.seed, epochs, weights
    )


def train_on_hands(
    points: NDArray[np.float32],
    left: NDArray[np.bool_],
    targets: NDArray[np.int64],
    class_count: int,
    seed: int,
    epochs: int = EPOCHS,
    weights: NDArray[np.float64] | None = None,
    turn_degrees: float = 0.0,
) -> LandmarkClassifier:
    """Train on hands: `points` float32 `(N, 21, 3)` in pixels, `left` bool, `targets` int64 `(N,)`.

    Every hand is mirrored at random, so that a wrong handedness cannot change the letter. `weights`
    `(N,)` with the sum 1 are each hand's chance to be drawn; without them an epoch takes each hand
    once. Hands of known depth are turned out of the picture by about `turn_degrees`.
    """
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = LandmarkClassifier(FEATURE_COUNT, class_count)
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches = max(1, len(points) // BATCH_SIZE)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=LEARNING_RATE, total_steps=epochs * batches + 1
    )
    network.train()
    for _ in range(epochs):
        order = (
            random.permutation(len(points))
            if weights is None
            else random.choice(len(points), len(points), p=weights)
        )
        for chosen in np.array_split(order, batches):
            mirror = left[chosen] ^ (random.random(len(chosen)) < 0.5)
            turned = turn_in_depth(points[chosen], turn_degrees, random)
            features = landmark_features(vary_points(turned, random), mirror)
            logits = network(torch.from_numpy(features))
            loss = F.cross_entropy(
                logits, torch.from_numpy(targets[chosen]), label_smoothing=LABEL_SMOOTHING
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            scheduler.step()
    return network.eval()


def turn_in_depth(
    points: NDArray[np.float32], degrees: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Turn hands `(N, 21, 3)` about the picture's axes; `degrees` is the standard deviation.

    Hands whose z is 0 throughout have no depth that could be turned.
    """
    if not degrees:
        return points
    turned = np.array(points, np.float32)
    centre = turned.mean(axis=1, keepdims=True)
    turned -= centre
    is_deep = turned[..., 2].any(axis=1)
    for axis in (0, 1):
        angle = np.radians(random.normal(0, degrees, len(points))) * is_deep
        cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
        along, depth = turned[..., axis].copy(), turned[..., 2].copy()
        turned[..., axis] = cosine * along - sine * depth
        turned[..., 2] = sine * along + cosine * depth
    return np.asarray(turned + centre, np.float32)


def vary_points(points: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Turn, stretch and jitter hands as other signers, lenses and detectors would."""
    count = len(points)
    centred = points - points.mean(axis=1, keepdims=True)
    angle = random.uniform(-1, 1, count) * math.radians(ROTATION_DEGREES)
    stretch = np.exp(random.uniform(-STRETCH, STRETCH, (count, 3)))
    size = np.sqrt((centred[..., :2] ** 2).sum(-1).mean(-1))[:, None, None]
    varied = centred * stretch[:, None, :] + random.normal(0, NOISE, centred.shape) * size
    x, y = varied[..., 0].copy(), varied[..., 1].copy()
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    varied[..., 0], varied[..., 1] = cosine * x - sine * y, sine * x + cosine * y
    return np.asarray(varied, np.float32)
