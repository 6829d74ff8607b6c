"""All that streams are made of, and the pool of streams that a network learns from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from asl_core.alphabet import LETTERS
from asl_core.spelling.fluent.features import (
    AGE_FEATURE,
    FEATURE_COUNT,
    mirrored,
    tick_features,
)
from asl_core.spelling.fluent.model import Weights
from asl_core.spelling.fluent.network import BLANK
from asl_core.spelling.fluent.shape_network import shape_log_probabilities
from asl_core.spelling.fluent.ticks import Ticks, ticks_of
from asl_core.training.fluent.stream_maker import SpelledStream, SpelledStreamMaker

IGNORED = -1
"""Target of ticks that only fill up a batch."""

_MOST_TICKS = 260
_POOL = 2000
_LENGTH_BLUR = 24


@dataclass(frozen=True)
class Lesson:
    """A stream as the network sees it.

    `features` is float32 `(K, FEATURE_COUNT)`, `classes` int64 `(K,)` what each tick shows, and
    `letters` the classes of the letters in order.
    """

    features: NDArray[np.float32]
    classes: NDArray[np.int64]
    letters: tuple[int, ...]


@dataclass(frozen=True)
class Batch:
    """Lessons side by side: features `(B, K, F)`, classes `(B, K)`, and each one's lengths."""

    features: Tensor
    classes: Tensor
    ticks: Tensor
    letters: Tensor
    letter_counts: Tensor


def stream_features(ticks: Ticks, shape: Weights) -> NDArray[np.float32]:
    """Return the features of a whole stream, as a FluentReader would."""
    answers = shape_log_probabilities(shape, ticks.points)
    answers[~np.logical_or.accumulate(ticks.is_seen)] = 0
    return tick_features(ticks, answers)


def lesson(stream: SpelledStream, shape: Weights) -> Lesson:
    """Make a lesson of a stream; a long one is cut off."""
    hand = stream.hand
    ticks = ticks_of(hand.times_s, hand.points, hand.is_present)
    kept = slice(_MOST_TICKS)
    ticks = Ticks(ticks.times_s[kept], ticks.points[kept], ticks.age_s[kept])
    classes = np.full(len(ticks), BLANK, np.int64)
    letters = []
    for shown in stream.letters:
        if shown.end_s > ticks.times_s[-1]:
            break
        number = LETTERS.index(shown.letter) + 1
        inside = (ticks.times_s >= shown.start_s - 1e-6) & (ticks.times_s <= shown.end_s + 1e-6)
        classes[inside] = number
        letters.append(number)
    return Lesson(stream_features(ticks, shape), classes, tuple(letters))


@dataclass(frozen=True)
class LessonSource:
    """People who spell, and the landmark network that says what it sees of them."""

    maker: SpelledStreamMaker
    shape: Weights


class LessonPool:
    """Keeps many lessons, each of which is learned from a few times, and then replaced."""

    def __init__(
        self,
        sources: Sequence[LessonSource],
        batch_size: int,
        uses: int,
        random: np.random.Generator,
    ) -> None:
        self._sources, self._random = tuple(sources), random
        self._batch_size, self._new = batch_size, max(1, batch_size // uses)
        self._lessons: list[Lesson] = []
        while len(self._lessons) < 3 * batch_size:
            self._add()

    def _add(self) -> None:
        source = self._sources[int(self._random.integers(len(self._sources)))]
        self._lessons.append(lesson(source.maker.draw(), source.shape))

    def batch(self) -> Batch:
        """Put lessons of about one length side by side, half of them mirrored."""
        for _ in range(self._new):
            self._add()
        del self._lessons[: max(0, len(self._lessons) - _POOL)]
        lengths = np.array([len(entry.classes) for entry in self._lessons])
        wanted = lengths[int(self._random.integers(len(lengths)))]
        far = np.abs(lengths - wanted) + _LENGTH_BLUR * self._random.random(len(lengths))
        return self._side_by_side([self._lessons[i] for i in np.argsort(far)[: self._batch_size]])

    def _side_by_side(self, chosen: list[Lesson]) -> Batch:
        longest = max(len(entry.classes) for entry in chosen)
        features = np.zeros((len(chosen), longest, FEATURE_COUNT), np.float32)
        features[:, :, AGE_FEATURE] = 1.0
        classes = np.full((len(chosen), longest), IGNORED, np.int64)
        for row, entry in enumerate(chosen):
            own = mirrored(entry.features) if self._random.random() < 0.5 else entry.features
            features[row, : len(own)] = own
            classes[row, : len(own)] = entry.classes
        letters = [number for entry in chosen for number in entry.letters]
        return Batch(
            torch.from_numpy(features),
            torch.from_numpy(classes),
            torch.tensor([len(entry.classes) for entry in chosen]),
            torch.tensor(letters, dtype=torch.long),
            torch.tensor([len(entry.letters) for entry in chosen]),
        )

    def spread(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and deviation of the features, `(FEATURE_COUNT,)` each."""
        rows = np.concatenate([entry.features for entry in self._lessons])
        both = np.concatenate([rows, mirrored(rows)])
        return both.mean(axis=0), both.std(axis=0) + 0.1
