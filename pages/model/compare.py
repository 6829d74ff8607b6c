"""Other recipes and ours, step by step, measured on the same unseen signers."""

from typing import Any

import pandas as pd
import streamlit as st

from asl_core.records.comparison import Comparison, compare
from asl_core.records.definitions import definition, definitions
from asl_core.records.evaluation_report import Summary
from asl_core.records.training_run import find_runs
from pages.panels.charts.accuracy_bars import comparison_alt, comparison_figure
from pages.panels.charts.chart_style import percent, show_chart
from pages.panels.frame.page_parts import (
    EVALUATE_COMMAND,
    offer_csv,
    show_empty_state,
    show_heading,
)


@st.cache_resource(max_entries=4, show_spinner=False)
def comparison_of(stamps: tuple[tuple[str, float], ...]) -> Comparison:
    """Compare the runs, once for all visitors until an evaluation file changes."""
    del stamps  # changed files are another cache entry
    return compare(find_runs())


def report_stamps() -> tuple[tuple[str, float], ...]:
    """Return the path and time of every evaluation file; they change when a result does."""
    return tuple(
        (str(path), path.stat().st_mtime)
        for run in find_runs()
        for path in sorted(run.folder.glob("evaluations/*/report.json"))
    )


def step_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row per step, shares in percent."""
    return pd.DataFrame(
        [
            {
                "recognizer": row.step.title,
                "unseen signers": row.accuracy * 100,
                "top 3": row.top3_accuracy * 100,
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
    defined = {
        "unseen signers": "accuracy",
        "top 3": "top3_accuracy",
        "macro F1": "macro_f1",
        "no hand": "no_hand_rate",
    }
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.1f %%", help=definition(Summary, word))
        for name, word in defined.items()
    }
    columns["own signer"] = st.column_config.TextColumn(
        help="Accuracy on the random test split of the one signer it was trained on: pictures "
        "that neighbor the training pictures in the same recordings.",
    )
    table = step_table(comparison)
    st.dataframe(
        table,
        hide_index=True,
        column_config=columns,
        alt="The figures of each step",
    )
    offer_csv(table, "Save all steps as CSV", "steps.csv", "save_steps")


def show_ways(comparison: Comparison) -> None:
    """Show how each step was trained, and the command that measured it."""
    with st.expander("How each was trained and measured", icon=":material/tune:"):
        for row in comparison.results:
            st.markdown(f"**{row.step.title}**: {row.trained or 'not recorded'}.")
            st.code(row.command, language="bash")
        for name, text in definitions(Summary).items():
            st.markdown(f"**{name.replace('_', ' ')}**: {text}")


def show_comparison(comparison: Comparison) -> None:
    """Show the chart, the table and the origin of the steps that were measured."""
    first = comparison.results[0]
    st.markdown(
        f"All were measured on the same **{first.photos:,} photos of {len(first.signers)} "
        "signers** that none of them was trained on, covering the 24 letters that a still picture "
        "can show. A photo in which no hand is found counts as wrong; recognizers of whole "
        "pictures do not look for one."
    )
    show_chart(comparison_figure(comparison.results), "steps", comparison_alt(comparison.results))
    show_table(comparison)
    if any(row.known_accuracy is not None for row in comparison.results):
        st.caption(
            "“Own signer” is the figure that such systems report: a random split of one signer's "
            "pictures (the tutorial's best epoch was chosen on them, too). “Unseen signers” shows "
            "how much of it holds for other people."
        )
    show_ways(comparison)


show_heading("Comparison", "From a tutorial's network to ours, on the same unseen signers.")
found = comparison_of(report_stamps())
if found.results:
    show_comparison(found)
else:
    show_empty_state(
        "Nothing to compare yet",
        "No run of the comparison has been measured yet.",
        EVALUATE_COMMAND.format(run="tutorial-cnn"),
    )
for sentence in found.missing:
    st.caption(f":material/info: Not shown: {sentence}")
