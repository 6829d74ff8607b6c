"""Robustness of a run to distortions, and what it reads in scenes where nobody signs."""

import plotly.graph_objects as go
import streamlit as st

from asl_core.errors import RunError
from asl_core.records.definitions import definition
from asl_core.records.robustness_report import MOST_COST_POINTS, RobustnessReport, RobustnessRow
from asl_core.records.scenes_report import MOST_LETTER_SHARE, SceneCounts, ScenesReport
from asl_core.records.training_run import PICTURE_ONLY_ENDING, TrainingRun
from pages.panels.charts.chart_style import QUIET, RIGHT, WRONG, dress, percent, show_chart
from pages.panels.frame.page_parts import offer_csv

ROBUSTNESS_COMMAND = "python -m asl_core robustness {run} --photos DIR --split {split}"
SCENES_COMMAND = "python -m asl_core scenes {run} --scenes DIR --split test"

_HEADINGS = ("distortion", "correct", "cost", "at least", "at most", "no hand", "changed")


def show_robustness(run: TrainingRun, evaluation: str) -> None:
    """Show the run's robustness on the photos of `evaluation`, and what it reads without a hand.

    If a file is missing, show the command that writes it; a broken file is an error.
    """
    st.subheader("Robustness", anchor=False)
    try:
        report, scenes = run.robustness(evaluation), run.scenes
    except RunError as error:
        st.error(str(error), icon=":material/error:")
        return
    if report is None:
        split = evaluation.removesuffix(PICTURE_ONLY_ENDING).rpartition("-")[2]
        _show_missing(
            "Not yet measured for these photos; DIR is their folder:",
            ROBUSTNESS_COMMAND.format(run=run.name, split=split),
        )
    else:
        _show_report(report)
    st.subheader("Scenes without signing", anchor=False)
    if not scenes:
        _show_missing(
            "Not yet measured; DIR is a folder of scenes without a raised hand:",
            SCENES_COMMAND.format(run=run.name),
        )
    for measured in scenes:
        _show_scenes(measured)


def robustness_sentence(report: RobustnessReport) -> str:
    """Say in one sentence which distortions cost too much."""
    aim = f"{MOST_COST_POINTS:.0f} points"
    if not report.costly:
        dearest = max(report.rows, key=lambda row: row.cost_points)
        return (
            f"None of the {len(report.rows)} distortions costs more than {aim} of accuracy; "
            f"**{dearest.name}** costs most, {points(dearest.cost_points)}."
        )
    named = ", ".join(f"**{row.name}** ({points(row.cost_points)})" for row in report.costly)
    return (
        f"{len(report.costly)} of the {len(report.rows)} distortions "
        f"{'costs' if len(report.costly) == 1 else 'cost'} more than {aim} of accuracy: {named}."
    )


def scenes_sentence(report: ScenesReport) -> str:
    """Say what was read in the scenes, as photos and by the live camera."""
    photo, live = report.photo, report.live
    aim = f"the aim is at most {percent(MOST_LETTER_SHARE)}"
    return (
        f"In {photo.scenes:,} scenes in which nobody raises a hand, read as photos, a letter was "
        f"named in **{_counted(photo.letters, photo)}** ({aim}), with confidence in "
        f"{_counted(photo.sure, photo)}; a hand was found in {photo.hands}. Shown to the live "
        f"camera for {report.live_seconds:g} s each, a letter was named in "
        f"**{_counted(live.letters, live)}**, with confidence in {_counted(live.sure, live)}, and "
        f"written into the text in {report.written}."
    )


