"""Small parts that several screens use: headings, empty states, JPEG and CSV files."""

import io
from typing import TYPE_CHECKING

import streamlit as st
from PIL import Image

from asl_core.records.spreadsheet_cells import no_formula

if TYPE_CHECKING:
    import pandas as pd

    from asl_core.images import Frame


def show_heading(title: str, sentence: str) -> None:
    """Show the page's title and, below it, a sentence on what the page is for."""
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        st.markdown(f":gray[{sentence}]")


TRAIN_COMMAND = "python -m asl_core train --photos DIR --name my-run"
EVALUATE_COMMAND = "python -m asl_core evaluate {run} --photos DIR --split test"


def show_empty_state(heading: str, reason: str, *commands: str) -> None:
    """Say that there is nothing yet, why, and which commands fill the page, in order."""
    with st.container(border=True):
        st.markdown(f"#### :material/inbox: {heading}", anchors=False)
        st.write(reason)
        for command in commands:
            st.code(command, language="bash")
        st.caption("DIR is the folder with your labeled photos.")


QUALITY = 88


def as_jpeg(frame: "Frame", longest_side: int) -> bytes:
    """Encode an RGB uint8 `(H, W, 3)` frame as JPEG, its sides at most `longest_side` pixels."""
    picture = Image.fromarray(frame)
    picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=QUALITY)
    return encoded.getvalue()


def as_safe_csv(table: "pd.DataFrame") -> bytes:
    """Write the table as UTF-8 CSV; no text in it can become a formula in a spreadsheet."""
    safe = table.rename(columns=no_formula).map(no_formula)
    return bytes(safe.to_csv(index=False).encode("utf-8", "replace"))


def offer_csv(table: "pd.DataFrame", label: str, file_name: str, key: str) -> None:
    """Show a button that saves the table as CSV; no text in it can become a formula.

    .streamlit/config.toml switches the download of Streamlit's own tables off, which guards no
    cell.
    """
    st.download_button(
        label,
        as_safe_csv(table),
        file_name,
        "text/csv",
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )
