"""Charts of the page of per-class metrics: bars per class, and the calibration curve."""

from collections.abc import Sequence

import plotly.graph_objects as go

from asl_core.alphabet import STATIC_LETTERS
from asl_core.records.evaluation_report import CalibrationBin, LetterScore
from pages.panels.charts.chart_style import QUIET, RIGHT, WRONG, dress

METRICS: tuple[str, ...] = ("recall", "precision", "f1", "support")


def letter_figure(scores: Sequence[LetterScore], metric: str) -> go.Figure:
    """Draw one bar per class, in the given order; the second color marks all but static letters."""
    values = [getattr(score, metric) for score in scores]
    form = "%{y:.0f} photos" if metric == "support" else "%{y:.1%}"
    figure = go.Figure(
        go.Bar(
            x=[score.label for score in scores],
            y=values,
            marker={
                "color": [RIGHT if s.label in STATIC_LETTERS else WRONG for s in scores],
                "cornerradius": 3,
            },
            customdata=[score.support for score in scores],
            hovertemplate=f"<b>%{{x}}</b>: {form}<br>%{{customdata}} photos<extra></extra>",
        )
    )
    dress(figure, height=300)
    figure.update_xaxes(type="category", tickangle=0, tickmode="linear")
    if metric != "support":
        figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure


def calibration_figure(bins: Sequence[CalibrationBin]) -> go.Figure:
    """Draw the accuracy of each bin over its mean confidence, and the line on which they agree.

    A dot's area grows with the photos of its bin.
    """
    most = max((part.photos for part in bins), default=1)
    figure = go.Figure(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            line={"color": QUIET, "dash": "dot", "width": 1.5},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[part.confidence for part in bins],
            y=[part.accuracy for part in bins],
            mode="lines+markers",
            line={"color": RIGHT, "width": 2},
            marker={
                "size": [7 + 17 * (part.photos / most) ** 0.5 for part in bins],
                "color": RIGHT,
                "opacity": 0.9,
                "line": {"width": 0},
            },
            customdata=[part.photos for part in bins],
            hovertemplate="confidence %{x:.1%}, accuracy %{y:.1%}<br>%{customdata} photos"
            "<extra></extra>",
            showlegend=False,
        )
    )
    dress(figure, height=340)
    figure.update_xaxes(range=[0, 1.03], tickformat=".0%", title="confidence")
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%", title="accuracy")
    return figure
