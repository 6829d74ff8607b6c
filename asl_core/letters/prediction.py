"""What a recognizer is given of one hand, and what it says: every class with its probability."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from asl_core.images import Frame


@dataclass(frozen=True)
class HandView:
    """What a recognizer is given of one hand.

    `crop` is RGB uint8 `(S, S, 3)` with S the preprocessing's `input_size`. `points` is float32
    `(21, 3)` in pixels of the Frame, None where no landmarks are known. `is_left` tells a left
    hand of an unmirrored picture.
    """

    crop: Frame
    points: NDArray[np.float32] | None
    is_left: bool = False


@dataclass(frozen=True)
class ScoredLabel:
    """A class label and its calibrated confidence in 0-1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class HandEvidence:
    """What the networks made of one hand, before anything is known of whose hand it is.

    `log_probabilities` float32 `(C,)`: the fused and calibrated ones of every class. `picture`
    float32 `(P,)` and `landmarks` float32 `(L,)`: the features of each network's last part, scaled
    to length 1; those of the crop as it is, so that video, with its one look, has the same.
    `landmarks` is None where no landmark network was asked.
    """

    log_probabilities: NDArray[np.float32]
    picture: NDArray[np.float32]
    landmarks: NDArray[np.float32] | None


@dataclass(frozen=True)
class LetterPrediction:
    """Every class of a model with its probability.

    `probabilities` is float32 `(C,)`, sums to 1, in the order of `classes`. `image_best` and
    `landmark_best` are the best classes of each network alone, None where it was not asked.
    `evidence` is what adaptation to a person's hand works on, None where the prediction comes from
    elsewhere. `nearness` tells how much the hand is like the nearest one that this recognizer was
    taught, at most 1; None where it was taught none. `landmarks_suffice` says that the landmark
    network alone is sure enough of the best class that a picture of this hand would not change it.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    image_best: ScoredLabel | None = None
    landmark_best: ScoredLabel | None = None
    evidence: HandEvidence | None = field(default=None, compare=False, repr=False)
    nearness: float | None = None
    landmarks_suffice: bool = False

    def __post_init__(self) -> None:
        if self.probabilities.shape != (len(self.classes),):
            raise ValueError(
                f"{len(self.classes)} classes need as many probabilities, "
                f"not shape {self.probabilities.shape}"
            )

    @cached_property
    def ranked(self) -> tuple[ScoredLabel, ...]:
        """All classes, most probable first; equal ones in class order."""
        order = np.argsort(-self.probabilities, kind="stable")
        return tuple(ScoredLabel(self.classes[i], float(self.probabilities[i])) for i in order)

    @cached_property
    def best(self) -> ScoredLabel:
        """The most probable class, the first of equal ones."""
        place = int(self.probabilities.argmax())
        return ScoredLabel(self.classes[place], float(self.probabilities[place]))

    @property
    def model_probabilities(self) -> NDArray[np.float32]:
        """The model's own share of each class, float32 `(C,)`, before a taught hand had its say."""
        if self.evidence is None:
            return self.probabilities
        return np.asarray(np.exp(self.evidence.log_probabilities), np.float32)

    def top(self, count: int) -> tuple[ScoredLabel, ...]:
        """Return the `count` most probable classes, best first."""
        return self.ranked[:count]

    @property
    def is_by_landmarks(self) -> bool:
        """Whether the landmark network alone was asked."""
        return self.image_best is None and self.landmark_best is not None

    @property
    def views_disagree(self) -> bool:
        """Whether the image and the landmark network, each alone, name different letters."""
        return (
            self.image_best is not None
            and self.landmark_best is not None
            and self.image_best.label != self.landmark_best.label
        )


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits `(..., C)` into probabilities that sum to 1 over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits `(..., C)` into log-probabilities over the last axis."""
    moved = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True)), np.float32)


def unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale rows `(..., F)` to length 1; a row of zeros stays."""
    length = np.linalg.norm(values, axis=-1, keepdims=True)
    return np.asarray(values / np.maximum(length, 1e-9), np.float32)
