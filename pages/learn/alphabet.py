"""How each letter is signed: a drawn hand, its shape in words, and the letters like it."""

import streamlit as st

from asl_core.alphabet import LETTERS, MOTION_LETTERS
from asl_core.letter_tips import SHAPES, look_alikes
from pages.panels.charts.stroke_arrow import STROKES, stroke_svg
from pages.panels.frame.menu import LIVE, PHOTO
from pages.panels.frame.page_parts import show_heading
from pages.panels.photo.sample_hands import sample_picture

CHOICE = "alphabet_letter"
BIG_SIDE, SMALL_SIDE = 480, 240


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
        show_hand(letter)
    with words:
        st.header(letter, anchor=False)
        st.markdown(f"{SHAPES[letter][0].upper()}{SHAPES[letter][1:]}.")
        if letter in MOTION_LETTERS:
            st.markdown(f":material/gesture: {STROKES[letter].words}")
        st.caption(
            "A right hand, drawn as the person facing the signer sees it: the average of many "
            "signers. With the left hand, everything is mirrored."
        )
        with st.container(horizontal=True):
            st.page_link(LIVE.script, label="Try it on camera", icon=LIVE.icon)
            if letter not in MOTION_LETTERS:
                st.page_link(PHOTO.script, label="Try it with a photo", icon=PHOTO.icon)


def show_hand(letter: str) -> None:
    """Draw the hand of a letter, with the path of the fingertip if the letter is a motion."""
    picture = sample_picture(letter, BIG_SIDE)
    if letter in MOTION_LETTERS:
        alt = f"Drawn hand signing {letter}; an arrow shows how the fingertip moves"
        st.image(stroke_svg(letter, picture, BIG_SIDE), width="stretch", alt=alt)
    else:
        st.image(picture, width="stretch", alt=f"Drawn hand signing {letter}")


def show_look_alikes(letter: str) -> None:
    """Show the letters that are easily confused with this one, and what tells them apart."""
    pairs = look_alikes(letter)
    if not pairs:
        return
    st.subheader(f"Easily confused with {letter}", anchor=False)
    grid = st.grid(4, min_column_width=240, gap="small", border=True)
    for other, tip in pairs:
        with grid.cell(), st.container(horizontal=True, vertical_alignment="center"):
            st.image(sample_picture(other, SMALL_SIDE), width=72, alt=f"Drawn hand signing {other}")
            st.markdown(f"**{other}**  \n{tip}", width="stretch")


def show_alphabet() -> None:
    """Show the hands of all letters at once."""
    st.subheader("The whole alphabet", anchor=False)
    grid = st.grid(9, min_column_width=84, gap="small")
    for letter in LETTERS:
        with grid.cell():
            st.image(
                sample_picture(letter, SMALL_SIDE),
                width="stretch",
                caption=f"{letter} (motion)" if letter in MOTION_LETTERS else letter,
                alt=f"Drawn hand signing {letter}",
            )


show_heading("Alphabet", "How each letter of the ASL fingerspelling alphabet is signed.")
chosen = choose_letter()
show_letter(chosen)
show_look_alikes(chosen)
show_alphabet()
