"""The card of a fluent model tells what its files hold, real and made-up figures apart."""

import json

import pytest

from asl_core.records.fluent_card import PUBLISHED, fluent_card, fluent_reports, fluent_table
from asl_core.records.fluent_report import (
    AblationRow,
    FluentAblation,
    FluentReport,
    SequenceReading,
    ablation_table,
)


def reading(kind, text, read, suggested=None, signer="anna", seconds=30.0):
    errors = 0 if text == read else max(len(text), len(read))
    suggested = suggested or read
    wrong = 0 if text == suggested else max(len(text), len(suggested))
    return SequenceReading("f", kind, signer, text, read, errors, suggested, wrong, seconds)


def report(*readings, is_made_up=False, speed=1.0):
    return FluentReport("m", "folder", "a command", "now", is_made_up, speed, 1, readings)


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "fluent"
    values = {
        "stream": {"networks": 2, "parameters": 1000, "dtype": "float16"},
        "shape": {"parameters": 2000},
        "ticks_per_second": 30,
        "settings": {"letter_cost": 1.5},
    }
    training = {
        "training": {"steps": 5, "batch_size": 4, "uses": 2, "seed": 3},
        "parts": {"idle": True, "tilt": False},
        "signers": 7,
        "hands": 800,
        "strokes": {"J": 11, "Z": 12},
        "streams": 900,
        "seconds": 120.0,
    }
    report(reading("video", "AB", "AB"), reading("video", "CD", "C")).save(
        folder / "evaluations" / "real.json"
    )
    report(reading("names", "XY", "XY", "XYZ"), is_made_up=True).save(
        folder / "evaluations" / "made-up.json"
    )
    (folder / "fluent.json").write_text(json.dumps(values))
    (folder / "training.json").write_text(json.dumps(training))
    return folder


def test_the_card_keeps_real_and_made_up_apart(model):
    card = fluent_card(model)
    real, made_up = card.split("## Made-up sequences")
    assert "| video | 1 | 2 | 4 | 50.0% | 50.0% | 1 | 0 |" in real
    assert "names" not in real and "| names | 1 | 1 | 2 | 0.0% | 150.0% | 1 | 1 |" in made_up
    assert PUBLISHED in real
    assert "letter_cost: 1.5" in card and "Without tilt." in card and "2 minutes" in card


def test_reports_come_real_first_and_slow_before_fast(model):
    report(reading("video", "AB", "AB"), speed=2.0).save(model / "evaluations" / "a-fast.json")
    assert [(r.is_made_up, r.times_as_fast) for r in fluent_reports(model)] == [
        (False, 1.0),
        (False, 2.0),
        (True, 1.0),
    ]


def test_hands_that_do_not_spell_have_a_table_of_their_own():
    table = fluent_table(report(reading("rest", "", "M", seconds=30.0)))
    assert "character errors" not in table
    assert "| rest | 0.5 | 1 | 2.00 |" in table


def test_an_ablation_is_part_of_the_card(model):
    rows = (AblationRow("", 0.2, 0.3, 1.0), AblationRow("lost_frames", 0.25, 0.4, 0.5))
    ablation = FluentAblation("a command", "now", 100, 0, rows)
    ablation.save(model / "ablation.json")
    assert FluentAblation.load(model / "ablation.json") == ablation
    assert ablation_table(ablation) in fluent_card(model)
    assert "| lost frames | 25.0% | 40.0% | 0.50 |" in fluent_card(model)
