"""The letter of a still hand from its 21 points: the landmark network, run with NumPy alone."""

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import LETTERS
from asl_core.letters.landmark_features import (
    FEATURE_COUNT,
    landmark_features,
    mirrored_features,
)

UNITS = 384

SHAPES: dict[str, tuple[int, ...]] = {
    "layer0.weight": (FEATURE_COUNT, UNITS),
    "layer0.bias": (UNITS,),
    "layer1.weight": (UNITS, UNITS),
    "layer1.bias": (UNITS,),
    "layer2.weight": (UNITS, len(LETTERS)),
    "layer2.bias": (len(LETTERS),),
}
"""Arrays of `letters.classifier.LandmarkClassifier`, its batch norms folded into its layers."""


def shape_log_probabilities(
    weights: dict[str, NDArray[np.float32]], points: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return log-probabilities of the 26 letters, float32 `(K, 26)`, of K hands.

    `points` is float32 `(K, 21, 3)` in pixels; a z that is not known counts as 0. As detectors
    confuse left and right, the answers to the hand and to its mirror image are averaged.
    """
    features = landmark_features(np.nan_to_num(points), np.zeros(len(points), bool))
    values = np.concatenate([features, mirrored_features(features)])
    for name in ("layer0", "layer1"):
        values = values @ weights[f"{name}.weight"] + weights[f"{name}.bias"]
        np.maximum(values, 0, out=values)
    logits = values @ weights["layer2.weight"] + weights["layer2.bias"]
    logits -= logits.max(axis=1, keepdims=True)
    answers = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return np.asarray((answers[: len(points)] + answers[len(points) :]) / 2, np.float32)
