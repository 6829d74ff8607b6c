"""One row per epoch, written at once, so that a crash keeps them and a page shows a run at work."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from asl_core.errors import RunError


@dataclass(frozen=True)
class EpochRow:
    """What one epoch did.

    Accuracies are in 0-1: `train_accuracy` on augmented pictures, `validation_accuracy` over the
    24 static letters with photos without a found hand counted as wrong. Losses are cross-entropy
    in nats. `learning_rate` is the one at the end of the epoch.
    """

    epoch: int
    input_size: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float


def append_row(path: Path, row: EpochRow) -> None:
    """Add a row to a history file; the header is written with the first one."""
    is_new = not path.exists()
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
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return tuple(_row(values) for values in csv.DictReader(file))
    except OSError:
        raise RunError(f"{path.parent.name} has no {path.name}.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path.parent.name}/{path.name} is broken: {error}.") from None


def best_row(history: tuple[EpochRow, ...]) -> EpochRow | None:
    """Give the epoch with the highest validation accuracy, the earliest of equals."""
    return max(history, key=lambda row: row.validation_accuracy, default=None)


def _row(values: dict[str, str]) -> EpochRow:
    whole = {"epoch", "input_size"}
    names = [f.name for f in fields(EpochRow)]
    return EpochRow(**{n: int(values[n]) if n in whole else float(values[n]) for n in names})  # type: ignore[arg-type]
