"""Fluent spelling: how well words are read that nobody held a letter of."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from asl_core.errors import RunError
from asl_core.records.fluent_card import CHOSEN_ON, PUBLISHED, fluent_reports
from asl_core.records.fluent_report import FLUENT_MODEL_FOLDER, FluentGroup, FluentReport
from pages.panels.frame.page_parts import offer_csv

if TYPE_CHECKING:
    import pandas as pd

EVALUATE_COMMAND = "python -m asl_core spelling evaluate FOLDER --save real-1"

DEFINITIONS = {
    "character errors": "The fewest letters to put in, leave out or replace that turn what was "
    "read into what was spelled, divided by the letters that were spelled. More than 100 % is "
    "possible.",
    "with suggested word": "The same, with the word that is suggested at the end of each word in "
    "place of what was read. On the live page it is only offered.",
    "right": "Sequences that were read without any error.",
    "names bent": "Sequences read without any error for which another word is suggested.",
    "false letters a minute": "Letters read while a hand spelled nothing, divided by the minutes.",
    "shown after": "Seconds from the moment a letter is signed until it is shown for good: half of "
    "the letters are shown sooner.",
    "slowest shown after": "The same, which 95 of 100 letters stay below.",
}
"""The formula of each column, in a sentence."""


def show_fluent_spelling(folder: Path = FLUENT_MODEL_FOLDER) -> None:
    """Show what was measured of natural spelling: real and made-up sequences apart."""
    st.subheader("Fluent spelling", anchor=False)
    st.caption(
        "The speed *Natural* of the live page reads words as people spell them, two to six letters "
        "a second, without holds."
    )
    try:
        reports = fluent_reports(folder)
    except RunError as error:
        st.warning(str(error), icon=":material/error:")
        return
    if not reports:
        st.info(
            "Natural spelling has not been measured yet. To measure it:", icon=":material/inbox:"
        )
        st.code(EVALUATE_COMMAND, language="bash")
        return
    st.caption(CHOSEN_ON)
    _show_part("Real sequences", [report for report in reports if not report.is_made_up])
    st.caption(f"As published, not measured here: {PUBLISHED}")
    _show_part(
        "Made-up sequences, from hands of signers left out of training",
        [report for report in reports if report.is_made_up],
    )
    with st.expander("How each figure of fluent spelling is computed", icon=":material/function:"):
        lines = [f"- **{name}**: {text}" for name, text in DEFINITIONS.items()]
        st.markdown("\n".join(lines))


def fluent_table(reports: Sequence[FluentReport]) -> "pd.DataFrame":
    """Return one row for each kind of sequence and one for all, of each report; shares in percent.

    Where nothing was spelled there is no share, and only there are false letters counted.
    """
    import pandas as pd

    return pd.DataFrame(
        [row for report in reports for row in (*_rows(report), _whole(report))],
        columns=["sequences", "played", "signers", "letters", *DEFINITIONS],
    )


def _rows(report: FluentReport) -> list[tuple[object, ...]]:
    return [_row(report, group) for group in report.groups]


def _row(report: FluentReport, group: FluentGroup) -> tuple[object, ...]:
    is_spelled = group.letters > 0
    return (
        f"{group.kind} ({group.sequences})",
        report.times_as_fast,
        group.signers or None,
        group.letters,
        group.cer * 100 if is_spelled else None,
        group.suggested_cer * 100 if is_spelled else None,
        group.right if is_spelled else None,
        group.bent if is_spelled else None,
        None if is_spelled else group.added_per_minute,
        group.lag_s,
        group.late_lag_s,
    )


def _whole(report: FluentReport) -> tuple[object, ...]:
    """Return the row of all sequences that spell something."""
    spelled = [group for group in report.groups if group.letters]
    letters = sum(group.letters for group in spelled)

    def mean(name: str) -> float | None:
        errors = sum(getattr(group, name) * group.letters for group in spelled)
        return errors / letters * 100 if letters else None

    return (
        f"all that spell ({sum(group.sequences for group in spelled)})",
        report.times_as_fast,
        report.signers,
        letters,
        mean("cer"),
        mean("suggested_cer"),
        sum(group.right for group in spelled),
        sum(group.bent for group in spelled),
        None,
        None,
        None,
    )


def _show_part(title: str, reports: Sequence[FluentReport]) -> None:
    st.markdown(f"**{title}**")
    if not reports:
        st.caption("Not measured yet.")
        return
    shares = ("character errors", "with suggested word")
    table = fluent_table(reports)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "played": st.column_config.NumberColumn(
                format="%.1f ×", help="How many times as fast as it was signed."
            ),
            **{
                name: st.column_config.NumberColumn(
                    format="%.1f %%" if name in shares else None, help=text
                )
                for name, text in DEFINITIONS.items()
            },
            "false letters a minute": st.column_config.NumberColumn(
                format="%.2f", help=DEFINITIONS["false letters a minute"]
            ),
            **{
                name: st.column_config.NumberColumn(format="%.2f s", help=DEFINITIONS[name])
                for name in ("shown after", "slowest shown after")
            },
        },
        placeholder="–",
        alt=f"{title}: character errors of each kind",
    )
    name = "-".join(re.findall(r"\w+", title.lower()))
    offer_csv(table, "Save this table as CSV", f"{name}.csv", f"save_{name}")
    signers = max(report.signers for report in reports)
    st.caption(f"Hands of {signers} signers. Reproduce it with:")
    st.code("\n".join(report.command for report in reports), language="bash")
