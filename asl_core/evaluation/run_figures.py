"""Draws whole runs: the epochs of one, and the accuracy of several on the same strangers."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

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
