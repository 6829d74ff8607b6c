"""What each part of the stream maker gives: short trainings without one part, measured alike."""

from dataclasses import dataclass

from asl_core.records.json_file import JsonRecord

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
