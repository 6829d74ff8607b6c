"""Draws what each step buys: the accuracy of each recogniser on the same strangers."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from asl_core.evaluation.figure_style import FIRST, INK, LINES, SECOND, add_axes, new_figure
from asl_core.records.comparison import StepResult

_ROW = 0.72  # inches


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
        "What each step buys",
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
