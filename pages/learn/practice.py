"""Practise fingerspelling: sign to the camera and be corrected, read a hand that spells."""

import streamlit as st

from asl_core.errors import AslError
from asl_core.practice.progress import Progress
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_model
from pages.panels.practice.progress_panel import show_progress
from pages.panels.practice.read_panel import show_reading
from pages.panels.practice.sign_panel import show_signing
from pages.panels.practice.style import show_practice_style
from pages.panels.practice.this_learner import PracticeVisit, bring_back, keep, this_practice

SIGN, READ, PROGRESS = "Sign it", "Read it", "Progress"
_BY_ADDRESS = {"sign": SIGN, "read": READ, "progress": PROGRESS}


def choose_part() -> str:
    """Show the parts of the page; `/practice?do=read` opens one of them."""
    asked = _BY_ADDRESS.get(st.query_params.get("do", "").lower(), SIGN)
    part = st.segmented_control(
        "What to do",
        [SIGN, READ, PROGRESS],
        default=asked,
        required=True,
        key="practice_part",
        persist_state="session",
        label_visibility="collapsed",
    )
    return str(part)


def show_trouble(practice: PracticeVisit) -> None:
    """Say that kept progress cannot be read, and ask before it is written over."""
    if not practice.trouble:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.warning(
            f"{practice.trouble} It stays in this browser as it is; what you do now is not kept.",
            icon=":material/history:",
        )
        st.button(
            "Forget it and start anew",
            key="practice_anew",
            on_click=practice.start_with,
            args=(Progress(),),
        )


def show_sign_part(practice: PracticeVisit) -> None:
    """Show the camera's part, or why it cannot be used."""
    chosen = choose_model("Signing can be judged")
    if chosen is None:
        return
    try:
        show_signing(chosen, practice)
    except AslError as error:
        st.error(str(error), icon=":material/error:")


show_heading("Practice", "Sign letters and words and hear what to change; read a hand that spells.")
show_practice_style()
visit = this_practice()
bring_back(visit)
part = choose_part()
show_trouble(visit)
if part == SIGN:
    show_sign_part(visit)
elif part == READ:
    show_reading(visit)
else:
    show_progress(visit)
keep(visit)
