"""How much should J and Z weigh in photos, which cannot show a motion?

    python -m benchmarks.motion_weight

Reads the shipped run's kept evaluation of the validation photos, lessens the probability of J and Z
in each photo, and prints what would be read right. docs/experiments.md tells what was decided.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import typer

from asl_core.alphabet import MOTION_LETTERS
from asl_core.records.evaluation_report import PhotoResult
from asl_core.records.training_run import SHIPPED_RUN, named_run

EVALUATION = "photos-validation"
WEIGHTS = (1.0, 0.7, 0.5, 0.3, 0.1, 0.0)


@dataclass(frozen=True)
class WeightResult:
    """Photos read right with a weight of J and Z, and static letters as a mean over signers."""

    weight: float
    static_right: int
    motion_right: int
    signers_mean: float


def letter_with(photo: PhotoResult, weight: float) -> str | None:
    """Return what is read where J and Z count `weight`, 0-1; None without a hand.

    Of the kept best three at least one is neither, so none that was left out can win.
    """
    if not photo.top:
        return None
    best = max(photo.top, key=lambda entry: entry[1] * _share_of(entry[0], weight))
    return best[0]


def _share_of(label: str, weight: float) -> float:
    return weight if label in MOTION_LETTERS else 1.0


def with_weight(photos: Sequence[PhotoResult], weight: float) -> WeightResult:
    """Read all photos anew with a weight of J and Z."""
    right = {True: 0, False: 0}
    by_signer: dict[str, list[bool]] = defaultdict(list)
    for photo in photos:
        is_right = letter_with(photo, weight) == photo.label
        right[photo.label in MOTION_LETTERS] += is_right
        if photo.label not in MOTION_LETTERS:
            by_signer[photo.signer].append(is_right)
    mean = fmean(fmean(seen) for seen in by_signer.values())
    return WeightResult(weight, right[False], right[True], mean)


def main() -> None:
    """Print a row for each weight."""
    photos = named_run(SHIPPED_RUN).evaluation(EVALUATION).photos
    motion = sum(photo.label in MOTION_LETTERS for photo in photos)
    typer.echo(
        f"| weight | static of {len(photos) - motion:,} | mean of signers | J, Z of {motion} |\n"
        "|---:|---:|---:|---:|"
    )
    for weight in WEIGHTS:
        row = with_weight(photos, weight)
        typer.echo(
            f"| {weight:g} | {row.static_right:,} | {row.signers_mean:.2%} | {row.motion_right} |"
        )


if __name__ == "__main__":
    typer.run(main)
