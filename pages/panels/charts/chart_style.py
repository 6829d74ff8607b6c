"""The style of all charts: colors that work on light and dark, quiet axes, no toolbar."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

RIGHT = "#6366f1"
"""Right answers; also the first run of several."""

WRONG = "#f07f1f"
"""Wrong answers."""

QUIET = "#8b93a7"
"""Guide lines and whatever belongs in the background."""

RUN_COLOURS: tuple[str, ...] = (RIGHT, WRONG, "#14a697", "#d14bb3", "#1f9fe0", "#74ad2b")
"""Colors of the runs in one chart, in their order."""

CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False}


def show_chart(figure: go.Figure, key: str, alt: str) -> None:
    """Show a figure across the page's width; `alt` is read to people who cannot see it."""
    st.plotly_chart(figure, key=key, alt=alt, config=CONFIG)


def dress(figure: go.Figure, height: int, title: str = "") -> go.Figure:
    """Apply the common style to a figure, in place, and return it; `height` in pixels."""
    figure.update_layout(
        height=height,
        title={"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left", "y": 0.98}
        if title
        else None,
        margin={"l": 8, "r": 8, "t": 44 if title else 16, "b": 8},
        hoverlabel={"align": "left"},
        dragmode=False,
        bargap=0.28,
    )
    figure.update_xaxes(fixedrange=True, automargin=True, zeroline=False)
    figure.update_yaxes(fixedrange=True, automargin=True, zeroline=False)
    return figure


def is_dark() -> bool:
    """Return whether this visitor sees the dark theme."""
    return st.context.theme.type == "dark"


def percent(share: float) -> str:
    """Write a share in 0-1 as a percentage with one decimal, such as `91.4 %`."""
    return f"{share * 100:.1f} %"
