"""Draws figures of runs: epochs, which letter was read as which, several on the same strangers."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
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
from asl_core.records.comparison import StepResult
from asl_core.records.evaluation_report import NO_HAND, EvaluationReport
from asl_core.records.history import EpochRow, best_row

_WIDTH, _HEIGHT, _GAP = 3.9, 3.0, 0.8  # inches of a panel
_ROW = 0.72  # inches of a step


def history_figure(run_name: str, history: Sequence[EpochRow]) -> Figure:
    """Draw three panels over the epochs of a history.

    Raises:
        ValueError: the history has no row.
    """
    best = best_row(tuple(history))
    if best is None:
        raise ValueError(f"{run_name} has no finished epoch to draw")
    minutes = sum(row.seconds for row in history) / 60
    figure = new_figure(
        3 * _WIDTH + 2 * _GAP + 1.05,
        _HEIGHT + 2.3,
        "How the training went",
        f"{run_name}: {len(history)} epochs in {minutes:.3g} minutes. Best epoch {best.epoch}: "
        f"{best.validation_accuracy:.1%} of the validation photos of the 24 static letters.",
    )
    loss, accuracy, rate = (
        add_axes(figure, 0.75 + index * (_WIDTH + _GAP), 0.65, _WIDTH, _HEIGHT)
        for index in range(3)
    )
    epochs = [row.epoch for row in history]
    for axes, title in ((loss, "Loss (nats)"), (accuracy, "Accuracy"), (rate, "Learning rate")):
        _prepare(axes, title, history, best)
    _draw(loss, epochs, [row.train_loss for row in history], FIRST, "training")
    _draw(loss, epochs, [row.validation_loss for row in history], SECOND, "validation")
    _draw(accuracy, epochs, [row.train_accuracy for row in history], FIRST, "training, augmented")
    _draw(accuracy, epochs, [row.validation_accuracy for row in history], SECOND, "validation")
    _draw(rate, epochs, [row.learning_rate for row in history], FIRST)
    accuracy.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    rate.ticklabel_format(axis="y", style="sci", scilimits=(0, 0))
    rate.set_ylim(bottom=0)
    for axes in (loss, accuracy):
        axes.legend(frameon=False, labelcolor=INK, fontsize=10, loc="best")
    for axes, value in ((loss, best.validation_loss), (accuracy, best.validation_accuracy)):
        axes.plot([best.epoch], [value], "o", color=SECOND, markersize=8, markeredgecolor="white")
    return figure


def _prepare(axes: Axes, title: str, history: Sequence[EpochRow], best: EpochRow) -> None:
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK, pad=20)
    axes.set_xlabel("Epoch", color=MUTED, fontsize=10)
    axes.grid(axis="y", color=LINES, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.axvline(best.epoch, color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
    _note_above(axes, best.epoch, f"best: {best.epoch}", INK)
    for before, after in pairwise(history):
        if before.input_size != after.input_size:
            axes.axvline((before.epoch + after.epoch) / 2, color=LINES, linewidth=1.2)
            middle = (before.epoch + after.epoch) / 2
            _note_above(axes, middle, f"{before.input_size}→{after.input_size} px", MUTED)


def _note_above(axes: Axes, epoch: float, text: str, colour: str) -> None:
    axes.annotate(
        text,
        (epoch, 1),
        (0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        color=colour,
    )


def _draw(
    axes: Axes, epochs: list[int], values: list[float], colour: str, label: str | None = None
) -> None:
    marker = "o" if len(epochs) < 3 else None
    axes.plot(epochs, values, color=colour, linewidth=2, marker=marker, label=label)


def comparison_figure(results: Sequence[StepResult]) -> Figure:
    """Draw a bar for each step, the first on top, and a dot for each signer.

    Raises:
        ValueError: there is no step to draw.
    """
    if not results:
        raise ValueError("there is no step to draw")
    height = _ROW * len(results)
    figure = new_figure(
        10.5,
        height + 2.0,
        "What each step adds",
        f"{results[0].photos:,} photos of the 24 static letters, {len(results[0].signers)} "
        "signers that none has learnt from. Dots: each signer.",
    )
    axes = add_axes(figure, 3.0, 0.6, 7.0, height)
    places = list(range(len(results)))
    bars = axes.barh(places, [row.accuracy for row in results], height=0.5, color=FIRST)
    axes.bar_label(bars, [f"{row.accuracy:.1%}" for row in results], padding=6, color=INK)
    for place, row in zip(places, results, strict=True):
        shares = [signer.accuracy for signer in row.signers]
        axes.plot(shares, [place] * len(shares), "o", color=SECOND, markeredgecolor="white")
    axes.set_yticks(places, [row.step.title for row in results])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="x", color=LINES, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure


_CELL = 0.34  # inches
_LETTER_WIDTH = 0.09  # inches
_LEAST_WIDTH = 9.0  # inches; the title has to fit
_NO_HAND_GAP = 0.35  # cells between the letters and the column of photos without a hand


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
    axes = add_axes(figure, 0.95 + room, 0.3, side + (1 + _NO_HAND_GAP) * _CELL, side)
    _draw_cells(axes, counts)
    _draw_labels(axes, report.classes)
    _draw_row_totals(axes, counts)
    return figure


def _draw_cells(axes: Axes, counts: NDArray[np.int64]) -> None:
    rows = len(counts)
    shades = _shades(counts)
    axes.imshow(shades[:, :rows], extent=(0, rows, rows, 0), interpolation="nearest")
    start = rows + _NO_HAND_GAP
    axes.imshow(shades[:, rows:], extent=(start, start + 1, rows, 0), interpolation="nearest")
    axes.set_xlim(0, start + 1)
    axes.set_ylim(rows, 0)
    axes.set_aspect("auto")
    edges = np.arange(rows + 1)
    for left, right, borders in ((0, rows, edges), (start, start + 1, [start, start + 1])):
        axes.hlines(edges, left, right, LINES, linewidth=0.6, clip_on=False)
        axes.vlines(borders, 0, rows, LINES, linewidth=0.6, clip_on=False)
    for row, column in np.argwhere(counts > 0):
        x = column + 0.5 + (_NO_HAND_GAP if column == rows else 0)
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
    axes.set_xticks(
        [*middles, len(classes) + _NO_HAND_GAP + 0.5], [*classes, NO_HAND.replace(" ", "\n")]
    )
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
