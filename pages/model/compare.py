"""What each step buys: others' recipes and ours, measured on the same signers."""

import inspect
from typing import Any

import pandas as pd
import streamlit as st

from asl_core.records.comparison import Comparison, compare
from asl_core.records.evaluation_report import Summary
from asl_core.records.training_run import find_runs
from pages.panels.charts.chart_style import percent, show_chart
from pages.panels.charts.comparison_chart import comparison_alt, comparison_figure
from pages.panels.frame.page_parts import EVALUATE_COMMAND, show_empty_state, show_heading
from pages.panels.metrics.report_text import definition

COMMAND = "python -m asl_core compare"


@st.cache_resource(max_entries=4, show_spinner=False)
def comparison_of(stamps: tuple[tuple[str, float], ...]) -> Comparison:
    """Compare the runs, once for all visitors until an evaluation's file changes."""
    del stamps  # changed files are another cache entry
    return compare(find_runs())


def report_stamps() -> tuple[tuple[str, float], ...]:
    """Tell one state of all evaluations from another."""
    return tuple(
        (str(path), path.stat().st_mtime)
        for run in find_runs()
        for path in sorted(run.folder.glob("evaluations/*/report.json"))
    )


def step_table(comparison: Comparison) -> pd.DataFrame:
    """Give one row for each step, shares in percent."""
    return pd.DataFrame(
        [
            {
                "recogniser": row.step.title,
                "strangers": row.accuracy * 100,
                "first three": row.top3_accuracy * 100,
                "macro F1": row.macro_f1 * 100,
                "no hand": row.no_hand_rate * 100,
                "own signer": "–" if row.known_accuracy is None else percent(row.known_accuracy),
                "what is new": row.step.novelty,
                "run": row.step.run,
            }
            for row in comparison.results
        ]
    )


def show_table(comparison: Comparison) -> None:
    """Show the figures, each with its definition."""
    share = st.column_config.NumberColumn(format="%.1f %%")
    defined = {
        "strangers": "accuracy",
        "first three": "top3_accuracy",
        "macro F1": "macro",
    }
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.1f %%", help=definition(Summary, word))
        for name, word in defined.items()
    }
    columns["no hand"] = share
    columns["own signer"] = st.column_config.TextColumn(
        help="Accuracy on pictures of the one signer it was trained on, which a random division "
        "left over: neighbouring frames of the training pictures.",
    )
    st.dataframe(
        step_table(comparison),
        hide_index=True,
        column_config=columns,
        alt="The figures of each step",
    )


def show_ways(comparison: Comparison) -> None:
    """Show how each step was trained, and the command that measured it."""
    with st.expander("How each was trained and measured", icon=":material/tune:"):
        for row in comparison.results:
            st.markdown(f"**{row.step.title}**: {row.trained or 'not told'}.")
            st.code(row.command, language="bash")
        st.markdown(inspect.getdoc(Summary) or "")


def show_comparison(comparison: Comparison) -> None:
    """Show chart, table and origin of the steps that were measured."""
    first = comparison.results[0]
    st.markdown(
        f"All were measured on the same **{first.photos:,} photos of {len(first.signers)} "
        "signers** that none of them has learnt from: the 24 letters that a still picture shows. "
        "A photo in which no hand is found counts as wrong; a recogniser of whole pictures seeks "
        "none."
    )
    show_chart(comparison_figure(comparison.results), "steps", comparison_alt(comparison.results))
    show_table(comparison)
    if any(row.known_accuracy is not None for row in comparison.results):
        st.caption(
            "“Own signer” is the figure that such systems report: the random part of one signer's "
            "pictures that was left over (the tutorial's epoch was chosen on these too). Beside it "
            "stands what is left of it for strangers."
        )
    show_ways(comparison)


show_heading("What each step buys", "From a tutorial's network to ours, on the same strangers.")
found = comparison_of(report_stamps())
if found.results:
    show_comparison(found)
else:
    show_empty_state(
        "Nothing to compare yet",
        "No run of the comparison was measured so far.",
        EVALUATE_COMMAND.format(run="tutorial-cnn"),
    )
for sentence in found.missing:
    st.caption(f":material/info: Not shown: {sentence}")
