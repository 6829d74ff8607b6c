"""Sign it: a letter or word is asked for, the camera looks, and the coach says what to change."""

from html import escape

import streamlit as st

from asl_core.alphabet import MOTION_LETTERS
from asl_core.drawing.stroke_arrow import STROKES
from asl_core.letter_tips import SHAPES
from asl_core.live.snapshot import LiveSnapshot
from asl_core.live.visit import LiveVisit
from asl_core.practice.coached_reader import CoachedReader
from asl_core.practice.learner import LETTERS_A_ROUND, RoundResult
from asl_core.practice.rounds import SigningRound
from asl_core.records.training_run import TrainingRun
from pages.panels.browser.hand_player import Playing, show_letter_hand
from pages.panels.live.board import REFRESH_SECONDS, WAITING, silence_of
from pages.panels.live.style import show_style
from pages.panels.live.words_card import listen_to_keys
from pages.panels.practice.coached_camera import coached_visit, show_source
from pages.panels.practice.lesson_choice import LessonChoice, choose_lesson
from pages.panels.practice.this_learner import PracticeVisit, clock_s, now
from pages.panels.practice.verdict import sentence_of, show_judgement


def show_signing(run: TrainingRun, practice: PracticeVisit) -> None:
    """Show the lesson, the camera and what to change.

    Raises:
        AslError: the model or a setting is broken.
    """
    choice = choose_lesson("sign")
    if choice.lesson is None:
        return
    with st.spinner("Loading the model …"):
        visit, reader = coached_visit(run)
    show_style()
    before = practice.learner.signing
    current = practice.learner.sign(choice.lesson, choice.is_timed, now(), clock_s())
    if current is not before:
        reader.take()  # signed for another lesson
    show_asked(current, not choice.lesson.words)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="camera_side"):
        is_running = show_source(visit, reader, run)
        st.fragment(watch, run_every=REFRESH_SECONDS if is_running else None)(
            practice, visit, reader, is_running
        )
    with right:
        show_help(practice, current, choice)
    listen_to_keys()


def show_asked(current: SigningRound, is_letters: bool) -> None:
    """Show the letter that is asked for, or the word with the letters done and to come."""
    with st.container(key="practice_asked"):
        if is_letters:
            st.html(
                f'<div class="asl-count">Sign this letter · {current.place + 1} of '
                f'{LETTERS_A_ROUND}</div><div class="asl-asked">{current.target}</div>'
            )
        else:
            st.html(f'<div class="asl-count">Sign this word</div>{word_html(current)}')


def word_html(current: SigningRound) -> str:
    """Return the letters of a word in boxes, each with what became of it in words."""
    boxes = []
    for place, letter in enumerate(current.text):
        if place in current.skipped:
            kind, note = "is-skipped", "skipped"
        elif place < current.place:
            kind, note = "is-done", "✓ done"
        else:
            kind, note = ("is-now", "sign it") if place == current.place else ("is-ahead", "")
        boxes.append(f'<span class="{kind}">{escape(letter)}<small>{note}</small></span>')
    return f'<div class="asl-word">{"".join(boxes)}</div>'


def watch(
    practice: PracticeVisit, visit: LiveVisit, reader: CoachedReader, is_running: bool
) -> None:
    """Show what the camera sees, and judge letters; the page runs again when one was judged."""
    snapshot = visit.snapshot()
    st.html(now_html(snapshot, is_running))
    trouble = visit.error or silence_of(visit, snapshot)
    if trouble:
        st.warning(trouble, icon=":material/error:")
    if judge_letters(practice, visit, reader):
        st.rerun()


def judge_letters(practice: PracticeVisit, visit: LiveVisit, reader: CoachedReader) -> bool:
    """Judge the letters that counted since the last look; return whether there were any."""
    signed = reader.take()
    for letter in signed:
        judgement = practice.learner.judge(letter, now(), clock_s())
        asked = practice.learner.signing.target if practice.learner.signing else None
        if judgement is not None:
            practice.say(sentence_of(judgement, asked))
    if signed:
        visit.clear()
    return bool(signed)


def now_html(snapshot: LiveSnapshot | None, is_running: bool) -> str:
    """Return the letter that is seen, how far it is held, what to do next, and hints."""
    if snapshot is None:
        waiting = "Waiting for the first picture" if is_running else "Press Start and sign"
        return f'<div class="asl-state">{waiting}</div>'
    state = snapshot.spelling
    hints = "".join(f"<span>{escape(hint)}</span>" for hint in snapshot.hints[:2])
    share = min(max(state.progress, 0.0), 1.0)
    return (
        '<div class="asl-bars" role="img" aria-label="How far the letter is held">'
        f"<b>{escape(snapshot.letter or '–')}</b>"
        f'<i><u style="width:{share:.0%}"></u></i><small>{share:.0%}</small></div>'
        f'<div class="asl-state">{WAITING[state.waits_for]}</div>'
        f'<div class="asl-hints">{hints}</div>'
    )


def show_help(practice: PracticeVisit, current: SigningRound, choice: LessonChoice) -> None:
    """Show the last verdict, how the letter is signed, and the way on."""
    learner = practice.learner
    if learner.last_judgement is not None:
        show_judgement(learner.last_judgement, choice.is_left)
    if current.is_pose_seen and current.target in MOTION_LETTERS:
        st.info(f"A good start. {STROKES[current.target].words}", icon=":material/gesture:")
    if learner.last_round is not None and current.place == 0:
        st.caption(result_sentence(learner.last_round))
    target = current.target
    if target is None:
        return
    if choice.is_timed:
        with st.expander(f"How is {target} signed?", icon=":material/sign_language:"):
            _show_hand(target, choice.is_left)
    else:
        _show_hand(target, choice.is_left)
    st.button(
        "Skip this letter",
        icon=":material/skip_next:",
        key="practice_skip",
        shortcut="shift+s",
        on_click=_skip,
        args=(practice,),
        help="It comes again later",
    )


def result_sentence(result: RoundResult) -> str:
    """Say in one sentence what a round came to."""
    sums = result.sums
    letters = len(result.text)
    vain = sums.inputs - sums.transcribed
    parts = [
        f"Last round: {letters} letter{'' if letters == 1 else 's'}",
        f"{vain} wrong {'try' if vain == 1 else 'tries'}",
    ]
    if result.skipped:
        parts.append(f"{len(result.skipped)} skipped")
    if sums.letters_per_minute is not None:
        parts.append(f"{sums.letters_per_minute:.0f} letters a minute")
    return ", ".join(parts) + "."


def _show_hand(letter: str, is_left: bool) -> None:
    playing = Playing(("front", "own"), loops=True, is_left=is_left)
    show_letter_hand(letter, playing, key="practice_hand")
    st.markdown(f"**{letter}**: {SHAPES[letter]}.")


def _skip(practice: PracticeVisit) -> None:
    practice.learner.skip(now(), clock_s())
    asked = practice.learner.signing.target if practice.learner.signing else None
    practice.say(f"Skipped. Next: {asked}.")