def robustness_figure(report: RobustnessReport) -> go.Figure:
    """Draw a bar per distortion, orange if it costs too much, and a line at the originals."""
    rows = report.rows
    figure = go.Figure(
        go.Bar(
            x=[row.accuracy for row in rows],
            y=[row.name for row in rows],
            orientation="h",
            marker={
                "color": [WRONG if row.is_costly else RIGHT for row in rows],
                "cornerradius": 4,
            },
            text=[f"{percent(row.accuracy)} · {_cost(row)}" for row in rows],
            textposition="inside",
            insidetextanchor="start",
            textfont={"color": "#ffffff"},
            customdata=[(row.lost, row.gained, row.no_hand_rate, row.changed) for row in rows],
            hovertemplate="<b>%{y}</b><br>%{x:.1%} correct: %{customdata[0]} photos lost, "
            "%{customdata[1]} gained<br>no hand found in %{customdata[2]:.1%}"
            "<br>%{customdata[3]:,} photos changed<extra></extra>",
        )
    )
    figure.add_vline(x=report.accuracy, line={"color": QUIET, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=report.accuracy,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="right" if report.accuracy > 0.5 else "left",
        text=f"original photos {percent(report.accuracy)}",
        showarrow=False,
        font={"size": 12},
    )
    dress(figure, height=70 + 34 * max(len(rows), 2))
    figure.update_layout(margin={"t": 30, "r": 20})
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", type="category")
    return figure


def robustness_rows(report: RobustnessReport) -> dict[str, list[object]]:
    """Return the table column by column: shares in percent, costs in points of accuracy."""
    cells: list[tuple[object, ...]] = [
        (
            "none (original photos)",
            report.accuracy * 100,
            None,
            None,
            None,
            report.no_hand_rate * 100,
            0,
        )
    ]
    for row in report.rows:
        shares = (row.accuracy * 100, row.cost_points, row.cost_low, row.cost_high)
        mark = "⚠ " * row.is_costly
        cells.append((mark + row.name, *shares, row.no_hand_rate * 100, row.changed))
    return {name: [line[i] for line in cells] for i, name in enumerate(_HEADINGS)}


def points(cost: float) -> str:
    """Format a cost such as `2.4 points`; a gain is negative."""
    return f"{cost:.1f} point{'' if f'{cost:.1f}' == '1.0' else 's'}"


def _show_report(report: RobustnessReport) -> None:
    import pandas as pd

    st.markdown(robustness_sentence(report))
    alt = "; ".join(f"{row.name} {percent(row.accuracy)}" for row in report.rows)
    show_chart(robustness_figure(report), "robustness", f"Accuracy under each distortion: {alt}.")
    share = st.column_config.NumberColumn(format="%.1f %%")
    cost = st.column_config.NumberColumn(
        format="%.1f", help=definition(RobustnessRow, "cost_points")
    )
    table = pd.DataFrame(robustness_rows(report))
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "correct": share,
            "no hand": share,
            "cost": cost,
            "at least": cost,
            "at most": cost,
            "changed": st.column_config.NumberColumn(help=definition(RobustnessRow, "changed")),
        },
        placeholder="–",
        alt="Accuracy and cost of each distortion",
    )
    offer_csv(table, "Save the distortions as CSV", "distortions.csv", "save_distortions")
    with st.expander("What each distortion does", icon=":material/blur_on:"):
        st.markdown("\n".join(f"- **{row.name}**: {row.description}" for row in report.rows))
    chosen = f"{report.photos:,} photos of static letters"
    if report.photos < report.available:
        chosen = f"{report.photos:,} of the {report.available:,} photos of static letters"
    st.caption(
        f"The same {chosen} of “{report.photo_set}”, split “{report.split}”, each read end to end, "
        "including hand detection. “At least” and “at most” are the 95 % interval over photos; "
        "photos of a burst are alike, so the true interval is wider. Reproduce it with:"
    )
    st.code(report.command, language="bash")


def _show_scenes(report: ScenesReport) -> None:
    st.markdown(scenes_sentence(report))
    if report.letters:
        count = len(report.letters)
        readings = "reading" if count == 1 else "readings"
        with st.expander(f"{count} {readings} without a raised hand"):
            st.markdown(
                "\n".join(
                    f"- `{entry.scene_id}` ({entry.mode}): {entry.letter}, "
                    f"{percent(entry.confidence)}"
                    + ("" if entry.hand_found else ", in the whole picture")
                    for entry in report.letters
                )
            )
    st.caption(
        f"{definition(SceneCounts, 'sure')} The threshold is "
        f"{percent(report.rejection_threshold)}. Reproduce it with:"
    )
    st.code(report.command, language="bash")


def _show_missing(reason: str, command: str) -> None:
    st.caption(reason)
    st.code(command, language="bash")


def _cost(row: RobustnessRow) -> str:
    if row.cost_points < 0:
        return f"gains {points(-row.cost_points)}"
    return f"costs {points(row.cost_points)}"


def _counted(count: int, counts: SceneCounts) -> str:
    return f"{count} ({percent(count / counts.scenes)})"
