"""The progress of a training run, from its files alone."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from asl_core.errors import RunError
from asl_core.records.history import EpochRow, best_row
from asl_core.records.training_run import HISTORY_FILE, TrainingRun
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
