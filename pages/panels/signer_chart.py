"""Accuracy signer by signer: the average hides for whom a model fails."""

import plotly.graph_objects as go

from asl_core.records.evaluation_report import EvaluationReport
from pages.panels.chart_style import QUIET, RIGHT, dress, percent


def signer_figure(report: EvaluationReport) -> go.Figure:
    """Draw one bar for each signer, best on top, and the accuracy over all photos as a line."""
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
            hovertemplate="<b>%{y}</b><br>%{x:.1%} of %{customdata[0]} photos read right"
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
    """Tell the chart's content in one sentence."""
    if not report.sources:
        return "Accuracy per signer: no signer is in this report."
    rows = sorted(report.sources, key=lambda row: row.accuracy)
    return (
        f"Accuracy per signer, from {percent(rows[0].accuracy)} ({rows[0].signer}) "
        f"to {percent(rows[-1].accuracy)} ({rows[-1].signer})."
    )
