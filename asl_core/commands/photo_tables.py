"""Prints a PhotoSetCheck as tables for a person at a terminal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from asl_core.photos.check import PhotoCount, PhotoSetCheck

if TYPE_CHECKING:
    from asl_core.photos.hand_rates import HandRate

MOST_ROWS = 20
"""Duplicates that are listed; --json lists all."""

MOST_NAMES = 10
"""Files that were passed over which are named."""


def print_check(check: PhotoSetCheck) -> None:
    """Print the counts, the duplicates, and last what is wrong, where the eye rests."""
    # Folder names may hold brackets, which are no markup.
    out = Console(markup=False, emoji=False, highlight=False)
    out.print(f"{check.root}: {check.photos:,} photos", style="bold", soft_wrap=True)
    out.print("", _split_table(check))
    out.print("Photos of each class", _class_table(check), sep="\n")
    out.print("Photos of each source and signer", _signer_table(check), sep="\n")
    if check.absent_classes:
        out.print(f"Classes without a photo: {', '.join(check.absent_classes)}")
    if not check.hands:
        out.print("Hands were not looked for.")
    if check.duplicates or check.near_duplicates:
        out.print(
            f"Repeated files: {len(check.duplicates)}; "
            f"photos nearly repeated in another split: {len(check.near_duplicates)}"
        )
        out.print(_duplicate_table(check))
    if check.passed_over:
        names = ", ".join(check.passed_over[:MOST_NAMES])
        more = len(check.passed_over) - MOST_NAMES
        out.print(
            f"Not read, as they are no pictures in a class folder: {names}"
            f"{f' and {more} more; --json lists all' if more > 0 else ''}.",
            soft_wrap=True,
        )
    for problem in check.problems:
        out.print(f"✗ {problem}", style="red", soft_wrap=True)
    if check.is_sound:
        out.print("✓ No problem found.", style="green")
    else:
        out.print(f"Problems: {len(check.problems)}", style="bold red")


def _table(*headings: str, words: int = 1) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        if place < words:
            table.add_column(heading, overflow="fold")
        else:
            table.add_column(heading, justify="right", no_wrap=True)
    return table


def _splits(check: PhotoSetCheck) -> list[str]:
    return sorted({count.split for count in check.classes})


def _split_table(check: PhotoSetCheck) -> Table:
    table = _table("Split", "Photos", "Classes", "Sources", "Signers", "Hand found")
    for split in _splits(check):
        table.add_row(
            split,
            f"{sum(c.photos for c in check.classes if c.split == split):,}",
            str(sum(c.split == split for c in check.classes)),
            str(sum(c.split == split for c in check.sources)),
            str(sum(c.split == split for c in check.signers)),
            _rate(rate for rate in check.hands if rate.split == split),
        )
    return table


def _class_table(check: PhotoSetCheck) -> Table:
    splits = _splits(check)
    table = _table("Class", *splits)
    counts = {(count.name, count.split): count.photos for count in check.classes}
    for name in dict.fromkeys(count.name for count in _by_name_length(check.classes)):
        table.add_row(name, *(str(counts.get((name, split), "-")) for split in splits))
    return table


def _by_name_length(counts: Iterable[PhotoCount]) -> list[PhotoCount]:
    return sorted(counts, key=lambda count: (len(count.name) > 1, count.name))


def _signer_table(check: PhotoSetCheck) -> Table:
    headings = ("Split", "Source", "Signer", "Of source", "Of signer", "Hand found")
    table = _table(*headings, words=3)
    sources = {(count.split, count.name): count.photos for count in check.sources}
    before: tuple[str, str] | None = None
    for count in check.signers:
        source = (count.split, count.source)
        is_new, before = source != before, source
        rates = (r for r in check.hands if (r.split, r.signer) == (count.split, count.signer))
        table.add_row(
            *(source if is_new else ("", "")),
            count.signer,
            f"{sources[source]:,}" if is_new else "",
            f"{count.photos:,}",
            _rate(rates),
        )
    return table


def _duplicate_table(check: PhotoSetCheck) -> Table:
    groups, nears = check.duplicates, check.near_duplicates
    table = _table("Photo", "Is like", "Bits that differ", words=2)
    rows = [(group.photo_ids[0], "\n".join(group.photo_ids[1:]), "same file") for group in groups]
    rows += [
        (near.photo_id, near.twin_id, f"{near.bits}{' (mirrored)' * near.mirrored}")
        for near in nears
    ]
    for row in rows[:MOST_ROWS]:
        table.add_row(*row)
    if len(rows) > MOST_ROWS:
        table.add_row(f"… and {len(rows) - MOST_ROWS} more; --json lists all", "", "")
    return table


def _rate(rates: "Iterable[HandRate]") -> str:
    looked = list(rates)
    photos = sum(rate.photos for rate in looked)
    if not photos:
        return "-"
    found = sum(rate.found for rate in looked)
    return f"{found / photos:.1%} ({found}/{photos})"
