"""What each step buys, as one chart: the accuracy of each recogniser and of every signer in it."""

from collections.abc import Sequence

import plotly.graph_objects as go

from asl_core.records.comparison import StepResult
from pages.panels.charts.chart_style import QUIET, RIGHT, WRONG, dress, percent

_FIGURES_AT = 1.06
"""Where the figures stand: beyond every dot, since a bar's end is where the dots are."""


def comparison_figure(results: Sequence[StepResult]) -> go.Figure:
    """Draw a bar for each step, the first on top, and a dot for each signer's own accuracy."""
    titles = [_broken(result.step.title) for result in results]
    figure = go.Figure(
        go.Bar(
            x=[result.accuracy for result in results],
            y=titles,
            orientation="h",
            name="all photos of strangers",
            marker={"color": RIGHT, "cornerradius": 4},
            customdata=[(result.photos, result.no_hand_rate) for result in results],
            hovertemplate="<b>%{y}</b><br>%{x:.1%} of %{customdata[0]:,} photos read right"
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
    """Tell the chart's content in one sentence."""
    parts = [f"{result.step.title} {percent(result.accuracy)}" for result in results]
    return f"Letters of strangers read right: {'; '.join(parts)}."


def _broken(title: str) -> str:
    """Break a title in two, so that the bars keep their room on a phone."""
    words = title.split()
    half = (len(words) + 1) // 2
    return title if len(words) < 3 else f"{' '.join(words[:half])}<br>{' '.join(words[half:])}"
