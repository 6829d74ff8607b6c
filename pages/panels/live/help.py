"""Help for signers: letters that are held or run on, and the two that are drawn in the air."""

import streamlit as st

from pages.panels.photo.sample_hands import sample_picture

_STROKE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="96" height="96">'
    '<path d="{path}" fill="none" stroke="#6366f1" stroke-width="7" stroke-linecap="round" '
    'stroke-linejoin="round"/><path d="{tip}" fill="#6366f1"/></svg>'
)
_STROKES = {
    "J": _STROKE.format(
        path="M64 14 V62 A20 20 0 0 1 26 66",
        tip="M14 66 L38 66 L26 46 Z",
    ),
    "Z": _STROKE.format(
        path="M20 20 H78 L24 78 H70",
        tip="M68 66 L92 78 L68 90 Z",
    ),
}
_MEANINGS = {
    "J": "**J** starts as an **I**: the little finger draws a hook, down and round.",
    "Z": "**Z** starts with the **index finger**, which draws the letter: across, slanting down, "
    "across.",
}


_HOLDING = (
    "- **Hold** each letter until its ring is full, then change to the next one.\n"
    "- **The same letter again**: open your hand for a moment, or slide it to the side.\n"
    "- **Space**: lower your hand out of the picture.\n"
)
_NATURAL = (
    "- **Spell at your own pace**, as to a person who reads along; hold nothing.\n"
    "- **Pale letters** with a dashed line may still change; the others stay.\n"
    "- **Between words** lower your hand. The word ends, and where a known word is likelier than "
    "what was read, it is the first of the suggestions. What was read stays as it is.\n"
    "- **The same letter again**: slide or bounce it, as you always do.\n"
    "- **Digits are not read**; 0, 1, 2, 6 and 9 look like letters and may become those.\n"
)
_KEYS = "- **Keys**: Space, Backspace, Ctrl+Z to undo, Shift+Backspace to clear."


def show_help(is_natural: bool = False) -> None:
    """Show how to sign for this page; closed until a person asks."""
    with st.expander("How to sign for it, J and Z, keys", icon=":material/help:"):
        st.markdown((_NATURAL if is_natural else _HOLDING) + _KEYS)
        left, right = st.columns(2, gap="medium")
        for letter, place in (("J", left), ("Z", right)):
            with place, st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.image(sample_picture(letter, 240), width=96, alt=f"Drawn hand, letter {letter}")
                st.image(_STROKES[letter], width=72, alt=f"The stroke of {letter}")
                st.markdown(_MEANINGS[letter], width="stretch")
        st.caption(
            "J and Z are read from the movement: a still I is never J, a still index finger is "
            "never Z. Strokes are drawn as you see them in the mirror when you sign with your "
            "right hand."
        )
