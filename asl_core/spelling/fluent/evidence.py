"""Adds up, for each tick, what speaks for each letter and for none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asl_core.spelling.fluent.network import BLANK
from asl_core.spelling.fluent.settings import FluentSettings


@dataclass(frozen=True)
class TickEvidence:
    """All that is known of one tick.

    `stream` is the streaming network's answer, log-probabilities `(27,)`, blank first. `shape` and
    `picture` are log-probabilities `(26,)` of the still hand, from its points and from the
    recognizer; None where there is no hand or no answer. `speed` is in hand sizes a second.
    """

    is_seen: bool
    speed: float
    stream: NDArray[np.float32]
    shape: NDArray[np.float32] | None
    picture: NDArray[np.float32] | None


def tick_scores(evidence: TickEvidence, settings: FluentSettings) -> NDArray[np.float64]:
    """Return the scores of blank and 26 letters in nats, float64 `(27,)`.

    The networks' log-probabilities are added with their weights; a still hand's shape counts
    more, the slower the hand is. Blank gains with the hand's speed.
    """
    stream = np.maximum(evidence.stream, settings.stream_floor)
    scores = settings.stream_weight * stream.astype(np.float64)
    still = evidence.picture if evidence.picture is not None else evidence.shape
    if still is not None:
        is_picture = evidence.picture is not None
        weight = settings.picture_weight if is_picture else settings.shape_weight
        weight *= 1 + settings.stillness_gain * np.exp(-evidence.speed / settings.still_speed)
        scores[1:] += weight * np.maximum(still, settings.letter_floor)
        blank = settings.blank_level + settings.blank_per_speed * evidence.speed
        scores[BLANK] += weight * min(blank, 0.0)
    scores[BLANK] += settings.blank_bonus
    return scores
