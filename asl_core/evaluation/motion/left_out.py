"""Measures at several decisions how a motion model reads signers that it has never seen."""

from dataclasses import replace

from asl_core.alphabet import MOTION_LETTERS
from asl_core.evaluation.motion.measure import read_outcomes, still_streams
from asl_core.letters.motion.model import MotionModel
from asl_core.photos.motion_sequences import WRONG_FINGER, MotionSequence, find_stroke
from asl_core.records.motion_report import DecisionScore, LeftOutScore

DECISIONS: tuple[float, ...] = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_STILL_EVERY = 4
"""Of the still letters every fourth is joined to the streams, to save time."""


def measure_left_out(
    model: MotionModel, sequences: tuple[MotionSequence, ...], seed: int
) -> LeftOutScore:
    """Read the J, Z and still letters of signers that `model` was trained without.

    A J or Z of the wrong finger is no letter of ASL and does not count.
    """
    strokes = tuple(s for s in sequences if s.letter in MOTION_LETTERS and _is_asl(s))
    still = [s for s in sequences if s.letter not in MOTION_LETTERS][::_STILL_EVERY]
    scores, minutes = [], 0.0
    for decision in DECISIONS:
        settings = replace(model.settings, j_decision=decision, z_decision=decision)
        candidate = replace(model, settings=settings)
        outcomes = read_outcomes(candidate, strokes)
        right = [o.sequence.letter for o in outcomes if o.is_right]
        streams = still_streams(candidate, still)
        minutes = streams.minutes
        scores.append(
            DecisionScore(decision, right.count("J"), right.count("Z"), streams.false_letters)
        )
    letters = [sequence.letter for sequence in strokes]
    return LeftOutScore(
        tuple(sorted({sequence.signer for sequence in sequences})),
        seed,
        letters.count("J"),
        letters.count("Z"),
        minutes,
        tuple(scores),
    )


def _is_asl(sequence: MotionSequence) -> bool:
    return find_stroke(sequence).fault != WRONG_FINGER
