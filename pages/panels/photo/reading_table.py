"""Many read photos as a table, on the page and as CSV."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages.panels.frame.page_parts import offer_csv
from pages.panels.photo.photo_reader import ReadPhoto, UnreadFile
from pages.panels.photo.reading_card import cautions

if TYPE_CHECKING:
    import pandas as pd


def reading_table(
    photos: Sequence[ReadPhoto], unread: Sequence[UnreadFile], rejection_threshold: float
) -> "pd.DataFrame":
    """Return one row for each photo and one for each file that could not be read.

    Confidences are in 0-1, boxes in pixels of the decoded photo, times in milliseconds.
    """
    # Late: most visitors read one photo, and no table of many.
    import pandas as pd

    rows = [_row(photo, rejection_threshold) for photo in photos]
    rows += [{"photo": file.name, "note": file.reason} for file in unread]
    return pd.DataFrame(rows, columns=_COLUMNS)


def show_table(table: "pd.DataFrame") -> None:
    """Show the table's main columns and offer all of it as CSV."""
    share = st.column_config.ProgressColumn(
        "confidence", format="percent", min_value=0, max_value=1
    )
    names = ["letter", "second", "third", "hand", "note"]
    st.dataframe(
        table.assign(**{name: table[name].fillna("") for name in names}),
        hide_index=True,
        column_order=("photo", "letter", "confidence", "second", "third", "hand", "note"),
        column_config={"confidence": share},
        alt="What was read in each photo",
    )
    offer_csv(table, "Save all results as CSV", "letters.csv", "save_results")


_COLUMNS = [
    "photo",
    "letter",
    "confidence",
    "second",
    "second_confidence",
    "third",
    "third_confidence",
    "hand",
    "hands_seen",
    "left",
    "top",
    "right",
    "bottom",
    "detect_ms",
    "classify_ms",
    "total_ms",
    "note",
]


def _row(photo: ReadPhoto, rejection_threshold: float) -> dict[str, object]:
    reading = photo.reading
    row: dict[str, object] = {
        "photo": photo.name,
        "detect_ms": round(reading.ms.detect, 1),
        "classify_ms": round(reading.ms.classify, 1),
        "total_ms": round(reading.ms.total, 1),
    }
    left_out = [photo.note] if photo.note else []
    if reading.prediction is None or reading.box is None:
        return {**row, "note": " ".join(["no hand found", *left_out])}
    names = (
        ("letter", "confidence"),
        ("second", "second_confidence"),
        ("third", "third_confidence"),
    )
    for (label, confidence), scored in zip(names, reading.prediction.top(3), strict=False):
        row[label], row[confidence] = scored.label, round(scored.confidence, 4)
    sides = ("left", "top", "right", "bottom")
    return {
        **row,
        **dict(zip(sides, reading.box.as_list(), strict=True)),
        "hand": reading.detection.handedness if reading.detection else "",
        "hands_seen": reading.detection.hands_seen if reading.detection else None,
        "note": " ".join([*cautions(reading, rejection_threshold), *left_out]),
    }
