"""Speed as bars: ours beside the reference's, and what the time of a live frame is spent on."""

from collections.abc import Sequence

import plotly.graph_objects as go

from asl_core.records.speed_report import LiveSpeed, SpeedReport
from pages.panels.charts.chart_style import QUIET, RIGHT, RUN_COLOURS, dress

OURS, REFERENCE = "this app", "the reference's loop"
_STAGES = ("detect", "network", "draw", "rest")


def ratio_rows(report: SpeedReport) -> tuple[tuple[str, float, float], ...]:
    """Return what was compared, and how many a second ours and the reference manage."""
    batch = report.batch
    most = list(batch.ours_images_per_second)[-1]
    rows = [
        ("video frames", report.video.ours.fps, report.video.reference.fps),
        ("photos", report.photo.ours.fps, report.photo.reference.fps),
        (
            f"hands, {most} at once",
            batch.ours_images_per_second[most],
            batch.reference_images_per_second,
        ),
    ]
    return tuple(rows)


def ratio_figure(report: SpeedReport) -> go.Figure:
    """Draw how many times as fast ours is, the reference being 1; the cold start too."""
    names = [name for name, _, _ in ratio_rows(report)]
    ratios = [ours / theirs for _, ours, theirs in ratio_rows(report)]
    if report.cold_start is not None:
        names.append("cold start")
        ratios.append(report.cold_start.ratio)
    figure = go.Figure(
        go.Bar(
            x=ratios,
            y=names,
            orientation="h",
            marker={"color": RIGHT, "cornerradius": 4},
            text=[f"<b>{ratio:.2f} ×</b>" for ratio in ratios],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="<b>%{y}</b>: %{x:.2f} times as fast<extra></extra>",
        )
    )
    figure.add_vline(x=1, line={"color": QUIET, "width": 1.5, "dash": "dot"})
    dress(figure, height=70 + 46 * len(names))
    figure.update_layout(margin={"r": 60})
    figure.update_xaxes(range=[0, max([*ratios, 1]) * 1.2], ticksuffix=" ×")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", type="category")
    return figure


def ratio_alt(report: SpeedReport) -> str:
    """Describe the chart in one sentence."""
    parts = [f"{name} {ours / theirs:.2f} times" for name, ours, theirs in ratio_rows(report)]
    return f"Speed against {REFERENCE}: {', '.join(parts)}."


def share_figure(speeds: Sequence[LiveSpeed]) -> go.Figure:
    """Draw what a live frame's time is spent on, a bar for each number of visitors."""
    names = [visitors(speed) for speed in speeds]
    figure = go.Figure(
        [
            go.Bar(
                x=[getattr(speed, f"{stage}_share") for speed in speeds],
                y=names,
                orientation="h",
                name=stage,
                marker={"color": colour},
                hovertemplate=f"<b>{stage}</b>: %{{x:.1%}} of a frame's time<extra></extra>",
            )
            for stage, colour in zip(_STAGES, RUN_COLOURS, strict=False)
        ]
    )
    dress(figure, height=100 + 46 * len(names))
    figure.update_layout(
        barmode="stack",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        margin={"t": 40},
    )
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", type="category")
    return figure


def share_alt(speeds: Sequence[LiveSpeed]) -> str:
    """Describe the chart in one sentence."""
    parts = [
        f"{visitors(speed)}: "
        + ", ".join(f"{stage} {getattr(speed, f'{stage}_share'):.0%}" for stage in _STAGES)
        for speed in speeds
    ]
    return f"Shares of a live frame's time. {'; '.join(parts)}."


def visitors(speed: LiveSpeed) -> str:
    """Write how many visitors were served."""
    return f"{speed.visitors} visitor{'s' if speed.visitors > 1 else ''}"
