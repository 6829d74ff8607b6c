"""The section on fluent spelling, from reports written for the test."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from asl_core.records.fluent_card import PUBLISHED
from asl_core.records.fluent_report import FluentReport, SequenceReading
from pages.panels.metrics.fluent_spelling import EVALUATE_COMMAND, fluent_table


def reading(kind="video", text="WHALE", read="WHALE", suggested=None, signer="anna", seconds=2.0):
    suggested = read if suggested is None else suggested

    def errors(given):
        return sum(a != b for a, b in zip(text.ljust(9), given.ljust(9), strict=True))

    return SequenceReading(
        f"{text}.npz", kind, signer, text, read, errors(read), suggested, errors(suggested), seconds
    )


REAL = FluentReport(
    model="small",
    source="real",
    command="python -m asl_core spelling evaluate real",
    created="2026-11-26T04:00:00+00:00",
    is_made_up=False,
    times_as_fast=1.0,
    signers=2,
    sequences=(
        reading(),
        reading(read="WHAIE", suggested="WHALE"),
        reading(kind="phone", text="HYNA", read="HYNA", suggested="HYENA", signer="ben"),
        reading(kind="rest", text="", read="AB", seconds=30.0),
    ),
)
MADE_UP = replace(REAL, is_made_up=True, signers=7, command="python -m asl_core spelling made-up")


def show(folder: str) -> None:
    from pathlib import Path

    from pages.panels.metrics.fluent_spelling import show_fluent_spelling

    show_fluent_spelling(Path(folder))


def open_section(folder: Path) -> AppTest:
    test = AppTest.from_function(show, kwargs={"folder": str(folder)}, default_timeout=60).run()
    assert not test.exception
    return test


def test_the_table_has_a_row_for_each_kind_and_one_for_all():
    table = fluent_table([REAL]).set_index("sequences")
    assert list(table.index) == ["phone (1)", "rest (1)", "video (2)", "all that spell (3)"]
    assert table.loc["video (2)", "character errors"] == pytest.approx(10.0)
    assert table.loc["video (2)", "with suggested word"] == 0.0
    assert table.loc["phone (1)", "names bent"] == 1
    assert table.loc["rest (1)", "false letters a minute"] == pytest.approx(4.0)
    assert table.loc["all that spell (3)", "character errors"] == pytest.approx(100 / 14)
    assert table.loc["all that spell (3)", "signers"] == 2


def test_nothing_measured_says_which_command_measures(tmp_path):
    section = open_section(tmp_path)
    assert [code.value for code in section.code] == [EVALUATE_COMMAND]
    assert not section.dataframe


def test_real_and_made_up_figures_stand_apart_with_signers_and_the_published_range(tmp_path):
    REAL.save(tmp_path / "evaluations/real-1.json")
    MADE_UP.save(tmp_path / "evaluations/made-up.json")
    section = open_section(tmp_path)
    assert len(section.dataframe) == 2
    captions = " ".join(caption.value for caption in section.caption)
    assert PUBLISHED in captions
    assert "2 signers" in captions
    assert "7 signers" in captions
    assert [code.value for code in section.code] == [REAL.command, MADE_UP.command]


def test_a_broken_report_is_one_sentence(tmp_path):
    path = tmp_path / "evaluations/real-1.json"
    path.parent.mkdir()
    path.write_text("{}")
    section = open_section(tmp_path)
    assert len(section.warning) == 1
    assert "real-1.json" in section.warning[0].value
