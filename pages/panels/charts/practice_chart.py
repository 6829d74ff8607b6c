"""A learner's days: how fast, and how many errors."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from asl_core.practice.progress import PracticeDay
from pages.panels.charts.chart_style import RIGHT, WRONG, dress


def days_figure(days: Sequence[PracticeDay]) -> go.Figure:
    """Draw letters a minute above and the error rate below, one mark for each day."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12)
    names = [entry.day for entry in days]
    rows = (
        ("letters a minute", [d.sums.letters_per_minute for d in days], RIGHT, "circle", ".0f"),
        ("error rate", [d.sums.error_rate for d in days], WRONG, "diamond", ".1%"),
    )
    for number, (name, values, color, symbol, form) in enumerate(rows, 1):
        figure.add_trace(
            go.Scatter(
                x=names,
                y=values,
                name=name,
                mode="lines+markers",
                line={"color": color, "width": 2},
                marker={"size": 9, "symbol": symbol},
                hovertemplate=f"%{{x}}<br>{name} %{{y:{form}}}<extra></extra>",
            ),
            row=number,
            col=1,
        )
        figure.update_yaxes(title=name, rangemode="tozero", row=number, col=1)
    dress(figure, height=380)
    figure.update_layout(showlegend=False)
    figure.update_yaxes(tickformat=".0%", row=2, col=1)
    figure.update_xaxes(type="category")
    return figure
