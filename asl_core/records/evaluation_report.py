"""Measured results of one run on named photos, as plain values: no torch, no images."""

from dataclasses import dataclass

from asl_core.alphabet import NOTHING
from asl_core.records.json_file import JsonRecord

SCHEMA_VERSION = 1
NO_HAND = "no hand"
"""Name of the column in the confusion counts for photos in which no hand was found."""

LANDMARKS_OF_A_HAND = 21


@dataclass(frozen=True)
class Summary:
    """Results over a group of photos; a photo without a found hand counts as wrong.

    Only a photo of the class `nothing` is right then: that no hand is there is its answer.

    `accuracy` is right photos / photos; `top3_accuracy` counts a photo as right where the label is
    among the three most probable. The macro figures are unweighted means over the group's labels
    that have photos. All are in 0-1.
    """

    photos: int
    accuracy: float
    top3_accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    no_hand_rate: float


@dataclass(frozen=True)
class LetterScore:
    """One class: precision = TP / (TP + FP), recall = TP / (TP + FN), F1 their harmonic mean.

    Counted over all measured photos. `support` is the number of photos of the class, at least 1:
    a class without photos has no score.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class SourceScore:
    """Accuracy of one signer's photos over the 24 static letters."""

    source: str
    signer: str
    photos: int
    accuracy: float
    no_hand_rate: float


@dataclass(frozen=True)
class CalibrationBin:
    """Photos whose confidence lies in (`low`, `high`]: their mean confidence and accuracy.

    A bin without photos is left out of the report, so `photos` is at least 1.
    """

    low: float
    high: float
    photos: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class PhotoResult:
    """What became of one photo.

    `predicted`, `confidence`, `handedness` and `box` ([left, top, right, bottom] in pixels) are
    None where no hand was found. `top` holds up to three (label, confidence) pairs. `landmarks`
    holds the 21 (x, y) pairs in 0-1 of the photo's `width` and `height`, enough to draw a
    skeleton where the photo itself is not at hand. `brightness` is the photo's mean luma in 0-255.
    """

    photo_id: str
    source: str
    signer: str
    label: str
    label_note: str
    predicted: str | None
    confidence: float | None
    top: tuple[tuple[str, float], ...]
    handedness: str | None
    box: tuple[int, int, int, int] | None
    landmarks: tuple[tuple[float, float], ...]
    width: int
    height: int
    brightness: float

    def __post_init__(self) -> None:
        if len(self.landmarks) not in (0, LANDMARKS_OF_A_HAND):
            raise ValueError(
                f"{self.photo_id} has {len(self.landmarks)} landmarks, "
                f"not {LANDMARKS_OF_A_HAND} or none"
            )

    @property
    def answer(self) -> str:
        """What the photo was read as; without a hand NO_HAND, or NOTHING where that is right."""
        if self.predicted is not None:
            return self.predicted
        return NOTHING if self.label == NOTHING else NO_HAND

    @property
    def is_right(self) -> bool:
        """Whether the answer is the label."""
        return self.answer == self.label


@dataclass(frozen=True)
class LeftOut:
    """Photos of a label that the run's model does not know; they are counted, never judged."""

    label: str
    photos: int


@dataclass(frozen=True)
class EvaluationReport(JsonRecord):
    """One run measured on one split of a photo set.

    `static` covers the 24 letters that a still picture shows completely and holds the headline
    figure, `static.accuracy`; `motion` covers J and Z, `commands` the classes del, nothing and
    space; `overall` all classes. `confusion[i][j]`
    counts photos of `classes[i]` read as `classes[j]`, the last column those without a found hand.
    `expected_calibration_error` is the photo-weighted mean of |accuracy - confidence| over
    `calibration`, for photos in which a hand was found (Guo et al. 2017, equation 3); 0 where there
    is none. `sources` holds one score for each signer, `unreadable` one sentence for each photo
    that could not be decoded (such photos are in no figure). `created` is an ISO 8601 time in UTC.
    """

    is_compact = True

    run: str
    photo_set: str
    split: str
    command: str
    created: str
    classes: tuple[str, ...]
    overall: Summary
    static: Summary
    motion: Summary | None
    letters: tuple[LetterScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    expected_calibration_error: float
    calibration: tuple[CalibrationBin, ...]
    sources: tuple[SourceScore, ...]
    photos: tuple[PhotoResult, ...]
    unreadable: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    commands: Summary | None = None
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        rows, columns = len(self.classes), len(self.classes) + 1
        if [len(row) for row in self.confusion] != [columns] * rows:
            raise ValueError(f"confusion is not {rows} rows of {columns} counts")
