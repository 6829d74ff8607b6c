"""Learning curves of one or several runs: a color per run, its best epoch marked with a star."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from asl_core.records.history import EpochRow, best_row
from pages.panels.charts.chart_style import RUN_COLOURS, dress

Histories = Mapping[str, tuple[EpochRow, ...]]
"""Epochs by the name of their run."""


@dataclass(frozen=True)
class Curve:
    """A column of the history: how to read it, how to draw it, how to write its values."""

    name: str
    value: Callable[[EpochRow], float]
    dash: str = "solid"
    form: str = ".3f"


LOSS: tuple[Curve, ...] = (
    Curve("validation", lambda row: row.validation_loss),
    Curve("training", lambda row: row.train_loss, "dot"),
)
ACCURACY: tuple[Curve, ...] = (
    Curve("validation", lambda row: row.validation_accuracy, form=".1%"),
    Curve("training", lambda row: row.train_accuracy, "dot", form=".1%"),
)
LEARNING_RATE: tuple[Curve, ...] = (
    Curve("learning rate", lambda row: row.learning_rate, form=".2e"),
)


def history_figure(histories: Histories, curves: Sequence[Curve], title: str) -> go.Figure:
    """Draw `curves` over the epochs of all runs; the first curve carries the best epoch's star."""
    figure = go.Figure()
    for number, (name, rows) in enumerate(histories.items()):
        colour = RUN_COLOURS[number % len(RUN_COLOURS)]
        for curve in curves:
            figure.add_trace(_line(name, rows, curve, colour))
        best = best_row(rows)
        if best is not None:
            figure.add_trace(_star(name, best, curves[0], colour))
    dress(figure, height=320, title=title)
    figure.update_layout(showlegend=False, hovermode="closest")
    figure.update_xaxes(title="epoch", tickformat="d", rangemode="tozero")
    if curves[0].form.endswith("%"):
        figure.update_yaxes(tickformat=".0%")
    return figure


def _line(name: str, rows: Sequence[EpochRow], curve: Curve, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[row.epoch for row in rows],
        y=[curve.value(row) for row in rows],
        name=f"{name} {curve.name}",
        mode="lines+markers" if len(rows) < 3 else "lines",
        line={"color": colour, "width": 2 if curve.dash == "solid" else 1.5, "dash": curve.dash},
        customdata=[row.input_size for row in rows],
        hovertemplate=f"<b>{name}</b>, epoch %{{x}}<br>{curve.name} %{{y:{curve.form}}}"
        "<br>input %{customdata} px<extra></extra>",
    )


def _star(name: str, best: EpochRow, curve: Curve, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[best.epoch],
        y=[curve.value(best)],
        name=f"{name} best epoch",
        mode="markers",
        marker={"symbol": "star", "size": 15, "color": colour, "line": {"width": 0}},
        hovertemplate=f"<b>{name}</b>, best epoch %{{x}}<br>{curve.name} %{{y:{curve.form}}}"
        "<extra></extra>",
    )
