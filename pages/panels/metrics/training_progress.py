"""The progress of training runs, from their files alone, and their learning curves.

A run has a color in all curves; a star marks its best epoch.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from asl_core.errors import RunError
from asl_core.records.history import EpochRow, best_row
from asl_core.records.training_run import HISTORY_FILE, TrainingRun
from pages.panels.charts.chart_style import RUN_COLOURS, dress
from pages.panels.frame.run_choice import run_label

SETTINGS_KEY = "settings"
"""Where `config.json` keeps the settings of the training itself."""

QUIET_SECONDS = 600.0
"""A run without a model has stopped if it wrote nothing for this long and for three epochs."""


@dataclass(frozen=True)
class RunProgress:
    """A run's epochs and state; `planned` is the number of epochs in its settings, if known.

    `silent_seconds` is the time since the history last grew.
    """

    name: str
    rows: tuple[EpochRow, ...]
    planned: int | None
    is_finished: bool
    silent_seconds: float

    @property
    def is_at_work(self) -> bool:
        """Whether more epochs can be expected."""
        longest = max((row.seconds for row in self.rows), default=0.0)
        return not self.is_finished and self.silent_seconds < max(QUIET_SECONDS, 3 * longest)

    @property
    def best(self) -> EpochRow | None:
        """The epoch with the highest validation accuracy."""
        return best_row(self.rows)

    @property
    def remaining_seconds(self) -> float | None:
        """Time to the last planned epoch at the pace of the last three; None if unknown."""
        if self.planned is None or not self.rows:
            return None
        recent = self.rows[-3:]
        pace = sum(row.seconds for row in recent) / len(recent)
        left = (self.planned - self.rows[-1].epoch) * pace - self.silent_seconds
        return max(left, 0.0)


def progress_of(run: TrainingRun) -> RunProgress:
    """Read a run's progress.

    Raises:
        RunError: the history is missing or broken.
    """
    rows = run.history
    path = run.folder / HISTORY_FILE
    return RunProgress(
        name=run_label(run),
        rows=rows,
        planned=_planned(run),
        is_finished=run.is_finished,
        silent_seconds=max(0.0, time.time() - path.stat().st_mtime),
    )


def flat_settings(config: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Flatten nested settings to text: `augmentation.flip` -> `0.5`.

    The settings of the training itself have no prefix `settings`.
    """
    flat: dict[str, str] = {}
    for name, value in config.items():
        if isinstance(value, Mapping):
            flat |= flat_settings(value, "" if name == SETTINGS_KEY else f"{prefix}{name}.")
        elif isinstance(value, list | tuple):
            flat[prefix + name] = ", ".join(str(entry) for entry in value) or "none"
        else:
            flat[prefix + name] = str(value)
    return flat


def _planned(run: TrainingRun) -> int | None:
    try:
        settings = run.config.get(SETTINGS_KEY)
    except RunError:
        return None
    epochs = settings.get("epochs") if isinstance(settings, dict) else None
    return epochs if isinstance(epochs, int) and epochs > 0 else None


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
