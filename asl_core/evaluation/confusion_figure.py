"""Draws which letter was read as which."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from asl_core.evaluation.figure_style import (
    FIRST,
    INK,
    LINES,
    MUTED,
    SECOND,
    add_axes,
    new_figure,
)
from asl_core.records.evaluation_report import NO_HAND, EvaluationReport

_CELL = 0.34  # inches
_LETTER_WIDTH = 0.09  # inches
_LEAST_WIDTH = 9.0  # inches; the title has to fit
_GAP = 0.35  # cells between the letters and the column of photos without a hand


def confusion_figure(report: EvaluationReport) -> Figure:
    """Draw the confusion counts: rows are true letters, columns what was read.

    Shades show the share of the row: right answers in one colour, mistakes in another, with a
    square root that keeps rare mistakes visible.
    """
    counts = np.array(report.confusion, np.int64)
    side = len(report.classes) * _CELL
    # Names such as "nothing" stand upright above their column and need as much room beside it.
    room = _LETTER_WIDTH * (max(map(len, report.classes)) - 1)
    figure = new_figure(
        max(side + room + 3.5, _LEAST_WIDTH),
        side + room + 2.05,
        "Which letter was read as which",
        f"{report.run} on {report.photo_set}, split {report.split}: "
        f"{report.overall.photos:,} photos. Rows are true letters, columns what was read.",
    )
    axes = add_axes(figure, 0.95 + room, 0.3, side + (1 + _GAP) * _CELL, side)
    _draw_cells(axes, counts)
    _draw_labels(axes, report.classes)
    _draw_row_totals(axes, counts)
    return figure


def _draw_cells(axes: Axes, counts: NDArray[np.int64]) -> None:
    rows = len(counts)
    shades = _shades(counts)
    axes.imshow(shades[:, :rows], extent=(0, rows, rows, 0), interpolation="nearest")
    start = rows + _GAP
    axes.imshow(shades[:, rows:], extent=(start, start + 1, rows, 0), interpolation="nearest")
    axes.set_xlim(0, start + 1)
    axes.set_ylim(rows, 0)
    axes.set_aspect("auto")
    edges = np.arange(rows + 1)
    for left, right, borders in ((0, rows, edges), (start, start + 1, [start, start + 1])):
        axes.hlines(edges, left, right, LINES, linewidth=0.6, clip_on=False)
        axes.vlines(borders, 0, rows, LINES, linewidth=0.6, clip_on=False)
    for row, column in np.argwhere(counts > 0):
        x = column + 0.5 + (_GAP if column == rows else 0)
        dark = shades[row, column].mean() < 160
        axes.text(
            x,
            row + 0.52,
            f"{counts[row, column]}",
            ha="center",
            va="center",
            fontsize=8.5,
            color="white" if dark else INK,
        )


def _shades(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return RGB uint8 `(C, C + 1, 3)`: white for no photo, full colour for all of the row."""
    shares = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))[..., None]
    colours = np.empty((*counts.shape, 3))
    colours[:] = to_rgb(SECOND)
    colours[np.arange(len(counts)), np.arange(len(counts))] = to_rgb(FIRST)
    colours[:, -1] = to_rgb(MUTED)
    return np.asarray(np.round(255 * (1 - shares * (1 - colours))), np.uint8)


def _draw_labels(axes: Axes, classes: tuple[str, ...]) -> None:
    middles = np.arange(len(classes)) + 0.5
    axes.set_xticks([*middles, len(classes) + _GAP + 0.5], [*classes, NO_HAND.replace(" ", "\n")])
    axes.set_yticks(middles, classes)
    axes.xaxis.tick_top()
    for label in axes.get_xticklabels()[:-1]:
        label.set_rotation(90 if len(label.get_text()) > 1 else 0)
    axes.set_ylabel("True letter", color=MUTED, fontsize=10.5)
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("Read as", color=MUTED, fontsize=10.5)


def _draw_row_totals(axes: Axes, counts: NDArray[np.int64]) -> None:
    totals = counts.sum(axis=1)
    right = axes.get_xlim()[1]
    for x, heading in ((right + 1.6, "recall"), (right + 3.6, "photos")):
        axes.text(x, -0.32, heading, ha="right", va="bottom", fontsize=9, color=MUTED)
    for row, total in enumerate(totals):
        share = f"{counts[row, row] / total:.0%}" if total else "–"
        axes.text(right + 1.6, row + 0.52, share, ha="right", va="center", fontsize=9, color=INK)
        axes.text(
            right + 3.6, row + 0.52, f"{total:,}", ha="right", va="center", fontsize=9, color=MUTED
        )
