"""Measures what teaching gives: each signer teaches a run, and it reads their other photos."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from asl_core.alphabet import MOTION_LETTERS, STATIC_LETTERS
from asl_core.evaluation.measurement import Measurement
from asl_core.images import Frame
from asl_core.letters.adaptation.hand_file import hand_text, parse_hand
from asl_core.letters.adaptation.own_letters import HandAdaptation
from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.letters.adaptation.trial import HandTrial, try_hand
from asl_core.letters.prediction import HandEvidence, HandView, LetterPrediction, softmax
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet
from asl_core.records.own_hand_report import OwnHandReport

if TYPE_CHECKING:
    from asl_core.frame_pipeline import FramePipeline

SEEDS = (0, 1, 2)
PHOTOS_A_LETTER = 2


@dataclass(frozen=True)
class SeenPhoto:
    """What the networks made of a photo: one HandEvidence for each view that counted.

    `looks` is empty where no hand was found; which views count is decided by the model's own
    confidence and does not depend on a taught hand. `shown` is what a person teaches with this
    photo.
    """

    photo_id: str
    signer: str
    label: str
    looks: tuple[HandEvidence, ...]
    shown: HandEvidence | None


@dataclass(frozen=True)
class Lesson:
    """A hand as one signer taught it in one draw, after its way through a file."""

    signer: str
    seed: int
    hand: TaughtHand
    trial: HandTrial
    adaptation: HandAdaptation
    file_bytes: int
    seconds: float


def look(pipeline: "FramePipeline", photo: LabelledPhoto, frame: Frame) -> SeenPhoto:
    """Read a photo as a person's own and keep what the networks made of each view."""
    recorder = _Recorder(pipeline)
    reading = recorder.pipeline.read(frame)
    seen = recorder.seen if reading.prediction is not None else []
    shown = reading.prediction.evidence if reading.prediction is not None else None
    return SeenPhoto(
        photo_id=photo.photo_id,
        signer=photo.signer,
        label=photo.label,
        looks=tuple(seen),
        shown=shown,
    )


class _Recorder:
    """A pipeline whose recognizer keeps what it says of each hand."""

    def __init__(self, pipeline: "FramePipeline") -> None:
        from asl_core.frame_pipeline import FramePipeline

        self._recognizer = pipeline.recognizer
        self.calibration = pipeline.recognizer.calibration
        self.preprocessing = pipeline.recognizer.preprocessing
        self.seen: list[HandEvidence] = []
        self.pipeline = FramePipeline(pipeline.detector, self)  # type: ignore[arg-type]

    def recognize(self, hands: Sequence[HandView]) -> list[LetterPrediction]:
        predictions = self._recognizer.recognize(hands)
        self.seen += [p.evidence for p in predictions if p.evidence is not None]
        return predictions


def drawn(photos: Sequence[LabelledPhoto], seed: int) -> dict[str, list[str]]:
    """Draw PHOTOS_A_LETTER photos of each static letter from the first third of each signer's.

    The photos of a signer's letter are taken in the order of their names, which is that of a burst.
    Returns the photo_ids of each signer. Letters with fewer than three photos are left out, since
    their last third is empty.
    """
    random = np.random.default_rng(seed)
    chosen: dict[str, list[str]] = defaultdict(list)
    for (signer, label), names in _by_letter(photos).items():
        if label in STATIC_LETTERS and len(names) >= 3:
            first = names[: -(-len(names) // 3)]
            chosen[signer] += random.permutation(first)[:PHOTOS_A_LETTER].tolist()
    return dict(chosen)


def last_third(photos: Sequence[LabelledPhoto]) -> set[str]:
    """Return the photo_ids of the last third of each letter of each signer; J and Z whole."""
    last: set[str] = set()
    for (_, label), names in _by_letter(photos).items():
        last |= set(names if label in MOTION_LETTERS else names[len(names) - len(names) // 3 :])
    return last


def _by_letter(photos: Sequence[LabelledPhoto]) -> dict[tuple[str, str], list[str]]:
    letters: dict[tuple[str, str], list[str]] = defaultdict(list)
    for photo in sorted(photos, key=lambda p: p.photo_id):
        letters[photo.signer, photo.label].append(photo.photo_id)
    return dict(sorted(letters.items()))


def measure_own_hand(
    measurement: Measurement["FramePipeline"], photo_set: PhotoSet
) -> OwnHandReport:
    """Let each signer of the split teach the run, and count errors on what they did not teach.

    Raises:
        PhotoSetError: there is no such split, or no photo of it can be read.
        RunError: the model's classes cannot be read, or a worker process ended unexpectedly.
    """
    from asl_core.evaluation.own_hand_scores import OwnHandScores

    classes = measurement.run.classes
    photos = measurement.chosen(photo_set).with_labels(classes).photos
    draws = [drawn(photos, seed) for seed in SEEDS]
    tested = last_third(photos)
    wanted = tested.union(*(names for draw in draws for names in draw.values()))
    seen, unreadable = measurement.read(look, [p for p in photos if p.photo_id in wanted])
    by_name = {photo.photo_id: photo for photo in seen}
    lessons = [
        lesson
        for seed, draw in zip(SEEDS, draws, strict=True)
        for signer, names in draw.items()
        if (lesson := teach(measurement.run.name, signer, seed, names, by_name, classes))
    ]
    others = [photo for photo in seen if photo.photo_id in tested]
    if not lessons or not any(photo.label in STATIC_LETTERS for photo in others):
        raise measurement.nothing_read()
    scores = OwnHandScores(classes, lessons, others)
    return scores.report(measurement, unreadable, PHOTOS_A_LETTER)


def teach(
    model: str,
    signer: str,
    seed: int,
    names: Sequence[str],
    seen: Mapping[str, SeenPhoto],
    classes: tuple[str, ...],
) -> Lesson | None:
    """Teach a hand and take it through its file; None where no photo of it shows a hand."""
    hand = TaughtHand(model, "0" * 64)
    for name in names:
        photo = seen.get(name)
        if photo is not None and photo.shown is not None:
            hand = hand.with_photo(photo.label, photo.shown)
    if not hand.photos:
        return None
    content = hand_text(hand).encode()
    started = time.perf_counter()
    hand = parse_hand(content, f"{signer}.json")
    trial, adaptation = try_hand(hand, classes), HandAdaptation(hand, classes)
    seconds = time.perf_counter() - started
    return Lesson(signer, seed, hand, trial, adaptation, len(content), seconds)


def read_with(
    photo: SeenPhoto, adaptation: HandAdaptation | None
) -> tuple[NDArray[np.float32], float]:
    """Return the probabilities `(C,)` of a photo with a hand, and its nearness to a taught one."""
    shares, nearness = [], []
    for evidence in photo.looks:
        if adaptation is None:
            shares.append(softmax(evidence.log_probabilities))
            nearness.append(0.0)
        else:
            own = adaptation.read(evidence)
            shares.append(softmax(own.log_shares))
            nearness.append(own.nearness)
    return np.mean(shares, axis=0, dtype=np.float32), max(nearness)
