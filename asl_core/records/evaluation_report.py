"""Measured results of one run on named photos, as plain values: no torch, no images."""

from dataclasses import dataclass, field

from asl_core.alphabet import NOTHING
from asl_core.records.definitions import defined_as
from asl_core.records.json_file import JsonRecord

SCHEMA_VERSION = 1
NO_HAND = "no hand"
"""Name of the column in the confusion counts for photos in which no hand was found."""

LANDMARKS_OF_A_HAND = 21

_MACRO = "Unweighted mean of the {} of the group's classes that have photos."


@dataclass(frozen=True)
class Summary:
    """Results over a group of photos; all shares are in 0-1.

    A photo in which no hand is found counts as wrong, except one of the class `nothing`, where that
    is the right answer.
    """

    photos: int
    accuracy: float = field(
        metadata=defined_as(
            "Photos read correctly / all photos. A photo in which no hand is found counts as wrong."
        )
    )
    top3_accuracy: float = field(
        metadata=defined_as(
            "Share of the photos whose letter is among the three most probable answers."
        )
    )
    macro_precision: float = field(metadata=defined_as(_MACRO.format("precision")))
    macro_recall: float = field(metadata=defined_as(_MACRO.format("recall")))
    macro_f1: float = field(metadata=defined_as(_MACRO.format("F1 scores")))
    no_hand_rate: float = field(
        metadata=defined_as("Share of the photos in which no hand was found.")
    )


@dataclass(frozen=True)
class LetterScore:
    """One class, counted over all measured photos; a class without photos has no score.

    `precision`, `recall` and `f1` are in 0-1, `support` is at least 1.
    """

    label: str
    precision: float = field(
        metadata=defined_as(
            "TP / (TP + FP): of the photos read as this class, the share that belong to it."
        )
    )
    recall: float = field(
        metadata=defined_as(
            "TP / (TP + FN): of the photos of this class, the share that were read as it."
        )
    )
    f1: float = field(
        metadata=defined_as(
            "Harmonic mean of precision and recall: 2 x precision x recall / (precision + recall)."
        )
    )
    support: int = field(metadata=defined_as("Number of photos of the class."))


@dataclass(frozen=True)
class SourceScore:
    """One signer's photos of the 24 static letters; shares are in 0-1."""

    source: str
    signer: str
    photos: int
    accuracy: float = field(
        metadata=defined_as(
            "Photos of one signer read correctly / all photos of that signer, over the 24 static "
            "letters."
        )
    )
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
    `sources` holds one score for each signer, `unreadable` one sentence for each photo
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
    expected_calibration_error: float = field(
        metadata=defined_as(
            "Mean of |accuracy - confidence| over the bins of the calibration curve, weighted by "
            "their photos (Guo et al. 2017, equation 3). Only photos in which a hand was found "
            "count; 0 if there is none."
        )
    )
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
