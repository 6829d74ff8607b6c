"""Prints what a run withstands, and what it reads in empty scenes, for a person at a terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from asl_core.records.robustness_report import MOST_COST_POINTS, RobustnessReport
from asl_core.records.scenes_report import ScenesReport


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
