"""What a recognizer asks: the two networks of a model, in whatever library computes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from asl_core.letters.landmark_features import landmark_features, mirrored_features


class PictureAnswer(NamedTuple):
    """What a picture network says to B crops.

    `log_probabilities` is float32 `(B, C)`, `features` float32 `(B, F)`: what the network knows of
    the picture before it names a class. Of a ResNet18 these are the 512 averaged channels of its
    last stage.
    """

    log_probabilities: NDArray[np.float32]
    features: NDArray[np.float32]


PictureNetwork = Callable[[NDArray[np.uint8]], PictureAnswer]
"""Takes crops as they are, RGB uint8 `(B, S, S, 3)`."""


class LandmarkAnswer(NamedTuple):
    """What a landmark network says to B hands.

    `log_probabilities` is float32 `(B, C)`, `features` float32 `(B, F)`: what its last layer reads
    the letter from. F is 0 where an older export gives none.
    """

    log_probabilities: NDArray[np.float32]
    features: NDArray[np.float32]


LandmarkNetwork = Callable[[NDArray[np.float32]], LandmarkAnswer]
"""Takes `landmark_features`, float32 `(B, FEATURE_COUNT)`."""


@dataclass(frozen=True)
class LetterNetworks:
    """The networks of a model, ready to be asked.

    `device` is where they compute, such as "cpu"; `form` what computes them, such as
    "int8 in ONNX Runtime". Any number of threads may ask; whether they wait for one another is the
    networks' own affair. `for_video` makes the same for single crops, as a live frame shows.
    """

    picture: PictureNetwork
    landmarks: LandmarkNetwork | None
    device: str
    form: str
    for_video: "Callable[[], LetterNetworks]"


def from_both_sides(
    ask: LandmarkNetwork,
    points: NDArray[np.float32],
    left: NDArray[np.bool_],
    depth: bool = True,
) -> LandmarkAnswer:
    """Ask about N hands.

    `points` is float32 `(N, 21, 3)` in pixels; without `depth` their z is not told. MediaPipe
    confuses left and right on fists, so a hand is looked at as it is said to be and mirrored, and
    the answers are averaged.
    """
    if not depth:
        points = points.copy()
        points[..., 2] = 0
    features = landmark_features(points, left)
    both = np.concatenate([features, mirrored_features(features)])
    return LandmarkAnswer(*map(mean_of_both, ask(both)))


def mean_of_both(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average the first half of the rows with the second."""
    half = len(rows) // 2
    return np.asarray((rows[:half] + rows[half:]) / 2, np.float32)
