"""The guided minute beside the camera: which letter is next, how far its hold is, what to do."""

from html import escape

import streamlit as st

from asl_core.letter_tips import SHAPES
from asl_core.live.hand_lesson import LessonState
from asl_core.live.lesson_visit import LessonVisit
from pages.panels.charts.chart_style import QUIET, RIGHT
from pages.panels.photo.sample_hands import sample_picture

HAND_SIDE = 320

LESSON_CSS = f"""
<style>
.asl-asked {{ display: flex; align-items: center; gap: 1rem; justify-content: center; }}
.asl-asked b {{ font-size: min(6rem, 22vw); line-height: 1; }}
.asl-hold {{ height: 0.7rem; border-radius: 0.35rem; background: rgba(139,147,167,0.22); }}
.asl-hold > u {{
  display: block; height: 100%; border-radius: inherit; background: {RIGHT}; text-decoration: none;
}}
.asl-do {{ min-height: 3.2em; font-weight: 550; margin-top: 0.4rem; }}
.asl-shape {{ color: {QUIET}; min-height: 3em; }}
/* The card runs several times a second; a sign that says so would never rest. */
[data-testid="stStatusWidget"] {{ display: none; }}
</style>
"""


def what_to_do(state: LessonState, is_playing: bool) -> str:
    """Say what the person does next, in one sentence."""
    letter = state.letter
    if letter is None:
        stop = "Press Stop and look" if is_playing else "Look"
        return f"All letters are taught. {stop} at the figures below."
    if not is_playing:
        return f"Press Start, then show {letter}."
    match state.waits_for:
        case "hand":
            return f"Show {letter} to the camera."
        case "stillness":
            return f"Hold {letter} still."
        case "change":
            return f"Taken. Now form {letter}."
        case "doubt":
            return (
                f"It takes this for {state.read_as}. If it is your {letter}, hold on; else change "
                "your hand."
            )
        case _:
            return f"That is {letter}: hold it."


def lesson_html(state: LessonState, is_playing: bool) -> str:
    """Return the asked letter, its hold, and what to do; a screen reader is told the last."""
    letter = escape(state.letter or "✓")
    share = min(max(state.progress, 0.0), 1.0)
    shape = SHAPES[state.letter] if state.letter else ""
    return (
        f'<div class="asl-asked"><b>{letter}</b></div>'
        f'<div class="asl-hold" aria-hidden="true"><u style="width:{share:.0%}"></u></div>'
        f'<div class="asl-do" role="status" aria-live="polite">'
        f"{escape(what_to_do(state, is_playing))}</div>"
        f'<div class="asl-shape">{escape(shape)}</div>'
    )


def show_lesson(visit: LessonVisit, is_playing: bool) -> None:
    """Show the card of the letter that is asked for, with its drawn hand and the commands."""
    state = visit.state
    with st.container(border=True, key="lesson_card"):
        if state.letter is not None:
            with st.container(horizontal_alignment="center"):
                st.image(
                    sample_picture(state.letter, HAND_SIDE),
                    width=190,
                    alt=f"Drawn hand signing {state.letter}, as the person in front sees it",
                )
        st.html(LESSON_CSS + lesson_html(state, is_playing))
        st.progress(
            state.taught / max(state.total, 1),
            text=f"{state.taught} of {state.total} photos: each letter twice",
        )
        with st.container(horizontal=True, gap="small", key="lesson_commands"):
            st.button(
                "Skip this letter",
                icon=":material/skip_next:",
                on_click=visit.skip,
                disabled=state.letter is None,
                key="lesson_skip",
            )
            st.button(
                "Take the last again",
                icon=":material/undo:",
                on_click=visit.repeat,
                disabled=not visit.hand.photos,
                key="lesson_repeat",
            )
    if visit.error:
        st.warning(visit.error, icon=":material/error:")
