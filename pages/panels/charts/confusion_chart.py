"""The confusion matrix as a chart that can be clicked.

Streamlit does not report clicks on a Plotly heatmap (streamlit issue 8760), so a layer of
invisible square markers lies over the cells and takes them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from asl_core.alphabet import NOTHING
from asl_core.records.evaluation_report import NO_HAND
from pages.panels.charts.chart_style import RIGHT, WRONG, dress
from pages.panels.metrics.confusion_counts import ConfusionCounts

_CLEAR = "rgba(139,147,167,0.07)"
_LIGHT_TEXT, _DARK_TEXT = "#ffffff", "#1e2433"
_STRONG = 0.5
"""Cells of at least this share of their scale's top are coloured so fully that the theme's
background no longer matters for the text on them."""

_NEAREST_CELL = 60
"""A click within this many pixels of a marker's centre is for its cell; markers stay small."""


def confusion_figure(
    confusions: ConfusionCounts,
    normalised: bool,
    chosen: tuple[str, str] | None,
    on_dark: bool = False,
    counted: str = "photos",
) -> go.Figure:
    """Draw labels downwards and answers to the right, correct answers and errors in two colors.

    Each color has its own scale, so that a few errors show beside many correct answers. With
    `normalised` a cell holds its share of the row in percent. `chosen` (label, answer) is framed.
    `on_dark` is for a dark page. `counted` names what the numbers count, in the plural.
    """
    values = confusions.shares * 100 if normalised else confusions.counts.astype(np.float64)
    diagonal = np.array(
        [[label == answer for answer in confusions.answers] for label in confusions.labels]
    )
    figure = go.Figure()
    for mask, colour in ((diagonal, RIGHT), (~diagonal, WRONG)):
        figure.add_trace(_cells(confusions, np.where(mask, values, np.nan), colour))
    figure.add_trace(_click_layer(confusions, counted))
    figure.update_layout(annotations=_numbers(values, diagonal, on_dark))
    _frame(figure, confusions, chosen)
    dress(figure, height=120 + 23 * max(len(confusions.labels), 12))
    figure.update_layout(
        showlegend=False, clickmode="event+select", hoverdistance=_NEAREST_CELL, hovermode="closest"
    )
    axis: dict[str, Any] = {"showgrid": False, "tickangle": 0, "tickmode": "array"}
    columns = [_short(answer) for answer in confusions.answers]
    figure.update_xaxes(
        **axis,
        title="read as",
        tickvals=list(range(len(columns))),
        ticktext=columns,
        range=[-0.5, len(columns) - 0.5],
    )
    figure.update_yaxes(
        **axis,
        title="signed",
        tickvals=list(range(len(confusions.labels))),
        ticktext=list(confusions.labels),
        range=[len(confusions.labels) - 0.5, -0.5],
    )
    return figure


def clicked_cell(points: Sequence[Any]) -> tuple[str, str] | None:
    """Return (label, answer) of the selected cell of a Plotly selection, None if there is none."""
    for point in points:
        values = point.get("customdata")
        if values and len(values) >= 2:
            return str(values[0]), str(values[1])
    return None


def _cells(confusions: ConfusionCounts, values: NDArray[np.float64], colour: str) -> go.Heatmap:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    # The colours let the background through, so one scale serves the light and the dark theme.
    scale = [
        [0, _CLEAR],
        [0.0001, f"rgba({red},{green},{blue},0.2)"],
        [1, f"rgba({red},{green},{blue},1)"],
    ]
    return go.Heatmap(
        z=values,
        x=list(range(len(confusions.answers))),
        y=list(range(len(confusions.labels))),
        colorscale=scale,
        zmin=0,
        zmax=_top(values),
        showscale=False,
        hoverinfo="skip",
        xgap=1,
        ygap=1,
    )


def _numbers(
    values: NDArray[np.float64], diagonal: NDArray[np.bool_], on_dark: bool
) -> list[dict[str, Any]]:
    """Return the numbers as annotations, each in a color that is legible on its cell.

    Plotly's own cell text treats a transparent color as opaque and is unreadable on a dark page.
    """
    strength = np.zeros_like(values)
    for mask in (diagonal, ~diagonal):
        strength[mask] = values[mask] / _top(np.where(mask, values, np.nan))
    colours = np.where(
        strength < _STRONG,
        _LIGHT_TEXT if on_dark else _DARK_TEXT,
        np.where(diagonal, _LIGHT_TEXT, _DARK_TEXT),
    )
    return [
        {
            "x": int(column),
            "y": int(row),
            "text": f"{values[row, column]:.0f}",
            "showarrow": False,
            "font": {"size": 11, "color": str(colours[row, column])},
        }
        for row, column in zip(*np.nonzero(values >= 0.5), strict=True)
    ]


def _top(values: NDArray[np.float64]) -> float:
    return float(np.nanmax(values, initial=1))


def _click_layer(confusions: ConfusionCounts, counted: str) -> go.Scatter:
    rows, columns = np.indices(confusions.counts.shape)
    shares = confusions.shares
    cells = [
        (label, answer, int(confusions.counts[i, j]), float(shares[i, j]))
        for i, label in enumerate(confusions.labels)
        for j, answer in enumerate(confusions.answers)
    ]
    unseen = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=columns.ravel(),
        y=rows.ravel(),
        mode="markers",
        marker={"symbol": "square", "size": 10, "opacity": 0, "color": RIGHT},
        selected=unseen,
        unselected=unseen,
        customdata=cells,
        hovertemplate="signed <b>%{customdata[0]}</b>, read as <b>%{customdata[1]}</b><br>"
        f"%{{customdata[2]}} {counted}, "
        "%{customdata[3]:.1%} of this letter<extra></extra>",
    )


def _frame(figure: go.Figure, confusions: ConfusionCounts, chosen: tuple[str, str] | None) -> None:
    if chosen is None:
        return
    label, answer = chosen
    if label not in confusions.labels or answer not in confusions.answers:
        return
    row, column = confusions.labels.index(label), confusions.answers.index(answer)
    figure.add_shape(
        type="rect",
        x0=column - 0.5,
        x1=column + 0.5,
        y0=row - 0.5,
        y1=row + 0.5,
        line={"color": "#e0245e", "width": 2.5},
    )


def _short(answer: str) -> str:
    """Shorten a column name; on a phone a column is 12 pixels wide."""
    return (
        answer
        if len(answer) == 1
        else {NO_HAND: "∅", "space": "sp", NOTHING: "–"}.get(answer, answer)
    )
