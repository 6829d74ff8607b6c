"""How well the next signer is read: the mean over signers, with an interval over signers."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import STATIC_LETTERS
from asl_core.records.evaluation_report import EvaluationReport

CLEAR_NOTES = ("ok", "variant")
"""A photo with one of these label notes shows a letter that people tell by eye as well."""

FEWEST_SIGNERS = 2
DRAWS = 10_000
SEED = 0

SIGNER_ACCURACY_DEFINITION = (
    "Mean over signers of the share of their photos that are read correctly: static letters whose "
    "label is clear, each signer with the same weight, no hand found counts as wrong. The interval "
    "holds 95 % of the means of as many signers drawn from these with replacement (percentile "
    "bootstrap, Efron 1979): photos of one person are alike, so people are drawn and not photos."
)
"""What pages say of a SignerAccuracy."""


@dataclass(frozen=True)
class SignerAccuracy:
    """The mean of the signers' accuracies, and the low and high end of its interval; all in 0-1.

    `photos` and `no_hand` count the photos behind it and those in which no hand was found.
    """

    signers: int
    photos: int
    no_hand: int
    accuracy: float
    low: float
    high: float


def signer_accuracy(report: EvaluationReport) -> SignerAccuracy | None:
    """Measure what SIGNER_ACCURACY_DEFINITION says; None of fewer than FEWEST_SIGNERS signers.

    The draws are the same for the same report.
    """
    right: dict[str, list[bool]] = defaultdict(list)
    no_hand = 0
    for photo in report.photos:
        if photo.label in STATIC_LETTERS and photo.label_note in CLEAR_NOTES:
            right[photo.signer].append(photo.is_right)
            no_hand += photo.predicted is None
    if len(right) < FEWEST_SIGNERS:
        return None
    shares = np.array([np.mean(answers) for answers in right.values()])
    low, high = interval_over_signers(shares)
    photos = sum(map(len, right.values()))
    return SignerAccuracy(len(shares), photos, no_hand, float(shares.mean()), low, high)


def interval_over_signers(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the mean's 95 % interval, of one value for each signer, `(S,)`."""
    draws = np.random.default_rng(SEED).integers(len(values), size=(DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)
