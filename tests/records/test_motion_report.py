import json
from dataclasses import replace

import pytest

from asl_core.errors import RunError
from asl_core.records.motion_card import motion_card, motion_tables
from asl_core.records.motion_report import (
    LEFT_OUT_FILE,
    DecisionScore,
    FrameCost,
    LeftOutReport,
    LeftOutScore,
    MissedSequence,
    MotionReport,
    RateScore,
    SignerMotion,
    StillStreams,
    left_out_table,
)


@pytest.fixture
def report():
    return MotionReport(
        model="motion-jz",
        sequences="sequences.npz",
        split="test",
        command="python -m asl_core motion evaluate models/motion-jz sequences.npz --split test",
        created="2026-11-22T02:00:00+00:00",
        signers=(
            SignerMotion("anna", "J", 30, 29, 0, 0, 1, 0),
            SignerMotion("anna", "other", 700, 697, 0, 0, 0, 3),
            SignerMotion("ben", "J", 10, 9, 1, 0, 0, 0),
            SignerMotion("ben", "Z", 20, 19, 0, 1, 0, 0),
        ),
        delay_median_s=0.031,
        delay_p95_s=0.124,
        rates=(RateScore(15.0, 0.9, 0.8, 0.01),),
        still_streams=StillStreams(4.0, 2),
        still_tracing_share=0.0123,
        cost=FrameCost(700, 0.31, 0.77),
        missed=(MissedSequence(17, "anna", "J", "", "falls by 0.1 palms"),),
    )


def test_recall_is_over_all_signers(report):
    assert report.recall("J") == 38 / 40
    assert report.recall("Z") == 19 / 20
    assert report.false_rate == 3 / 700
    assert report.count("J") == 40
    assert report.still_streams.per_minute == 0.5


def test_a_report_without_a_letter_gives_zero(report):
    empty = replace(report, signers=())
    assert empty.recall("J") == 0
    assert empty.false_rate == 0


def test_a_saved_report_is_the_same(report, tmp_path):
    report.save(tmp_path / "evaluation-test.json")
    assert MotionReport.load(tmp_path / "evaluation-test.json") == report


def test_a_broken_report_is_a_sentence(report, tmp_path):
    path = tmp_path / "evaluation-test.json"
    report.save(path)
    values = json.loads(path.read_text())
    del values["cost"]["worst_ms"]
    path.write_text(json.dumps(values))
    with pytest.raises(RunError, match=r"cost\.worst_ms is missing"):
        MotionReport.load(path)


def test_tables_say_the_figures(report):
    text = motion_tables(report)
    assert "J recall **95.0%** of 40" in text
    assert "Z recall **95.0%** of 20" in text
    assert "**0.43%** of 700 other letters" in text
    assert "| signer ben, J | 10 | 90.0% | 1 | 0 | 0 | 0 |" in text
    assert "| 15 | 90.0% | 80.0% | 1.00% |" in text
    assert "2 false letters (0.50 a minute)" in text
    assert "0.31 ms of one core on average and 0.77 ms at worst" in text
    assert "17 (anna, J read as nothing; its stroke: falls by 0.1 palms)" in text


@pytest.fixture
def left_out():
    scores = (DecisionScore(0.3, 29, 18, 4), DecisionScore(0.6, 25, 10, 1))
    trainings = (LeftOutScore(("anna", "ben"), 5, 30, 20, 2.5, scores),)
    return LeftOutReport("the command", "2026-11-22T02:00:00+00:00", 1500, 5, 1, trainings)


def test_signers_left_out_have_a_row_each(left_out):
    text = left_out_table(left_out)
    assert "| left out (seed) | 0.3 | 0.6 |" in text
    assert "| anna, ben (5) | J 29/30, Z 18/20, 4 false in 2.5 min | J 25/30, Z 10/20" in text


def test_a_saved_report_of_signers_left_out_is_the_same(left_out, tmp_path):
    left_out.save(tmp_path / LEFT_OUT_FILE)
    assert LeftOutReport.load(tmp_path / LEFT_OUT_FILE) == left_out
    (tmp_path / LEFT_OUT_FILE).write_text('{"command": 3}')
    with pytest.raises(RunError, match=r"left-out\.json"):
        LeftOutReport.load(tmp_path / LEFT_OUT_FILE)


def test_a_note_stands_below_the_figures(report):
    assert "Second look." in motion_tables(replace(report, note="Second look."))


def test_the_card_is_made_of_the_files(report, left_out, tmp_path):
    folder = tmp_path / "motion-jz"
    left_out.save(folder / LEFT_OUT_FILE)
    report.save(folder / "evaluation-test.json")
    settings = {
        "window_seconds": [0.6, 1.0],
        "j_decision": 0.55,
        "z_decision": 0.35,
        "decision_seconds": 0.06,
        "least_extent": 0.6,
    }
    weights = {"networks": 2, "parameters": 12345, "dtype": "float16"}
    model = {"settings": settings, "weights": weights, "steps": 24}
    (folder / "motion.json").write_text(json.dumps(model))
    training = {
        "training": {"epochs": 9, "seed": 4},
        "windows": 5000,
        "signers": ["anna"],
        "sequences": {"J": 7, "Z": 8, "other": 900},
        "left_out": [{"number": 3, "signer": "anna", "letter": "J", "fault": "2 frames"}],
        "photo_hands": 17000,
        "photo_signers": 63,
        "seconds": 120.0,
    }
    (folder / "training.json").write_text(json.dumps(training))
    card = motion_card(folder)
    assert "split test" in card and "split validation" not in card
    assert "probability of 0.55 on, Z from 0.35" in card
    assert "7 J, 8 Z and 900 other sequences" in card
    assert "3 (anna, J: 2 frames)" in card
    assert "2.0 minutes" in card
    assert left_out_table(left_out) in card
    assert "vanished" not in card and "little finger draws" not in card
    settings |= {"ending_share": 0.8, "least_done": 0.15}
    (folder / "motion.json").write_text(json.dumps(model))
    assert (
        'vanished, 80% of a letter\'s "under way" counts as done where at least 0.15 is'
        in motion_card(folder)
    )
    assert "Z counts for J if J has at least 0.15" in motion_card(folder)
