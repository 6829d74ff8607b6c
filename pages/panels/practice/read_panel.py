"""Read it: a drawn hand spells a word, the learner types what it was."""

from html import escape

import streamlit as st

from asl_core.drawing.spelled_word import FASTEST, LONGEST, SLOWEST
from asl_core.practice.rounds import ReadAnswer
from pages.panels.browser.hand_player import Playing, play_word
from pages.panels.practice.lesson_choice import choose_lesson
from pages.panels.practice.this_learner import PracticeVisit, clock_s, now

_FIRST_SPEED = 2.0


def show_reading(practice: PracticeVisit) -> None:
    """Show the hand that spells, the field for the answer, and how it went."""
    choice = choose_lesson("read")
    if choice.lesson is None:
        return
    speed = st.slider(
        "Letters a second",
        SLOWEST,
        FASTEST,
        _FIRST_SPEED,
        0.5,
        key="practice_speed",
        persist_state="session",
        width=420,
    )
    learner = practice.learner
    word = learner.read(choice.lesson, choice.is_timed, now(), clock_s())
    left, right = st.columns(2, gap="large")
    with left, st.container(key="practice_player"):
        playing = Playing(
            names_word=learner.answer is not None,
            is_left=choice.is_left,
            round_number=learner.rounds_read,
        )
        play_word(word, speed, playing, key="practice_word")
    with right:
        if learner.answer is None:
            _ask(practice)
        else:
            _show_answer(practice, learner.answer)


def _ask(practice: PracticeVisit) -> None:
    with st.form(f"practice_answer_{practice.learner.rounds_read}", border=False):
        typed = st.text_input(
            "What does the hand spell?",
            max_chars=2 * LONGEST,
            autocomplete="off",
            key=f"practice_typed_{practice.learner.rounds_read}",
        )
        is_sent = st.form_submit_button("Check", type="primary", icon=":material/check:")
    st.button("I cannot read it", on_click=_answer, args=(practice, ""), key="practice_give_up")
    if is_sent:
        if not typed.strip():
            st.warning("Type the letters that you read.", icon=":material/edit:")
            return
        _answer(practice, typed)
        st.rerun()


def _answer(practice: PracticeVisit, typed: str) -> None:
    answer = practice.learner.type(typed, now(), clock_s())
    practice.say(sentence_of_answer(answer))


def sentence_of_answer(answer: ReadAnswer) -> str:
    """Say how an answer went."""
    if answer.is_right:
        return f"Right: {answer.word}."
    return f"It was {answer.word}: {answer.right} of {len(answer.word)} letters read."


def _show_answer(practice: PracticeVisit, answer: ReadAnswer) -> None:
    with st.container(key="practice_answer"):
        show = st.success if answer.is_right else st.error
        icon = ":material/check_circle:" if answer.is_right else ":material/cancel:"
        show(sentence_of_answer(answer), icon=icon)
        st.html(answer_html(answer))
        if answer.sums.letters_per_minute is not None:
            st.caption(f"{answer.sums.letters_per_minute:.0f} letters a minute, replays included.")
    st.button(
        "Next word",
        type="primary",
        icon=":material/arrow_forward:",
        key="practice_next",
        shortcut="Enter",
        on_click=practice.learner.show_next,
        args=(now(), clock_s()),
    )


def answer_html(answer: ReadAnswer) -> str:
    """Return the letters of the word, below each what was typed for it."""
    boxes = []
    for shown, typed in answer.pairs:
        if shown == typed:
            boxes.append(f"<span>{escape(shown)}<small>✓ read</small></span>")
        elif not typed:
            boxes.append(f'<span class="is-wrong">{escape(shown)}<small>left out</small></span>')
        elif not shown:
            boxes.append(
                f'<span class="is-wrong">–<small>{escape(typed)} is too many</small></span>'
            )
        else:
            boxes.append(
                f'<span class="is-wrong">{escape(shown)}<small>typed {escape(typed)}</small></span>'
            )
    return f'<div class="asl-answer">{"".join(boxes)}</div>'
