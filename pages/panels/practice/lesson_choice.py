"""Lets the learner choose a lesson, with or without a clock, and which hand is shown."""

from dataclasses import dataclass

import streamlit as st

from asl_core.errors import SettingsError
from asl_core.practice.lessons import OWN_LIST, Lesson, lessons, own_lesson
from asl_core.practice.progress import Skill

AT_EASE, TIMED = "At ease", "Timed"
LEFT_HAND = "practice_left"


@dataclass(frozen=True)
class LessonChoice:
    """A lesson, None where the own list cannot be used, and how it is practised."""

    lesson: Lesson | None
    is_timed: bool
    is_left: bool


def choose_lesson(skill: Skill) -> LessonChoice:
    """Show the menus above the practice and return the choice."""
    known = {lesson.name: lesson for lesson in lessons()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.selectbox(
            "Lesson",
            [*known, OWN_LIST],
            index=0 if skill == "sign" else list(known).index("Words of 3 letters"),
            key=f"practice_lesson_{skill}",
            persist_state="session",
            width=290,
        )
        pace = st.segmented_control(
            "Pace",
            [AT_EASE, TIMED],
            default=AT_EASE,
            required=True,
            key=f"practice_pace_{skill}",
            persist_state="session",
            help="Timed rounds measure letters a minute, and quick answers come again later.",
        )
        is_left = st.toggle(
            "Left hand",
            key=LEFT_HAND,
            persist_state="session",
            help="Show the hands of a person who signs with the left hand.",
        )
    lesson = known[name] if name != OWN_LIST else _own_list(skill)
    return LessonChoice(lesson, pace == TIMED, is_left)


def _own_list(skill: Skill) -> Lesson | None:
    text = st.text_area(
        "Your words, separated by spaces, commas or lines",
        key=f"practice_own_{skill}",
        persist_state="session",
        placeholder="Names, a vocabulary, what you want to be able to spell",
    )
    if not text.strip():
        st.info("Write the words that you want to practise.", icon=":material/edit:")
        return None
    try:
        return own_lesson(text)
    except SettingsError as error:
        st.error(str(error), icon=":material/error:")
        return None
