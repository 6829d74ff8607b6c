"""What was measured of the natural mode: spelled sequences, and what parts of its training give.

Plain JSON, no torch.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from asl_core.folders import MODELS_FOLDER
from asl_core.records.json_file import JsonRecord

FLUENT_MODEL_FOLDER: Path = MODELS_FOLDER / "fluent-spelling"
"""Where the shipped fluent model lies."""

FLUENT_MODEL_FILE = "fluent.json"
"""Names the weights and settings of a fluent model."""

FLUENT_TRAINING_FILE = "training.json"
FLUENT_EVALUATIONS_FOLDER = "evaluations"


@dataclass(frozen=True)
class SequenceReading:
    """What was read of one sequence; letters only, in capitals.

    `kind` groups sequences of one origin: a video file's ending, what stands before the first `_`
    of a landmark file's name, or what a made-up one shows. `errors` is the edit distance of `read`
    to `text`. `suggested` has the suggested words in place of what was read, where there were any,
    and `suggested_errors` is its distance. `seconds` is how long the sequence is. `lags_s` are the
    seconds from the moment a letter that was read is signed until it is shown for good.
    """

    file: str
    kind: str
    signer: str
    text: str
    read: str
    errors: int
    suggested: str
    suggested_errors: int
    seconds: float
    lags_s: tuple[float, ...] = ()

    @property
    def letters(self) -> int:
        """How many letters were spelled."""
        return len(self.text)


@dataclass(frozen=True)
class FluentGroup:
    """Sequences of one kind, added up.

    `cer` and `suggested_cer` are edits over letters, 0 where no letter was spelled. `right` counts
    sequences without any error, `bent` those among them whose suggested word is another one.
    `added` is how many letters were read where none was spelled, in `minutes`. `lag_s` is the
    median time until a letter is shown, `late_lag_s` that of the slowest in twenty; None where no
    letter was shown before its word ended.
    """

    kind: str
    signers: int
    sequences: int
    letters: int
    cer: float
    suggested_cer: float
    right: int
    bent: int
    added: int
    minutes: float
    lag_s: float | None = None
    late_lag_s: float | None = None

    @property
    def added_per_minute(self) -> float:
        """Letters a minute that were read where none was spelled."""
        return self.added / self.minutes if self.minutes else 0.0


@dataclass(frozen=True)
class FluentReport(JsonRecord):
    """Measured results on a folder of sequences, or on made-up ones (`is_made_up`).

    `times_as_fast` is how much faster than signed they were played. `signers` counts people.
    """

    model: str
    source: str
    command: str
    created: str
    is_made_up: bool
    times_as_fast: float
    signers: int
    sequences: tuple[SequenceReading, ...]

    @property
    def cer(self) -> float:
        """Character error rate: edits over letters, may be above 1."""
        return _rate(self.sequences)

    @property
    def suggested_cer(self) -> float:
        """Character error rate where suggested words stand for what was read."""
        return _rate(self.sequences, suggested=True)

    @property
    def right(self) -> int:
        """How many sequences were read without any error."""
        return sum(reading.errors == 0 for reading in self.sequences)

    @property
    def groups(self) -> tuple[FluentGroup, ...]:
        """The figures of each kind, in the order of their names."""
        kinds = sorted({reading.kind for reading in self.sequences})
        return tuple(_group(k, [r for r in self.sequences if r.kind == k]) for k in kinds)

    def as_answer(self, with_words: bool = False) -> dict[str, Any]:
        """Return `{"cer", "words_right", "sequences": [{"file", "text", "read", ...}]}`.

        `with_words` scores the suggested words.
        """
        rows = [
            {
                "file": reading.file,
                "text": reading.text,
                "read": reading.suggested if with_words else reading.read,
                "errors": reading.suggested_errors if with_words else reading.errors,
                "letters": reading.letters,
            }
            for reading in self.sequences
        ]
        return {
            "cer": round(self.suggested_cer if with_words else self.cer, 4),
            "words_right": sum(row["errors"] == 0 for row in rows),
            "sequences": rows,
        }


def _rate(readings: tuple[SequenceReading, ...], suggested: bool = False) -> float:
    letters = sum(reading.letters for reading in readings)
    errors = sum(r.suggested_errors if suggested else r.errors for r in readings)
    return errors / letters if letters else 0.0


def _group(kind: str, readings: list[SequenceReading]) -> FluentGroup:
    own = tuple(readings)
    lags = sorted(lag for reading in own for lag in reading.lags_s)
    return FluentGroup(
        kind=kind,
        sequences=len(own),
        signers=len({reading.signer for reading in own} - {""}),
        letters=sum(reading.letters for reading in own),
        cer=_rate(own),
        suggested_cer=_rate(own, suggested=True),
        right=sum(reading.errors == 0 for reading in own),
        bent=sum(r.errors == 0 and r.suggested_errors > 0 for r in own),
        added=sum(reading.errors for reading in own if not reading.text),
        minutes=sum(reading.seconds for reading in own) / 60,
        lag_s=median(lags) if lags else None,
        late_lag_s=lags[int(0.95 * (len(lags) - 1))] if lags else None,
    )


FLUENT_ABLATION_FILE = "ablation.json"


@dataclass(frozen=True)
class AblationRow:
    """One training; `without` is the part that was left out, "" for none.

    Character error rates on made-up words of left-out signers and on real sequences, and false
    letters a minute of hands that do not spell.
    """

    without: str
    made_up_cer: float
    real_cer: float
    added_per_minute: float


@dataclass(frozen=True)
class FluentAblation(JsonRecord):
    """Rows of trainings of `steps` steps each with one seed."""

    command: str
    created: str
    steps: int
    seed: int
    rows: tuple[AblationRow, ...]


def ablation_table(ablation: FluentAblation) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        f"Trainings of {ablation.steps} steps, one seed: differences of a few points are chance.",
        "",
        "| without | made-up words, left-out signers | real sequences | false letters a minute |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {row.without.replace('_', ' ') or 'nothing left out'} | {row.made_up_cer:.1%} "
        f"| {row.real_cer:.1%} | {row.added_per_minute:.2f} |"
        for row in ablation.rows
    ]
    return "\n".join([*lines, "", f"Reproduce: `{ablation.command}`"])
