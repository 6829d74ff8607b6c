"""Hands drawn by the project itself: something to try for people who have no photo at hand."""

import streamlit as st

from asl_core.drawing.drawn_letters import drawn_letter
from pages.panels.frame.page_parts import as_jpeg

SAMPLE_LETTERS: tuple[str, ...] = ("A", "B", "C", "F", "L", "O", "V", "Y")
SAMPLE_SIDE = 480


@st.cache_data(show_spinner=False)
def sample_picture(letter: str, side: int = SAMPLE_SIDE) -> bytes:
    """Draw the typical hand of a letter as a square JPEG of `side` pixels."""
    return as_jpeg(drawn_letter(letter, side), side)


def choose_sample() -> str | None:
    """Show the samples and return the letter whose button was pressed in this very run."""
    pressed = None
    grid = st.grid(len(SAMPLE_LETTERS), min_column_width=60, gap="small")
    for letter in SAMPLE_LETTERS:
        with grid.cell(), st.container(gap="xsmall"):
            st.image(sample_picture(letter), width="stretch", alt=f"Drawn hand, letter {letter}")
            if st.button(
                letter,
                help=f"Read the drawn hand {letter}",
                key=f"sample_{letter}",
                width="stretch",
            ):
                pressed = letter
    return pressed
