"""Prints an evaluation report as tables for a person at a terminal."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from asl_core.records.evaluation_report import EvaluationReport, Summary
from asl_core.records.robustness_report import MOST_COST_POINTS, RobustnessReport
from asl_core.records.scenes_report import ScenesReport


def print_report(report: EvaluationReport, written: tuple[Path, ...], console: Console) -> None:
    """Print the headline figures, each signer and what was written."""
    console.print(f"\n[bold]{report.run}[/] on {report.photo_set}, split {report.split}")
    console.print(_summary_table(report))
    console.print(_signer_table(report))
    console.print(
        f"Expected calibration error {report.expected_calibration_error:.3f}: the mean gap "
        "between confidence and accuracy, for photos with a hand."
    )
    for entry in report.left_out:
        console.print(
            f"Left out: {entry.label!r}, a class that the model does not know "
            f"({entry.photos:,} photos)."
        )
    for sentence in report.unreadable:
        console.print(f"Not read: {sentence}", style="red", markup=False)
    console.print("\nWritten:")
    for path in written:
        console.print(f"  {path}", markup=False, highlight=False, soft_wrap=True)


def _summary_table(report: EvaluationReport) -> Table:
    table = Table(
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        caption="precision, recall and F1 are means over the letters",
        caption_justify="left",
    )
    table.add_column("", no_wrap=True)
    for name in ("photos", "accuracy", "top 3", "precision", "recall", "F1", "no hand"):
        table.add_column(name, justify="right")
    rows: list[tuple[str, Summary | None]] = [
        ("static letters", report.static),
        ("J and Z", report.motion),
        ("del, nothing, space", report.commands),
        ("all classes", report.overall),
    ]
    for name, summary in rows:
        if summary:
            shares = (
                summary.accuracy,
                summary.top3_accuracy,
                summary.macro_precision,
                summary.macro_recall,
                summary.macro_f1,
                summary.no_hand_rate,
            )
            table.add_row(name, f"{summary.photos:,}", *(f"{share:.1%}" for share in shares))
    return table


def _signer_table(report: EvaluationReport) -> Table:
    table = Table(
        "signer",
        box=SIMPLE_HEAD,
        pad_edge=False,
        title="Static letters by signer",
        title_justify="left",
    )
    for name in ("photos", "accuracy", "no hand"):
        table.add_column(name, justify="right")
    for score in report.sources:
        table.add_row(
            score.signer, f"{score.photos:,}", f"{score.accuracy:.1%}", f"{score.no_hand_rate:.1%}"
        )
    return table


def print_robustness(report: RobustnessReport, console: Console) -> None:
    """Print one line for each distortion; what costs too much is marked."""
    table = Table(
        "the photos are",
        box=SIMPLE_HEAD,
        pad_edge=False,
        title=f"What it withstands: {report.photos:,} of {report.available:,} photos of static "
        "letters",
        title_justify="left",
        caption=f"! costs more than {MOST_COST_POINTS:.0f} points; 95 % intervals over photos",
        caption_justify="left",
    )
    for name in ("accuracy", "no hand", "cost in points", "95 % interval", ""):
        table.add_column(name, justify="right")
    table.add_row("as they are", f"{report.accuracy:.1%}", f"{report.no_hand_rate:.1%}", "", "", "")
    for row in report.rows:
        table.add_row(
            row.name,
            f"{row.accuracy:.1%}",
            f"{row.no_hand_rate:.1%}",
            f"{row.cost_points:.1f}",
            f"{row.cost_low:.1f} to {row.cost_high:.1f}",
            "!" * row.is_costly,
        )
    console.print(table)


def print_scenes(report: ScenesReport, console: Console) -> None:
    """Print what was read as photos and before the camera, and in which scenes."""
    table = Table(
        "",
        box=SIMPLE_HEAD,
        pad_edge=False,
        caption=f"sure: a confidence of {report.rejection_threshold:.2f} or more",
        caption_justify="left",
    )
    for name in ("scenes", "hand found", "letter named", "as sure", "written"):
        table.add_column(name, justify="right")
    for name, counts, written in (
        ("as photos", report.photo, ""),
        ("before the camera", report.live, str(report.written)),
    ):
        table.add_row(
            name,
            f"{counts.scenes:,}",
            str(counts.hands),
            f"{counts.letters} ({counts.letter_share:.1%})",
            f"{counts.sure} ({counts.sure_share:.1%})",
            written,
        )
    console.print(table)
    for entry in report.letters:
        where = "in a hand" if entry.hand_found else "in the whole picture, without a hand"
        console.print(
            f"{entry.scene_id} ({entry.mode}): {entry.letter} {entry.confidence:.0%}, {where}",
            markup=False,
            highlight=False,
        )
