"""What was measured of a motion model on signed sequences; plain JSON, no torch."""

from dataclasses import dataclass

from asl_core.records.json_file import JsonRecord

MOTION_MODEL_FILE = "motion.json"
"""Names the weights and settings of a motion model. Not `model.json`: that would make it a run."""

MOTION_TRAINING_FILE = "training.json"


def motion_report_file(split: str) -> str:
    """Return the name of the report on one split."""
    return f"evaluation-{split}.json"


@dataclass(frozen=True)
class SignerMotion:
    """What came out of one signer's sequences of J, of Z, or of all other letters ("other").

    `right`: exactly the letter came out once, or, of other letters, nothing. `other_letter`: a J
    where a Z was signed or the reverse. `repeated`: more than one letter came out. `missed`:
    nothing came out of a J or Z. `false`: a J or Z came out of another letter.
    """

    signer: str
    letter: str
    sequences: int
    right: int
    other_letter: int
    repeated: int
    missed: int
    false: int


@dataclass(frozen=True)
class RateScore:
    """Shares in 0-1 when only so many frames a second are seen."""

    frames_per_second: float
    j_recall: float
    z_recall: float
    false_rate: float


@dataclass(frozen=True)
class StillStreams:
    """J and Z that came out of still letters joined to long streams."""

    minutes: float
    false_letters: int

    @property
    def per_minute(self) -> float:
        """False letters a minute."""
        return self.false_letters / self.minutes if self.minutes else 0.0


@dataclass(frozen=True)
class FrameCost:
    """Processor milliseconds of one frame: the mean of all, and the worst (best of some passes)."""

    frames: int
    mean_ms: float
    worst_ms: float


@dataclass(frozen=True)
class MissedSequence:
    """A J or Z that did not come out; `fault` is what is wrong with its stroke, if anything."""

    number: int
    signer: str
    letter: str
    read: str
    fault: str


@dataclass(frozen=True)
class MotionReport(JsonRecord):
    """Measured results on one split. Delays are from the stroke's end to the decision.

    `note` is what a reader must know of this measurement, such as how often the split was
    measured before.
    """

    model: str
    sequences: str
    split: str
    command: str
    created: str
    signers: tuple[SignerMotion, ...]
    delay_median_s: float
    delay_p95_s: float
    rates: tuple[RateScore, ...]
    still_streams: StillStreams
    still_tracing_share: float
    cost: FrameCost
    missed: tuple[MissedSequence, ...]
    note: str = ""

    def recall(self, letter: str) -> float:
        """Share of the sequences of J or of Z out of which exactly that letter came, 0-1."""
        rows = [row for row in self.signers if row.letter == letter]
        return _share(sum(row.right for row in rows), sum(row.sequences for row in rows))

    @property
    def false_rate(self) -> float:
        """Share of the other letters' sequences out of which a J or Z came, 0-1."""
        rows = [row for row in self.signers if row.letter == "other"]
        return _share(sum(row.false for row in rows), sum(row.sequences for row in rows))

    def count(self, letter: str) -> int:
        """Count the sequences of J, of Z or of "other"."""
        return sum(row.sequences for row in self.signers if row.letter == letter)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


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
    """Write the report as a Markdown table: J, Z and false letters a minute at each decision."""
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
