"""What a person sees of a training at the terminal."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asl_core.records.history import EpochRow


class TrainingScreen:
    """Progress bars: photos while crops are cut, then the batches of each epoch with its ETA."""

    def __init__(self, epochs: int, is_shown: bool) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, TimeRemainingColumn(), disable=not is_shown)
        self._epochs, self._is_shown = epochs, is_shown
        self._tasks: dict[str, int] = {}
        self._started = time.monotonic()

    def __enter__(self) -> "TrainingScreen":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def on_crop(self, split: str, done: int, total: int) -> None:
        """Show how many photos of a split are cut."""
        self._update(f"crops of {split}", done, total)

    def on_batch(self, epoch: int, done: int, total: int, loss: float) -> None:
        """Show a batch; the bar covers all epochs, so its ETA is the run's."""
        self._update("training", (epoch - 1) * total + done, self._epochs * total)

    def on_epoch(self, row: "EpochRow") -> None:
        """Print the epoch's figures."""
        if self._is_shown:
            self._progress.console.print(
                f"epoch {row.epoch}/{self._epochs} at {row.input_size} px: "
                f"train loss {row.train_loss:.3f}, accuracy {row.train_accuracy:.1%}; "
                f"validation loss {row.validation_loss:.3f}, "
                f"accuracy {row.validation_accuracy:.1%} ({row.seconds:.0f} s)"
            )

    def _update(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done)  # type: ignore[arg-type]
