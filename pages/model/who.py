"""Who does it work for? Accuracy by signer, hand, size of the hand in the photo, and light."""

import inspect
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from asl_core.records.evaluation_report import EvaluationReport, Summary
from asl_core.records.photo_groups import FEWEST_PHOTOS, static_photos, wilson_interval
from pages.panels.charts.chart_style import show_chart
from pages.panels.charts.group_charts import group_alt, group_figure
from pages.panels.frame.page_parts import as_safe_csv, show_heading
from pages.panels.frame.run_choice import choose_report
from pages.panels.metrics.photo_groupings import Grouping, best_and_worst, groupings_of
from pages.panels.metrics.report_text import definition, show_origin
from pages.panels.metrics.robustness_table import show_robustness

CHART_WIDTH = 340  # pixels; where two do not fit side by side, they stand in a column
SHARES = ("right", "at least", "at most", "no hand")


def show_charts(groupings: Sequence[Grouping], accuracy: float) -> None:
    """Show one chart for each grouping, two side by side where there is room."""
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
                st.info("Not known: no hand was sought or found.", icon=":material/info:")
    with grid.cell():
        show_legend()


def show_legend() -> None:
    """Say how the charts are read."""
    st.subheader("How to read the charts", anchor=False)
    st.markdown(
        "- **Bar and figure**: photos read right. A photo in which no hand was found is wrong.\n"
        "- **Line on the bar**: where the truth lies in 95 of 100 cases; the fewer photos, the "
        "longer.\n"
        "- **Dotted line**: all photos together.\n"
        f"- **Grey**: fewer than {FEWEST_PHOTOS} photos, or no hand to measure. Never called best "
        "or worst.\n"
        "- Groups overlap. A signer whose photos are dark lowers the dark photos with all else "
        "that is hard about them: a difference is a hint, not yet a cause."
    )


def group_table(groupings: Sequence[Grouping]) -> pd.DataFrame:
    """Give one row for each group of each grouping, shares in percent."""
    return pd.DataFrame(
        [
            {
                "grouped by": grouping.title,
                "group": group.name,
                "limits": group.meaning,
                "photos": group.photos,
                "signers": group.signers,
                "right": round(group.accuracy * 100, 2),
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
    """Show all groups as a table and offer it as CSV; `name` goes into the file's name."""
    st.subheader("Every group in figures", anchor=False)
    numbers = {share: st.column_config.NumberColumn(format="%.1f %%") for share in SHARES}
    st.dataframe(
        table,
        hide_index=True,
        column_config=numbers,
        alt="Accuracy, interval and photos without a hand of each group",
    )
    st.download_button(
        "Save all groups as CSV",
        as_safe_csv(table),
        f"groups-{name}.csv",
        "text/csv",
        icon=":material/download:",
        key="save_groups",
        on_click="ignore",
    )


def show_definitions() -> None:
    """Say what is counted, what counts as wrong, and how far the figures go."""
    with st.expander("What is counted, and what counts as wrong", icon=":material/function:"):
        st.markdown(
            "Counted are the photos of the 24 letters that a still picture shows completely; J and "
            "Z are motions. A photo is **wrong** when another letter was read **or no hand was "
            "found**. Where the hand itself decides the group, the photos without one are a group "
            "of their own: what a hand that was missed looked like is not known."
        )
        st.markdown(f"**“right”**: {definition(Summary, 'accuracy')}")
        st.markdown(f"**“at least”, “at most”**, the line on each bar: {_doc(wilson_interval)}")


def _doc(function: Callable[..., object]) -> str:
    return " ".join((inspect.getdoc(function) or "").split())


def show_report(report: EvaluationReport, name: str) -> None:
    """Show the whole page for one evaluation."""
    photos = static_photos(report)
    if not photos:
        st.info("This report holds no photo of a static letter.", icon=":material/info:")
        return
    accuracy = sum(photo.is_right for photo in photos) / len(photos)
    groupings = groupings_of(report)
    st.markdown(best_and_worst(groupings, accuracy))
    show_charts(groupings, accuracy)
    show_table(group_table(groupings), name)


show_heading(
    "Who does it work for?", "The average hides for whom a model fails; this page does not."
)
picked = choose_report()
if picked is not None:
    show_report(picked.report, f"{picked.run.name}-{picked.evaluation}")
    show_definitions()
    show_origin(picked.report)
    show_robustness(picked.run, picked.evaluation)
