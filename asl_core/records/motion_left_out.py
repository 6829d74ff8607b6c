"""How a motion model reads signers that were left out of its training; plain JSON, no torch."""

from dataclasses import dataclass

from asl_core.records.json_record import JsonRecord

LEFT_OUT_FILE = "left-out.json"


@dataclass(frozen=True)
class DecisionScore:
    """What came out when a letter is given from the probability `decision` on.

    `j_right` and `z_right` count sequences out of which exactly the letter came, `false_letters`
    the J and Z that came out of still letters joined to streams.
    """

    decision: float
    j_right: int
    z_right: int
    false_letters: int


@dataclass(frozen=True)
class LeftOutScore:
    """One training without `signers`: their J and Z, minutes of their still letters, the scores."""

    signers: tuple[str, ...]
    seed: int
    j: int
    z: int
    minutes: float
    scores: tuple[DecisionScore, ...]


@dataclass(frozen=True)
class LeftOutReport(JsonRecord):
    """Several trainings, each without other signers."""

    command: str
    created: str
    streams: int
    epochs: int
    networks: int
    trainings: tuple[LeftOutScore, ...]


def left_out_table(report: LeftOutReport) -> str:
    """Give the report as a Markdown table: J, Z and false letters a minute at each decision."""
    decisions = [score.decision for score in report.trainings[0].scores] if report.trainings else []
    lines = [
        "| left out (seed) | " + " | ".join(f"{decision:g}" for decision in decisions) + " |",
        "|---|" + "---|" * len(decisions),
    ]
    for training in report.trainings:
        cells = [_cell(training, score) for score in training.scores]
        name = f"{', '.join(training.signers)} ({training.seed})"
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(training: LeftOutScore, score: DecisionScore) -> str:
    parts = []
    if training.j:
        parts.append(f"J {score.j_right}/{training.j}")
    if training.z:
        parts.append(f"Z {score.z_right}/{training.z}")
    if training.minutes:
        parts.append(f"{score.false_letters} false in {training.minutes:.1f} min")
    return ", ".join(parts)
