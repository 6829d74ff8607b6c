"""Who does it work for? Accuracy by signer, hand, hand size and light; and robustness."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from asl_core.records.definitions import definition
from asl_core.records.evaluation_report import EvaluationReport, Summary
from asl_core.records.photo_groups import FEWEST_PHOTOS, WILSON_DEFINITION, static_photos
from pages.panels.charts.accuracy_bars import group_alt, group_figure
from pages.panels.charts.chart_style import show_chart
from pages.panels.frame.page_parts import offer_csv, show_heading
from pages.panels.frame.run_choice import choose_report, show_origin
from pages.panels.metrics.own_hand_results import show_own_hand
from pages.panels.metrics.photo_groupings import Grouping, best_and_worst, groupings_of
from pages.panels.metrics.robustness_table import show_robustness

CHART_WIDTH = 340  # pixels; where two do not fit side by side, they stand in a column
SHARES = ("correct", "at least", "at most", "no hand")


def show_charts(groupings: Sequence[Grouping], accuracy: float) -> None:
    """Show one chart per grouping, two side by side where there is room."""
    grid = st.grid(2, min_column_width=CHART_WIDTH, gap="medium")
    for number, grouping in enumerate(groupings):
        with grid.cell():
            st.subheader(grouping.title, anchor=False)
            st.caption(grouping.note)
            if grouping.is_measured:
                show_chart(
                    group_figure(grouping.groups, accuracy),
                    f"groups_{number}",
                    group_alt(grouping.title, grouping.groups),
                )
            else:
                st.info("Unknown: no hand was searched for or found.", icon=":material/info:")
    with grid.cell():
        show_legend()


def show_legend() -> None:
    """Say how to read the charts."""
    st.subheader("How to read the charts", anchor=False)
    st.markdown(
        "- **Bar and figure**: share of photos read correctly. A photo in which no hand was found "
        "counts as wrong.\n"
        "- **Line on the bar**: 95 % confidence interval; the fewer the photos, the longer it is.\n"
        "- **Dotted line**: all photos together.\n"
        f"- **Gray**: fewer than {FEWEST_PHOTOS} photos, or no hand to measure; never called best "
        "or worst.\n"
        "- Groups overlap. A signer with dark photos lowers the figure for dark photos by "
        "everything else that makes that signer hard to read: a difference is a hint, not a cause."
    )


def group_table(groupings: Sequence[Grouping]) -> pd.DataFrame:
    """Return one row per group of each grouping, shares in percent."""
    return pd.DataFrame(
        [
            {
                "grouped by": grouping.title,
                "group": group.name,
                "limits": group.meaning,
                "photos": group.photos,
                "signers": group.signers,
                "correct": round(group.accuracy * 100, 2),
                "at least": round(group.interval[0] * 100, 2),
                "at most": round(group.interval[1] * 100, 2),
                "no hand": round(group.no_hand_share * 100, 2),
            }
            for grouping in groupings
            if grouping.is_measured
            for group in grouping.groups
        ]
    )


def show_table(table: pd.DataFrame, name: str) -> None:
    """Show all groups as a table and offer it as CSV; `name` becomes part of the file name."""
    st.subheader("All groups", anchor=False)
    numbers = {share: st.column_config.NumberColumn(format="%.1f %%") for share in SHARES}
    st.dataframe(
        table,
        hide_index=True,
        column_config=numbers,
        alt="Accuracy, confidence interval and photos without a hand of each group",
    )
    offer_csv(table, "Save all groups as CSV", f"groups-{name}.csv", "save_groups")


def show_definitions() -> None:
    """Say what is counted and what counts as wrong."""
    with st.expander("What is counted, and what counts as wrong", icon=":material/function:"):
        st.markdown(
            "The photos of the 24 letters that a still picture shows completely are counted; J and "
            "Z are motions. A photo is **wrong** if another letter was read **or no hand was "
            "found**. Where the hand itself decides the group, photos without a hand form their "
            "own group: nobody knows what the hand that was missed looked like."
        )
        st.markdown(f"**“correct”**: {definition(Summary, 'accuracy')}")
        st.markdown(f"**“at least”, “at most”**, the line on each bar: {WILSON_DEFINITION}")


def show_report(report: EvaluationReport, name: str) -> None:
    """Show the whole page for one evaluation."""
    photos = static_photos(report)
    if not photos:
        st.info("This report has no photos of static letters.", icon=":material/info:")
        return
    accuracy = sum(photo.is_right for photo in photos) / len(photos)
    groupings = groupings_of(report)
    st.markdown(best_and_worst(groupings, accuracy))
    show_charts(groupings, accuracy)
    show_table(group_table(groupings), name)


show_heading("Who does it work for?", "An average hides who a model fails for; this page shows it.")
picked = choose_report()
if picked is not None:
    show_report(picked.report, f"{picked.run.name}-{picked.evaluation}")
    show_definitions()
    show_origin(picked.report)
    show_own_hand(picked.run, picked.evaluation)
    show_robustness(picked.run, picked.evaluation)
