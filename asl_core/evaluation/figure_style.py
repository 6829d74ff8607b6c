"""Colours, type sizes and axes that all figures of a run share; drawn without a screen."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK = "#1e2433"
MUTED = "#667085"
LINES = "#dfe2ec"
FIRST = "#4f46e5"
SECOND = "#e8730c"
RIGHT = "#15803d"
WRONG = "#c81e1e"

DOTS_PER_INCH = 110


def new_figure(width: float, height: float, title: str, subtitle: str) -> Figure:
    """Start a white figure of `width` by `height` inches with a title at its top left.

    pyplot is left alone: it keeps every figure in a global list, which threads would share.
    """
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    left, top = 0.3 / width, 1 - 0.42 / height
    figure.text(left, top, title, fontsize=15, fontweight="bold", color=INK, va="center")
    below = 1 - 0.74 / height
    figure.text(left, below, subtitle, fontsize=10.5, color=MUTED, va="center")
    return figure


def add_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes without frame or ticks; the place is in inches from the lower left corner."""
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((left / wide, bottom / high, width / wide, height / high))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, colors=INK, labelsize=10)
    return axes


def save_png(figure: Figure, path: Path) -> Path:
    """Write the figure as a PNG, complete or absent, and return its path."""
    partial = path.with_name(path.name + ".partial")
    figure.savefig(partial, format="png", dpi=DOTS_PER_INCH)
    partial.replace(path)
    return path
