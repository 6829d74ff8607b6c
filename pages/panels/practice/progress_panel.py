"""How far the learner has come: letters, confusions, speed and errors over days."""

from html import escape

import streamlit as st

from asl_core.alphabet import LETTERS
from asl_core.errors import ProgressError
from asl_core.practice.progress import MASTERED_STREAK, Progress, Skill
from asl_core.practice.text_measures import TextSums
from pages.panels.charts.chart_style import show_chart
from pages.panels.charts.practice_chart import days_figure
from pages.panels.metrics.own_confusions import SKILL_NAMES, show_own_confusions
from pages.panels.practice.this_learner import PracticeVisit

_FILE = "asl-practice.json"


def show_progress(practice: PracticeVisit) -> None:
    """Show what was practised in one skill, and the ways to take it along or forget it."""
    progress = practice.learner.progress
    chosen = st.segmented_control(
        "Skill",
        list(SKILL_NAMES.values()),
        default=SKILL_NAMES["sign"],
        required=True,
        key="practice_skill",
        persist_state="session",
        label_visibility="collapsed",
    )
    skill: Skill = "read" if chosen == SKILL_NAMES["read"] else "sign"
    if not any(entry.skill == skill for entry in progress.letters):
        st.info(
            f"Nothing was practised in {chosen.lower()} yet; what you do appears here.",
            icon=":material/school:",
        )
    else:
        _show_measures(progress.sums(skill), len(progress.mastered(skill)))
        _show_letters(progress, skill)
        left, right = st.columns([3, 2], gap="large")
        with left:
            st.subheader("Your confusions", anchor=False)
            show_own_confusions(progress, skill)
        with right:
            _show_days(progress, skill)
    _show_file(practice)


def _show_measures(sums: TextSums, mastered: int) -> None:
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Letters mastered",
            f"{mastered} of {len(LETTERS)}",
            help=f"Right {MASTERED_STREAK} times in a row, at the first try.",
        )
        st.metric(
            "Letters a minute",
            _number(sums.letters_per_minute, ".0f"),
            help="(|T| - 1) / S * 60, timed rounds alone; S from the first letter to the last.",
        )
        st.metric(
            "WPM",
            _number(sums.words_per_minute, ".1f"),
            help="Words a minute: letters a minute divided by 5, the usual length of a word.",
        )
        st.metric(
            "Error rate (CER)",
            _number(sums.error_rate, ".1%"),
            help="MSD(P, T) / max(|P|, |T|): the edit distance between what was asked and what "
            "came of it (Soukoreff and MacKenzie 2001).",
        )
        st.metric(
            "KSPC",
            _number(sums.keystrokes_per_character, ".2f"),
            help="|IS| / |T|: letters signed or typed for each letter that stands; 1 is without "
            "a wrong try (Soukoreff and MacKenzie 2003).",
        )


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _show_letters(progress: Progress, skill: Skill) -> None:
    st.subheader("Letters", anchor=False)
    st.html(
        f'<div class="asl-letters">{"".join(_letter(progress, skill, c) for c in LETTERS)}</div>'
    )


def _letter(progress: Progress, skill: Skill, letter: str) -> str:
    record = progress.record(skill, letter)
    if not record.asked:
        return f'<div class="is-new"><b>{escape(letter)}</b><small>not yet</small></div>'
    kind = "is-mastered" if record.is_mastered else ""
    state = "✓ mastered" if record.is_mastered else f"{record.streak} in a row"
    return (
        f'<div class="{kind}"><b>{escape(letter)}</b><small>{record.right} of {record.asked} right'
        f"</small><small>{state}</small></div>"
    )


def _show_days(progress: Progress, skill: Skill) -> None:
    st.subheader("Over days", anchor=False)
    days = [entry for entry in progress.days if entry.skill == skill]
    show_chart(
        days_figure(days),
        "practice_days",
        f"Letters a minute and error rate on {len(days)} days of practice",
    )


def _show_file(practice: PracticeVisit) -> None:
    st.subheader("Your progress is yours", anchor=False)
    where = (
        "This browser keeps nothing, so it is gone with this tab unless you save it"
        if practice.is_refused
        else "It is kept in this browser alone"
    )
    st.caption(f"{where}; the server stores nothing. Save it as a file to take it elsewhere.")
    progress = practice.learner.progress
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.download_button(
            "Save to a file",
            progress.as_text(),
            _FILE,
            "application/json",
            icon=":material/download:",
            disabled=progress.is_empty,
            on_click="ignore",
            key="practice_save",
        )
        with st.popover("Forget everything", icon=":material/delete:", disabled=progress.is_empty):
            st.write("All letters, days and confusions are removed from this browser.")
            st.button(
                "Yes, forget it",
                key="practice_forget",
                type="primary",
                on_click=practice.start_with,
                args=(Progress(),),
            )
    _load_file(practice)


def _load_file(practice: PracticeVisit) -> None:
    sent = st.file_uploader(
        "Load a saved file; it takes the place of what is here",
        type="json",
        max_upload_size=1,
        key="practice_load",
    )
    if sent is None or st.session_state.get("practice_loaded") == sent.file_id:
        return
    st.session_state["practice_loaded"] = sent.file_id
    try:
        progress = Progress.from_text(sent.getvalue().decode("utf-8", "replace"))
    except ProgressError as error:
        st.error(f"{sent.name}: {error}", icon=":material/error:")
        return
    practice.start_with(progress)
    practice.say("Your saved progress is loaded.")
    st.rerun()
