"""Which training photos of the later signers have a letter that neither view of the hand believes?

    python -m benchmarks.label_noise ../shared/photos ../shared/later_sources.csv \
        --crops runs/crops --sheets sheets

Cross-validation over signers: a landmark network that learnt from the other signers, joined with
the shipped picture network, which never saw the later ones. Photos whose own letter has hardly a
chance are listed, the most certain first, and drawn on contact sheets to look at. What was found
is in docs/experiments.md.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.prediction import softmax
from asl_core.letters.torch_networks import landmark_log_probabilities
from asl_core.photos.hand_crops import HandCrops, load_or_cut
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core.training.labelled_crops import LabelledCrops
from asl_core.training.landmark_network import train_landmark_network
from asl_core.training.presets import STRANGER_SECOND
from asl_core.training.validation import image_log_probabilities

RESULT = Path(__file__).parent / "results" / "doubtful-labels.csv"

FOLDS = 5
MOST_OF_THE_LABEL, LEAST_OF_ANOTHER = 0.02, 0.8
"""A label is doubted that has at most the one share, where another letter has the other or more."""

LANDMARKS_DOUBT = 0.2
"""The picture network is asked about photos whose label has at most this share by landmarks."""

_SIDE, _COLUMNS, _ROWS = 150, 8, 6


@dataclass(frozen=True)
class Doubt:
    """A photo, its label, what it is read as, and the shares of both."""

    photo_id: str
    label: str
    read_as: str
    label_share: float
    other_share: float


def folds(signers: NDArray[np.str_], count: int = FOLDS) -> NDArray[np.int64]:
    """Number the fold of each photo, int64 `(N,)`; a signer is in one alone, all alike in size."""
    names, sizes = np.unique(signers, return_counts=True)
    filled = np.zeros(count, np.int64)
    fold_of: dict[str, int] = {}
    for place in np.argsort(-sizes, kind="stable"):
        least = int(filled.argmin())
        fold_of[str(names[place])] = least
        filled[least] += sizes[place]
    return np.array([fold_of[name] for name in signers.tolist()], np.int64)


def landmark_answers(
    train: LabelledCrops, shipped: Checkpoint, is_asked: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Ask about each hand a landmark network that knows none of its signer's.

    Returns log-probabilities of the asked photos alone, float32 `(A, C)`.
    """
    crops = train.crops
    answers = np.zeros((len(crops), len(shipped.classes)), np.float32)
    depth = shipped.preprocessing.landmark_depth
    fold = folds(crops.signers)
    for number in range(FOLDS):
        network = train_landmark_network(_part(train, fold != number), STRANGER_SECOND)
        rows = (fold == number) & is_asked
        if rows.any():
            answers[rows] = landmark_log_probabilities(
                network, crops.pixel_points[rows], crops.left_hand[rows], depth
            )
        typer.echo(f"Fold {number + 1} of {FOLDS}")
    return np.asarray(answers[is_asked], np.float32)


def joined_shares(
    landmarks: NDArray[np.float32], crops: HandCrops, shipped: Checkpoint
) -> NDArray[np.float32]:
    """Join the landmark network's answers with the picture network's; float32 `(A, C)`, sums 1."""
    picture = image_log_probabilities(shipped, crops)
    share = shipped.calibration.landmark_share
    joined = ((1 - share) * picture + share * landmarks) / shipped.calibration.temperature
    return softmax(np.asarray(joined, np.float32))


def _part(train: LabelledCrops, keep: NDArray[np.bool_]) -> LabelledCrops:
    return LabelledCrops(
        train.crops.select(keep), train.targets[keep], train.mirror[keep], train.taught[keep]
    )


def doubts(
    shares: NDArray[np.float32],
    targets: NDArray[np.int64],
    photo_ids: Sequence[str],
    classes: Sequence[str],
) -> list[Doubt]:
    """List the photos whose label is doubted, the least likely labels first."""
    rows = np.arange(len(targets))
    own, best = shares[rows, targets], shares.argmax(axis=1)
    other = shares[rows, best]
    chosen = np.flatnonzero((own <= MOST_OF_THE_LABEL) & (other >= LEAST_OF_ANOTHER))
    return [
        Doubt(
            photo_ids[row],
            classes[targets[row]],
            classes[best[row]],
            round(float(own[row]), 4),
            round(float(other[row]), 4),
        )
        for row in chosen[np.argsort(own[chosen], kind="stable")]
    ]


def draw_sheets(found: Sequence[Doubt], crops: HandCrops, folder: Path) -> None:
    """Draw the doubted photos' hands, number, label and reading below each."""
    folder.mkdir(parents=True, exist_ok=True)
    place = {photo_id: row for row, photo_id in enumerate(crops.photo_ids.tolist())}
    each = _COLUMNS * _ROWS
    for start in range(0, len(found), each):
        sheet = Image.new("RGB", (_COLUMNS * _SIDE, _ROWS * (_SIDE + 14)), "white")
        pen = ImageDraw.Draw(sheet)
        for number, doubt in enumerate(found[start : start + each]):
            row, column = divmod(number, _COLUMNS)
            corner = (column * _SIDE, row * (_SIDE + 14))
            pixels = crops.crops(np.array([place[doubt.photo_id]]))[0]
            sheet.paste(Image.fromarray(pixels).resize((_SIDE, _SIDE)), corner)
            text = f"{start + number} {doubt.label}: {doubt.read_as} {doubt.other_share:.2f}"
            pen.text((corner[0] + 2, corner[1] + _SIDE), text, fill="black")
        sheet.save(folder / f"doubts-{start // each:02d}.png")


def main(
    photos: Path,
    later: Annotated[Path, typer.Argument(help="CSV with the later signers in `signer`.")],
    crops: Annotated[Path, typer.Option(help="Where cut crops are kept.")] = Path("runs/crops"),
    sheets: Annotated[Path | None, typer.Option(help="Folder for contact sheets.")] = None,
    output: Annotated[Path, typer.Option(help="The list.")] = RESULT,
) -> None:
    """Write the list and, if asked, the contact sheets."""
    kept = load_or_cut(read_photo_set(photos).of_split("train"), crops / "train")
    train = LabelledCrops.of(kept, STRANGER_SECOND)
    with later.open(encoding="utf-8", newline="") as file:
        names = [row["signer"] for row in csv.DictReader(file)]
    shipped = Checkpoint.load(named_run(SHIPPED_RUN).folder)
    is_asked = train.taught & np.isin(train.crops.signers, names)
    landmarks = landmark_answers(train, shipped, is_asked)
    targets, crops_asked = train.targets[is_asked], train.crops.select(is_asked)
    # The picture is asked where the landmarks alone doubt; with both, few others would be listed.
    is_doubted = softmax(landmarks)[np.arange(len(targets)), targets] <= LANDMARKS_DOUBT
    asked = crops_asked.select(is_doubted)
    shares = joined_shares(landmarks[is_doubted], asked, shipped)
    found = doubts(shares, targets[is_doubted], asked.photo_ids.tolist(), shipped.classes)
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["photo_id", "label", "read_as", "label_share", "other_share"])
        writer.writerows(vars(doubt).values() for doubt in found)
    if sheets is not None:
        draw_sheets(found, asked, sheets)
    typer.echo(f"{len(found)} of {int(is_asked.sum())} labels are doubted: {output}")


if __name__ == "__main__":
    typer.run(main)
