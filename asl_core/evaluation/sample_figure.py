"""Draws a sample of answers as hand skeletons: no photo, so no person, is shown."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon
from numpy.typing import NDArray

from asl_core.evaluation.figure_style import INK, RIGHT, WRONG, add_axes, new_figure
from asl_core.hands.landmarks import FINGERS, PALM_OUTLINE
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult

COLUMNS = 7
MISTAKES = 14
"""Most wrong answers that are shown besides one photo of each class."""

_CELL_WIDTH, _CELL_HEIGHT = 1.75, 2.2  # inches
_HEADING = 0.6
_SIDE = 100.0  # a skeleton is drawn in a square of this many units
_MARGIN = 14.0


def sample_figure(report: EvaluationReport, seed: int = 0) -> Figure:
    """Draw one random photo of each class, then random mistakes; `seed` fixes the choice."""
    generator = np.random.default_rng(seed)
    of_classes = _one_of_each(report, generator)
    mistakes = _mistakes(report, generator)
    wrong = sum(not photo.is_right for photo in report.photos)
    sections = [("One photo of each class, drawn at random", of_classes)]
    if mistakes:
        sections.append((f"{len(mistakes)} of {wrong:,} mistakes, drawn at random", mistakes))
    height = sum(_section_height(photos) for _, photos in sections)
    figure = new_figure(
        COLUMNS * _CELL_WIDTH + 0.6,
        height + 1.1,
        "What was read",
        f"{report.run} on {report.photo_set}, split {report.split}. Skeletons of the 21 points "
        "that were found, with the true letter, what was read, and how sure the model was.",
    )
    top = height + 0.1
    for heading, photos in sections:
        _draw_section(figure, heading, photos, top)
        top -= _section_height(photos)
    return figure


def _one_of_each(report: EvaluationReport, generator: np.random.Generator) -> list[PhotoResult]:
    chosen = []
    for name in report.classes:
        photos = [photo for photo in report.photos if photo.label == name]
        if photos:
            chosen.append(photos[int(generator.integers(len(photos)))])
    return chosen


def _mistakes(report: EvaluationReport, generator: np.random.Generator) -> list[PhotoResult]:
    wrong = [photo for photo in report.photos if not photo.is_right]
    order = generator.permutation(len(wrong))[:MISTAKES]
    return sorted((wrong[i] for i in order), key=lambda photo: photo.label)


def _section_height(photos: Sequence[PhotoResult]) -> float:
    return _HEADING + math.ceil(len(photos) / COLUMNS) * _CELL_HEIGHT


def _draw_section(figure: Figure, heading: str, photos: Sequence[PhotoResult], top: float) -> None:
    wide, high = figure.get_size_inches()
    figure.text(
        0.3 / wide, (top - 0.44) / high, heading, fontsize=11.5, fontweight="bold", color=INK
    )
    for index, photo in enumerate(photos):
        row, column = divmod(index, COLUMNS)
        left = 0.3 + column * _CELL_WIDTH
        bottom = top - _HEADING - (row + 1) * _CELL_HEIGHT
        axes = add_axes(figure, left, bottom, _CELL_WIDTH - 0.12, _CELL_HEIGHT - 0.12)
        _draw_photo(axes, photo)


def _draw_photo(axes: Axes, photo: PhotoResult) -> None:
    colour = RIGHT if photo.is_right else WRONG
    height = _SIDE * (_CELL_HEIGHT - 0.12) / (_CELL_WIDTH - 0.12)
    axes.set_xlim(0, _SIDE)
    axes.set_ylim(height, 0)
    axes.axis("off")
    axes.add_patch(
        FancyBboxPatch(
            (1, 1),
            _SIDE - 2,
            height - 2,
            boxstyle="round,pad=0,rounding_size=6",
            facecolor=(colour, 0.05),
            edgecolor=(colour, 0.45),
            linewidth=1,
        )
    )
    if photo.landmarks:
        _draw_skeleton(axes, _placed(photo), colour)
    mark = "✓" if photo.is_right else "✗"
    answer = "no hand found"
    if photo.predicted is not None and photo.confidence is not None:
        answer = f"read as {photo.predicted}, {photo.confidence:.0%}"
    _write(axes, 4, f"{mark} {photo.label}", colour, size=12.5, weight="bold")
    _write(axes, 19, answer, INK if photo.is_right else colour, size=9.5)


def _write(
    axes: Axes, below: float, text: str, colour: str, size: float, weight: str = "normal"
) -> None:
    axes.text(
        _SIDE / 2,
        _SIDE + below,
        text,
        ha="center",
        va="center",
        fontsize=size,
        fontweight=weight,
        color=colour,
    )


def _placed(photo: PhotoResult) -> NDArray[np.float64]:
    """Return the 21 points, float64 `(21, 2)`, in true proportions in the middle of the square."""
    points = np.array(photo.landmarks) * (photo.width, photo.height)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (_SIDE - 2 * _MARGIN) / max(float((high - low).max()), 1.0)
    placed: NDArray[np.float64] = (points - (low + high) / 2) * scale + _SIDE / 2
    return placed


def _draw_skeleton(axes: Axes, points: NDArray[np.float64], colour: str) -> None:
    palm = points[list(PALM_OUTLINE)]
    axes.add_patch(Polygon(palm, facecolor=(colour, 0.16), edgecolor="none"))
    for finger in FINGERS:
        line = points[list(finger)]
        # A white rim shows which finger lies over which where they cross.
        for tint, width in (("white", 5.4), (colour, 2.8)):
            axes.plot(
                *line.T,
                color=tint,
                linewidth=width,
                solid_capstyle="round",
                solid_joinstyle="round",
            )
    # Lines lie above patches by default; the rims would cut the palm's edge at each knuckle.
    edge = Polygon(palm, facecolor="none", edgecolor=colour, linewidth=2.4, joinstyle="round")
    edge.set_zorder(3)
    axes.add_patch(edge)
    for finger in FINGERS:
        tip = points[finger[-1]]
        axes.add_patch(
            Circle(tip, 2.6, facecolor="white", edgecolor=colour, linewidth=1.6, zorder=5)
        )
