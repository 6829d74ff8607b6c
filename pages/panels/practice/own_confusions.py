"""The learner's own confusions, in the form that the confusion matrix draws."""

import numpy as np

from asl_core.alphabet import LETTERS
from asl_core.practice.progress import Progress, Skill
from asl_core.records.evaluation_report import NO_HAND
from pages.panels.metrics.confusion_counts import ConfusionCounts


def own_confusions(progress: Progress, skill: Skill) -> ConfusionCounts:
    """Count which letter was answered with which; NO_HAND stands for a letter left out."""
    answers = (*LETTERS, NO_HAND)
    counts = np.zeros((len(LETTERS), len(answers)), np.int64)
    for entry in progress.confusions:
        if entry.skill == skill:
            column = answers.index(entry.answer or NO_HAND)
            counts[LETTERS.index(entry.letter), column] += entry.count
    kept = counts.sum(axis=1) > 0
    labels = tuple(name for name, keep in zip(LETTERS, kept, strict=True) if keep)
    return ConfusionCounts(labels, answers, counts[kept])
