"""A run's epochs, one row each, written at once: a crash keeps them, a page shows a run at work."""

import csv
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from asl_core.errors import RunError
from asl_core.records.definitions import defined_as


@dataclass(frozen=True)
class EpochRow:
    """What one epoch did.

    Accuracies are in 0-1, `train_accuracy` is on augmented pictures. Losses are cross-entropy in
    nats, NaN where a training has diverged. `learning_rate` is the one at the end of the epoch.
    """

    epoch: int
    input_size: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float = field(
        metadata=defined_as(
            "Share of the validation photos of the 24 static letters read correctly; a photo in "
            "which no hand is found counts as wrong."
        )
    )
    learning_rate: float
    seconds: float


def append_row(path: Path, row: EpochRow) -> None:
    """Add a row to a history file; the header is written with the first one."""
    is_new = not path.exists() or path.stat().st_size == 0
    with path.open("a", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [f.name for f in fields(EpochRow)])
        if is_new:
            table.writeheader()
        values = asdict(row)
        table.writerow({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in values.items()})


def read_history(path: Path) -> tuple[EpochRow, ...]:
    """Read a history file; a run that has not finished an epoch yet has no row.

    Raises:
        RunError: the file is missing or a row cannot be read.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            table = csv.DictReader(file)
            return tuple(_row(values, f"{where} line {table.line_num}") for values in table)
    except OSError:
        raise RunError(f"{path.parent.name} has no {path.name}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"{where} is not a CSV table: {error}.") from None


def best_row(history: tuple[EpochRow, ...]) -> EpochRow | None:
    """Return the epoch with the highest validation accuracy, the earliest of equals."""
    return max(history, key=lambda row: row.validation_accuracy, default=None)


def _row(values: dict[str, str | None], where: str) -> EpochRow:
    numbers: dict[str, Any] = {}
    for name, kind in get_type_hints(EpochRow).items():
        text = values.get(name)
        if text is None:
            raise RunError(f"{where} has no {name}.")
        try:
            numbers[name] = kind(text)
        except ValueError:
            raise RunError(f"{where}: {name} is {text!r}, not a number.") from None
        # Plots show a lost loss as a gap, but a lost accuracy would make any epoch the best.
        if name.endswith("accuracy") and not 0 <= numbers[name] <= 1:
            raise RunError(f"{where}: {name} is {text!r}, allowed are 0 to 1.")
    return EpochRow(**numbers)
