"""Writes a fluent model's card from its own files, so that no figure in it is typed by hand."""

from pathlib import Path
from typing import Any

from asl_core.records.fluent_report import (
    FLUENT_ABLATION_FILE,
    FLUENT_EVALUATIONS_FOLDER,
    FLUENT_MODEL_FILE,
    FLUENT_TRAINING_FILE,
    FluentAblation,
    FluentGroup,
    FluentReport,
    ablation_table,
)
from asl_core.records.json_file import read_json

PUBLISHED = (
    "Published systems that learned from three million real characters (FSboard, Google's ASL "
    "fingerspelling competition) have 11 to 24 % character errors."
)
"""For comparison; other data, other signers."""

CHOSEN_ON = (
    "The reader's settings were chosen on these sequences, real and made-up, so that its errors "
    "with other signers may be more."
)
"""What the figures are not: a measurement on signers that had no part in any choice."""

_LIMITS = """\
- Learned from made-up streams alone: no real fluent sequence was in the training.
- Few real sequences were measured, of few signers; the figures may be off by several points.
- A hand that rests in a letter's shape is that letter.
- Digits are not read: 3, 4, 5, 7 and 8 hardly write anything; 0, 1, 2, 6 and 9 look like letters.
"""


def fluent_reports(folder: Path) -> tuple[FluentReport, ...]:
    """Return all kept reports of a model, real ones first, then in the order of their names.

    Raises:
        RunError: a report is broken.
    """
    files = sorted((folder / FLUENT_EVALUATIONS_FOLDER).glob("*.json"))
    reports = [FluentReport.load(file) for file in files]
    return tuple(sorted(reports, key=lambda report: (report.is_made_up, report.times_as_fast)))


def fluent_card(folder: Path) -> str:
    """Return the card of a trained fluent model as Markdown.

    Raises:
        RunError: a file of the model is missing or broken.
    """
    model = read_json(folder / FLUENT_MODEL_FILE)
    training = read_json(folder / FLUENT_TRAINING_FILE)
    reports = fluent_reports(folder)
    real = [report for report in reports if not report.is_made_up]
    made_up = [report for report in reports if report.is_made_up]
    parts = [
        f"# {folder.name}\n",
        "Reads words that are spelled without holds, from MediaPipe landmarks frame by frame: a "
        "streaming network and the landmark network of still hands, read by a Viterbi search.\n",
        "## Real sequences\n",
        f"{PUBLISHED} {CHOSEN_ON}\n",
        *(_section(report) for report in real),
        "## Made-up sequences of signers left out of training\n",
        *(_section(report) for report in made_up),
        *_ablation(folder),
        "## Model\n",
        _model(model),
        "## Training\n",
        _training(training),
        "## Limits\n",
        _LIMITS,
        "## Sources and licences\n",
        "Weights: MIT, as the project. Landmarks of letters from public repositories and from the "
        "photos in [docs/photos.md](../../docs/photos.md), signed J and Z as in "
        "[motion-jz](../motion-jz/MODEL_CARD.md). None of them is part of the project.\n",
    ]
    return "\n".join(parts)


def fluent_table(report: FluentReport) -> str:
    """Return the figures of a report as Markdown tables; hands that do not spell stand apart."""
    spelled = [group for group in report.groups if group.letters]
    silent = [group for group in report.groups if not group.letters]
    lines = []
    if spelled:
        lines += [
            "| | signers | sequences | letters | character errors | with suggested words "
            "| without an error | bent into another word | shown after (median, 95 %) |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
    lines += [
        f"| {group.kind} | {group.signers or '-'} | {group.sequences} | {group.letters} "
        f"| {group.cer:.1%} | {group.suggested_cer:.1%} | {group.right} | {group.bent} "
        f"| {_lag(group)} |"
        for group in spelled
    ]
    if silent:
        lines += [
            "",
            "| hands that do not spell | minutes | letters read | a minute |",
            "|---|---:|---:|---:|",
        ]
    lines += [
        f"| {group.kind} | {group.minutes:.1f} | {group.added} | {group.added_per_minute:.2f} |"
        for group in silent
    ]
    return "\n".join(lines)


def _lag(group: FluentGroup) -> str:
    if group.lag_s is None or group.late_lag_s is None:
        return "-"
    return f"{group.lag_s:.2f} s, {group.late_lag_s:.2f} s"


def _section(report: FluentReport) -> str:
    speed = "as signed" if report.times_as_fast == 1 else f"{report.times_as_fast:g} times as fast"
    title = report.source if report.is_made_up else f"{report.source}, {speed}"
    return f"### {title}\n\n{fluent_table(report)}\n\nReproduce: `{report.command}`\n"


def _ablation(folder: Path) -> list[str]:
    if not (folder / FLUENT_ABLATION_FILE).is_file():
        return []
    ablation = FluentAblation.load(folder / FLUENT_ABLATION_FILE)
    return ["## What each part of the stream maker gives\n", f"{ablation_table(ablation)}\n"]


def _model(model: dict[str, Any]) -> str:
    stream, shape, settings = model["stream"], model["shape"], model["settings"]
    return (
        f"- {stream['networks']} streaming network(s) of convolutions over time, "
        f"{stream['parameters']:,} parameters, {stream['dtype']} safetensors, run with NumPy at "
        f"{model['ticks_per_second']} ticks a second\n"
        f"- the landmark network of still hands, {shape['parameters']:,} parameters\n"
        + "".join(f"- {name}: {value:g}\n" for name, value in settings.items())
    )


def _training(training: dict[str, Any]) -> str:
    learning = training["training"]
    left_out = [name for name, is_in in training["parts"].items() if not is_in]
    without = f" Without {', '.join(left_out)}." if left_out else ""
    return (
        f"{training['streams']:,} made-up streams of {training['hands']:,} hands of "
        f"{training['signers']} signers, {training['strokes']['J']} signed J and "
        f"{training['strokes']['Z']} signed Z; {learning['steps']} steps of "
        f"{learning['batch_size']} streams, each used {learning['uses']} times, seed "
        f"{learning['seed']}, {training['seconds'] / 60:.0f} minutes.{without}\n"
    )
