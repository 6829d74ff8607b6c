"""Photographed hands whose letter a recognizer reads right, to be held before a fluent reader."""

import numpy as np

from asl_core.alphabet import LETTERS, STATIC_LETTERS
from asl_core.letters.prediction import LetterPrediction
from asl_core.photos.hand_crops import HandCrops
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult
from asl_core.training.fluent.made_up import HeldHand


def held_hands(report: EvaluationReport, crops: HandCrops) -> tuple[HeldHand, ...]:
    """Join a report's photos of still letters that were read right with their landmarks.

    The report keeps a photo's likeliest letters; the others share what is left.
    """
    points, left = crops.pixel_points, crops.left_hand
    places = {name: i for i, name in enumerate(crops.photo_ids.tolist())}
    hands = []
    for photo in report.photos:
        place = places.get(photo.photo_id)
        is_right = photo.predicted == photo.label and photo.label in STATIC_LETTERS
        if place is not None and is_right and crops.found[place]:
            hands.append(
                HeldHand(
                    photo.signer, photo.label, points[place], bool(left[place]), _prediction(photo)
                )
            )
    return tuple(hands)


def _prediction(photo: PhotoResult) -> LetterPrediction:
    named = dict(photo.top)
    rest = max(0.0, 1 - sum(named.values())) / max(1, len(LETTERS) - len(named))
    shares = np.array([named.get(letter, rest) for letter in LETTERS], np.float32)
    return LetterPrediction(LETTERS, shares / shares.sum())
