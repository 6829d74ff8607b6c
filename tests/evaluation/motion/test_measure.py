from itertools import pairwise

import numpy as np
import pytest

from asl_core.evaluation.motion.left_out import DECISIONS, measure_left_out
from asl_core.evaluation.motion.measure import measure_motion, read_outcomes, thinned
from asl_core.letters.motion.model import CLASSES, SHAPES, MotionModel, MotionSettings
from asl_core.photos.motion_sequences import read_motion_sequences


def always(sureness):
    """A model that finds J and Z in every window; the finger decides which it is.

    Of the little finger both count for J, so it is twice as sure.
    """
    weights = {name: np.zeros((1, *shape), np.float32) for name, shape in SHAPES.items()}
    weights["deviation"] += 1
    shares = {"J": sureness, "Z": sureness, "none": 1 - 2 * sureness}
    known = [shares.get(name, 0.01) for name in CLASSES]
    weights["output.bias"][0] = np.log(known)
    return MotionModel(weights, MotionSettings(j_decision=0.4, z_decision=0.4))


@pytest.fixture(scope="module")
def sequences(sequences_file):
    return read_motion_sequences(sequences_file, "test")


@pytest.fixture(scope="module")
def report(sequences):
    return measure_motion(always(0.45), sequences, "fake", "sequences.npz", "the command")


def test_rows_add_up(report):
    rows = {row.letter: row for row in report.signers}
    assert {letter: row.sequences for letter, row in rows.items()} == {"J": 2, "Z": 2, "other": 8}
    for row in rows.values():
        assert row.signer == "carl"
        wrong = row.other_letter + row.missed + (row.false or row.repeated)
        assert row.right + wrong == row.sequences


def test_still_letters_give_nothing_even_with_a_model_that_always_agrees(report):
    assert report.false_rate == 0
    assert report.still_tracing_share == 0


def test_recall_counts_exactly_one_letter(report):
    j = next(row for row in report.signers if row.letter == "J")
    assert report.recall("J") == j.right / 2
    assert len(report.missed) == sum(
        row.sequences - row.right for row in report.signers if row.letter != "other"
    )


def test_joined_streams_last_as_long_as_their_letters(report, sequences):
    still = [s for s in sequences if s.letter not in "JZ"]
    seconds = sum(len(s.present) for s in still) / 30 + 0.3 * (len(still) - 1)
    assert report.still_streams.minutes * 60 == pytest.approx(seconds, rel=0.1)


def test_costs_and_rates_are_measured(report):
    assert 0 < report.cost.mean_ms <= report.cost.worst_ms
    assert [rate.frames_per_second for rate in report.rates] == [15, 24]


def test_an_unsure_model_misses_all(sequences):
    outcomes = read_outcomes(always(0.3), sequences)
    assert [o.read for o in outcomes if o.is_motion] != [""] * 4
    unsure = MotionModel(always(0.3).weights, MotionSettings(j_decision=0.9, z_decision=0.9))
    assert [o.read for o in read_outcomes(unsure, sequences)] == [""] * len(sequences)


@pytest.mark.parametrize("rate, expected", [(30, 30), (24, 24), (15, 15), (10, 10)])
def test_thinning_keeps_about_the_rate(rate, expected):
    frames = [(n / 30, np.zeros((21, 3), np.float32)) for n in range(30)]
    kept = list(thinned(frames, rate, 0.5))
    seen = [time_s for time_s, points in kept if points is not None]
    assert abs(len(seen) - expected) <= 1
    assert len(kept) - len(seen) == round(0.5 * rate)
    assert all(later > earlier for (earlier, _), (later, _) in pairwise(kept))


@pytest.mark.slow
def test_left_out_signers_are_read_at_each_decision(sequences):
    score = measure_left_out(always(0.3), sequences, seed=3)
    assert (score.signers, score.seed, score.j, score.z) == (("carl",), 3, 2, 2)
    assert [row.decision for row in score.scores] == list(DECISIONS)
    right = [row.j_right for row in score.scores]
    assert right[0] > 0 and right[-1] == 0, "twice 0.3 is sure enough for 0.2 and not for 0.7"
    assert score.minutes > 0
    false = [row.false_letters for row in score.scores]
    assert false[0] > 0 and false[-1] == 0, "the hand glides from letter to letter"
