"""What became of a signed letter: right, or what was read instead and what to change."""

import streamlit as st

from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.practice.hand_shape import laid_over
from asl_core.practice.rounds import Judgement
from pages.panels.charts.hand_comparison import comparison_svg
from pages.panels.photo.sample_hands import sample_picture

SIDE = 360


def sentence_of(judgement: Judgement, asked: str | None) -> str:
    """Say what became of a letter, for people who cannot see it."""
    if judgement.is_right:
        return f"{judgement.target} is right." + (f" Next: {asked}." if asked else "")
    changes = judgement.advice.changes if judgement.advice else ()
    what = " ".join(change.sentence for change in changes)
    return f"Not {judgement.target}: read as {judgement.signed.letter}. {what}".strip()


def show_judgement(judgement: Judgement, is_left: bool) -> None:
    """Show a verdict, with the learner's hand over the one that was asked for if it was wrong."""
    with st.container(key="practice_verdict"):
        if judgement.is_right:
            st.success(f"**{judgement.target}** is right.", icon=":material/check_circle:")
            return
        read = judgement.signed.letter
        st.error(
            f"This was read as **{read}**, not as **{judgement.target}**.",
            icon=":material/cancel:",
        )
        if judgement.advice is None:
            return
        for change in judgement.advice.changes:
            name = f"{change.part[0].upper()}{change.part[1:]}"
            st.markdown(f":material/back_hand: **{name}:** {change.sentence}")
        st.markdown(f":material/lightbulb: {judgement.advice.tip}")
        _show_comparison(judgement, is_left)


def _show_comparison(judgement: Judgement, is_left: bool) -> None:
    points = judgement.signed.points
    if points is None:
        return
    target = judgement.target
    wanted = letter_landmarks(target, SIDE, SIDE).pixels_3d(SIDE, SIDE)
    own = laid_over(points, judgement.signed.is_left, wanted)
    part = judgement.advice.part if judgement.advice else None
    svg = comparison_svg(
        sample_picture(target, SIDE),
        [(float(x), float(y)) for x, y in own],
        [(float(x), float(y)) for x, y, _ in wanted],
        part,
        SIDE,
        is_left,
    )
    marked = f"; the {part} differs most" if part else ""
    st.image(
        svg,
        width=SIDE,
        alt=f"Your hand as lines over the drawn hand of {target}{marked}",
        caption="The lines are your hand, laid over the letter. Dashed: what to change; the arrow "
        "shows where its tip belongs.",
    )
