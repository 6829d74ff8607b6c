"""Counts which letter was read as which, over all photos of a report or some of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.records.evaluation_report import NO_HAND, EvaluationReport, PhotoResult


@dataclass(frozen=True)
class ConfusedPair:
    """Photos of `label` that were read as `read_as`; `share` in 0-1 is of the label's photos."""

    label: str
    read_as: str
    photos: int
    share: float


@dataclass(frozen=True)
class ConfusionCounts:
    """Number of photos by label and answer.

    `counts` is int64 `(len(labels), len(answers))`; `answers` are the classes that can be read and,
    last, NO_HAND.
    """

    labels: tuple[str, ...]
    answers: tuple[str, ...]
    counts: NDArray[np.int64]

    def count(self, label: str, answer: str) -> int:
        """Return the number of photos of `label` read as `answer`."""
        return int(self.counts[self.labels.index(label), self.answers.index(answer)])

    @property
    def shares(self) -> NDArray[np.float64]:
        """The counts divided by the photos of each label, 0 for a label without photos."""
        totals = self.counts.sum(axis=1, keepdims=True)
        return np.asarray(self.counts / np.maximum(totals, 1), np.float64)

    @property
    def confused_pairs(self) -> tuple[ConfusedPair, ...]:
        """Every wrong answer that occurred, most photos first."""
        shares = self.shares
        pairs = [
            ConfusedPair(label, answer, int(self.counts[i, j]), float(shares[i, j]))
            for i, label in enumerate(self.labels)
            for j, answer in enumerate(self.answers)
            if label != answer and self.counts[i, j]
        ]
        return tuple(sorted(pairs, key=lambda pair: (-pair.photos, -pair.share, pair.label)))

    def of_hardest(self, count: int) -> "ConfusionCounts":
        """Keep the `count` letters with the most wrong answers, and what they are read as."""
        wrong = dict.fromkeys(self.labels, 0)
        for pair in self.confused_pairs:
            wrong[pair.label] += pair.photos
        hardest = set(sorted(self.labels, key=lambda label: -wrong[label])[:count])
        rows = [i for i, label in enumerate(self.labels) if label in hardest]
        columns = [
            j
            for j, answer in enumerate(self.answers)
            if answer in hardest or self.counts[rows, j].any()
        ]
        return ConfusionCounts(
            tuple(self.labels[i] for i in rows),
            tuple(self.answers[j] for j in columns),
            self.counts[np.ix_(rows, columns)],
        )


def count_confusions(
    report: EvaluationReport, photos: Iterable[PhotoResult] | None = None
) -> ConfusionCounts:
    """Return a report's own counts, or count `photos` of it; classes without photos have no row."""
    answers = (*report.classes, NO_HAND)
    if photos is None:
        counts = np.array(report.confusion, np.int64)
    else:
        counts = np.zeros((len(report.classes), len(answers)), np.int64)
        rows = {name: i for i, name in enumerate(report.classes)}
        columns = {name: j for j, name in enumerate(answers)}
        for photo in photos:
            if photo.label in rows and answer_to(photo) in columns:
                counts[rows[photo.label], columns[answer_to(photo)]] += 1
    kept = counts.sum(axis=1) > 0
    labels = tuple(name for name, keep in zip(report.classes, kept, strict=True) if keep)
    return ConfusionCounts(labels, answers, counts[kept])


def answer_to(photo: PhotoResult) -> str:
    """Return what a photo was read as."""
    return photo.answer
