"""Chooses on validation how sure a motion model must be before a letter comes out."""

from dataclasses import replace
from typing import Any

from asl_core.evaluation.motion_measure import read_outcomes
from asl_core.letters.motion_model import MotionModel
from asl_core.photos.motion_sequences import MotionSequence

CANDIDATES: tuple[float, ...] = (0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7)
MOST_FALSE = 0.005
"""Share of other letters that may be read as J or Z."""


def choose_decisions(model: MotionModel, sequences: tuple[MotionSequence, ...]) -> MotionModel:
    """Give the model with the decisions that read most J and Z and few other letters.

    As J and Z are told apart by the finger, each is chosen by itself. Of equally good decisions
    the surest is taken.
    """
    chosen = {}
    for letter, name in (("J", "j_decision"), ("Z", "z_decision")):
        own = tuple(sequence for sequence in sequences if sequence.letter == letter)
        candidates = [_decided(model, name, decision) for decision in CANDIDATES]
        shares = [_right_share(candidate, own) for candidate in candidates]
        best = max(range(len(shares)), key=lambda place: (shares[place], place))
        chosen[name] = CANDIDATES[best]
    others = tuple(sequence for sequence in sequences if sequence.letter not in "JZ")
    for decision in CANDIDATES:
        raised: dict[str, Any] = {name: max(value, decision) for name, value in chosen.items()}
        candidate = replace(model, settings=replace(model.settings, **raised))
        if _right_share(candidate, others) >= 1 - MOST_FALSE:
            return candidate
    return candidate


def _decided(model: MotionModel, name: str, decision: float) -> MotionModel:
    changes: dict[str, Any] = {name: decision}
    return replace(model, settings=replace(model.settings, **changes))


def _right_share(model: MotionModel, sequences: tuple[MotionSequence, ...]) -> float:
    outcomes = read_outcomes(model, sequences)
    return sum(outcome.is_right for outcome in outcomes) / max(len(outcomes), 1)
