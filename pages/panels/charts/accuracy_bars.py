"""Accuracy as horizontal bars: of groups of photos, of signers, of the steps of a comparison."""

from collections.abc import Sequence

import plotly.graph_objects as go

from asl_core.records.comparison import StepResult
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.photo_groups import PhotoGroup
from pages.panels.charts.chart_style import QUIET, RIGHT, WRONG, dress, percent

_FIGURES_AT = 1.05
"""Where the figures stand: beyond every interval and dot, which end at 1."""

_PALE = 0.45
_ROW_HEIGHT = 46


def group_figure(groups: Sequence[PhotoGroup], accuracy: float) -> go.Figure:
    """Draw one bar per group, the first on top, its 95 % interval, and a line at `accuracy`.

    `accuracy` (0-1) is that of all photos. Groups that say nothing of a person, a hand or the light
    and those with few photos are gray.
    """
    names = [_tick(group) for group in groups]
    figure = go.Figure(
        go.Bar(
            x=[group.accuracy for group in groups],
            y=names,
            orientation="h",
            marker={
                "color": [_colour(group) for group in groups],
                "opacity": _PALE,
                "cornerradius": 4,
            },
            customdata=[
                (g.name, g.right, g.photos, *g.interval, g.no_hand_share, g.signers) for g in groups
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]:,} of %{customdata[2]:,} "
            "photos read correctly<br>95 % interval %{customdata[3]:.1%} to %{customdata[4]:.1%}"
            "<br>no hand found in %{customdata[5]:.1%}<br>signers: %{customdata[6]}<extra></extra>",
        )
    )
    for group, name in zip(groups, names, strict=True):
        figure.add_trace(_interval(group, name))
    figure.add_trace(
        go.Scatter(
            x=[_FIGURES_AT] * len(groups),
            y=names,
            mode="text",
            text=[f"<b>{percent(group.accuracy)}</b>" for group in groups],
            textposition="middle right",
            hoverinfo="skip",
        )
    )
    figure.add_vline(x=accuracy, line={"color": QUIET, "width": 1.5, "dash": "dot"})
    dress(figure, height=56 + _ROW_HEIGHT * max(len(groups), 2))
    figure.update_layout(showlegend=False, bargap=0.42)
    figure.update_xaxes(range=[0, 1.32], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", type="category")
    return figure


def group_alt(title: str, groups: Sequence[PhotoGroup]) -> str:
    """Describe the chart in one sentence."""
    parts = [f"{g.name} {percent(g.accuracy)} of {g.photos} photos" for g in groups]
    return f"Accuracy by {title.lower()}: {'; '.join(parts)}."


def _interval(group: PhotoGroup, name: str) -> go.Scatter:
    colour = _colour(group)
    return go.Scatter(
        x=group.interval,
        y=[name, name],
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={"symbol": "line-ns", "size": 10, "line": {"color": colour, "width": 2.5}},
        hoverinfo="skip",
    )


def _colour(group: PhotoGroup) -> str:
    return RIGHT if group.is_measured and not group.is_small else QUIET


def _tick(group: PhotoGroup) -> str:
    """Name a group in two short lines, so that the bars keep their room on a phone."""
    photos = f"{group.photos:,} photo{'s' if group.photos > 1 else ''}"
    words = ", ".join(part for part in (group.meaning, photos) if part)
    return f"{group.name}<br><span style='font-size:11px;opacity:0.75'>{words}</span>"


def signer_figure(report: EvaluationReport) -> go.Figure:
    """Draw one bar per signer, best on top, and the accuracy over all photos as a line."""
    rows = sorted(report.sources, key=lambda row: row.accuracy)
    figure = go.Figure(
        go.Bar(
            x=[row.accuracy for row in rows],
            y=[row.signer for row in rows],
            orientation="h",
            marker={"color": RIGHT, "cornerradius": 4},
            text=[percent(row.accuracy) for row in rows],
            textposition="inside",
            insidetextanchor="start",
            textfont={"color": "#ffffff"},
            customdata=[(row.photos, row.no_hand_rate, row.source) for row in rows],
            hovertemplate="<b>%{y}</b><br>%{x:.1%} of %{customdata[0]} photos read correctly"
            "<br>no hand found in %{customdata[1]:.1%}<extra></extra>",
        )
    )
    figure.add_vline(x=report.static.accuracy, line={"color": QUIET, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=report.static.accuracy,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="right" if report.static.accuracy > 0.5 else "left",
        text=f"all photos {percent(report.static.accuracy)}",
        showarrow=False,
        font={"size": 12},
    )
    dress(figure, height=70 + 34 * max(len(rows), 2))
    figure.update_layout(margin={"t": 30, "r": 20})
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(ticksuffix="  ", type="category")
    return figure


def signer_alt(report: EvaluationReport) -> str:
    """Describe the chart in one sentence."""
    if not report.sources:
        return "Accuracy per signer: no signer is in this report."
    rows = sorted(report.sources, key=lambda row: row.accuracy)
    return (
        f"Accuracy per signer, from {percent(rows[0].accuracy)} ({rows[0].signer}) "
        f"to {percent(rows[-1].accuracy)} ({rows[-1].signer})."
    )


def comparison_figure(results: Sequence[StepResult]) -> go.Figure:
    """Draw a bar per step, the first on top, and a dot per signer."""
    titles = [_broken(result.step.title) for result in results]
    figure = go.Figure(
        go.Bar(
            x=[result.accuracy for result in results],
            y=titles,
            orientation="h",
            name="all photos of unseen signers",
            marker={"color": RIGHT, "cornerradius": 4},
            customdata=[(result.photos, result.no_hand_rate) for result in results],
            hovertemplate="<b>%{y}</b><br>%{x:.1%} of %{customdata[0]:,} photos read correctly"
            "<br>no hand found in %{customdata[1]:.1%}<extra></extra>",
        )
    )
    points = [
        (signer.accuracy, title, signer.signer)
        for title, result in zip(titles, results, strict=True)
        for signer in result.signers
    ]
    figure.add_trace(
        go.Scatter(
            x=[point[0] for point in points],
            y=[point[1] for point in points],
            mode="markers",
            name="each signer",
            marker={"color": WRONG, "size": 9, "line": {"color": QUIET, "width": 1}},
            customdata=[point[2] for point in points],
            hovertemplate="<b>%{customdata}</b>: %{x:.1%}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[_FIGURES_AT] * len(results),
            y=titles,
            mode="text",
            text=[f"<b>{percent(result.accuracy)}</b>" for result in results],
            textposition="middle right",
            hoverinfo="skip",
            showlegend=False,
        )
    )
    dress(figure, height=90 + 62 * max(len(results), 2))
    figure.update_layout(
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"t": 40, "r": 12},
        bargap=0.45,
    )
    figure.update_xaxes(range=[0, 1.32], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", type="category")
    return figure


def comparison_alt(results: Sequence[StepResult]) -> str:
    """Describe the chart in one sentence."""
    parts = [f"{result.step.title} {percent(result.accuracy)}" for result in results]
    return f"Accuracy on unseen signers: {'; '.join(parts)}."


def _broken(title: str) -> str:
    """Break a title in two, so that the bars keep their room on a phone."""
    words = title.split()
    half = (len(words) + 1) // 2
    return title if len(words) < 3 else f"{' '.join(words[:half])}<br>{' '.join(words[half:])}"
