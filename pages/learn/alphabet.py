"""How each letter is signed: a drawn hand, its shape in words, and the letters like it."""

import streamlit as st

from asl_core.alphabet import LETTERS, MOTION_LETTERS
from asl_core.drawing.stroke_arrow import STROKES, stroke_svg
from asl_core.letter_tips import SHAPES, look_alikes
from pages.panels.browser.hand_player import Playing, show_letter_hand
from pages.panels.frame.menu import LIVE, PHOTO, PRACTICE
from pages.panels.frame.page_parts import show_heading
from pages.panels.photo.sample_hands import sample_picture

CHOICE = "alphabet_letter"
SMALL_SIDE = 240
_BOTH_VIEWS = Playing(("front", "own"), loops=True)


def choose_letter() -> str:
    """Show the alphabet to choose from and return the chosen letter."""
    letter = st.pills(
        "Letter", LETTERS, default=LETTERS[0], required=True, key=CHOICE, persist_state="session"
    )
    return str(letter)


def show_letter(letter: str) -> None:
    """Show the hand of a letter and describe it in words."""
    picture, words = st.columns([2, 3], gap="large", vertical_alignment="center")
    with picture:
        show_letter_hand(letter, _BOTH_VIEWS, key="alphabet_hand")
    with words:
        st.header(letter, anchor=False)
        st.markdown(f"{SHAPES[letter][0].upper()}{SHAPES[letter][1:]}.")
        if letter in MOTION_LETTERS:
            st.markdown(f":material/gesture: {STROKES[letter].words}")
        st.caption(
            "A right hand, the average of many signers. With the left hand, everything is mirrored."
        )
        with st.container(horizontal=True):
            st.page_link(PRACTICE.script, label="Practise it", icon=PRACTICE.icon)
            st.page_link(LIVE.script, label="Try it on camera", icon=LIVE.icon)
            if letter not in MOTION_LETTERS:
                st.page_link(PHOTO.script, label="Try it with a photo", icon=PHOTO.icon)


def show_hand(letter: str, side: int, caption: str | None = None) -> None:
    """Draw the hand of a letter, with the path of the fingertip if the letter is a motion."""
    picture: bytes | str
    alt = f"Drawn hand signing {letter}"
    if letter in MOTION_LETTERS:
        picture = stroke_svg(letter, sample_picture(STROKES[letter].start, side), side)
        alt += "; an arrow shows how the fingertip moves"
    else:
        picture = sample_picture(letter, side)
    st.image(picture, width="stretch", caption=caption, alt=alt)


def show_look_alikes(letter: str) -> None:
    """Show the letters that are easily confused with this one, and what tells them apart."""
    pairs = look_alikes(letter)
    if not pairs:
        return
    st.subheader(f"Easily confused with {letter}", anchor=False)
    grid = st.grid(3, min_column_width=300, gap="small", border=True)
    for other, tip in pairs:
        with grid.cell(), st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width=84):
                show_hand(other, SMALL_SIDE)
            st.markdown(f"**{other}**  \n{tip}", width="stretch")


def show_alphabet() -> None:
    """Show the hands of all letters at once."""
    st.subheader("The whole alphabet", anchor=False)
    grid = st.grid(9, min_column_width=84, gap="small")
    for letter in LETTERS:
        with grid.cell():
            show_hand(letter, SMALL_SIDE, caption=letter)


show_heading("Alphabet", "How each letter of the ASL fingerspelling alphabet is signed.")
chosen = choose_letter()
show_letter(chosen)
show_look_alikes(chosen)
show_alphabet()
