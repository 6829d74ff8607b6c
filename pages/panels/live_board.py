"""What changes while a person signs: the letter, the words, and all that belongs to them."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from asl_core.live.snapshot import LiveSnapshot
from pages.panels.browser.kept_text import keep_text
from pages.panels.browser.text_tools import show_text_tools
from pages.panels.letter_card import details_html, letter_html
from pages.panels.live_visit import LiveVisit
from pages.panels.transcript_card import (
    history_html,
    show_commands,
    show_downloads,
    show_suggestions,
    text_html,
)
from pages.panels.word_suggestions import Suggest

REFRESH_SECONDS = 0.35
SILENT_SECONDS = 4.0
"""Video that runs but brings no picture for so long is told of."""


@dataclass(frozen=True)
class BoardSlots:
    """Places beside the video that are filled again and again."""

    letter: DeltaGenerator
    details: DeltaGenerator
    trouble: DeltaGenerator


@dataclass(frozen=True)
class Board:
    """A visitor's words and camera, who suggests words, and where the letter is shown."""

    visit: LiveVisit
    suggest: Suggest
    slots: BoardSlots


def board_slots() -> BoardSlots:
    """Make the places for the current letter and what belongs to it."""
    with st.container(border=True, key="letter_card"):
        with st.container(key="current_letter"):
            letter = st.empty()
        details = st.empty()
    return BoardSlots(letter, details, st.empty())


def keep_board_current(board: Board, is_running: bool) -> None:
    """Show letter and words; while frames come, a few times a second without the whole page."""
    refresh = REFRESH_SECONDS if is_running else None
    st.fragment(_show_board, run_every=refresh)(board, is_running)


def _show_board(board: Board, is_running: bool) -> None:
    visit = board.visit
    snapshot = visit.snapshot()
    board.slots.letter.html(letter_html(snapshot))
    board.slots.details.html(details_html(snapshot, is_running))
    trouble = visit.error or silence_of(visit, snapshot)
    if trouble:
        board.slots.trouble.warning(trouble, icon=":material/error:")
    else:
        board.slots.trouble.empty()
    with st.container(border=True, key="words_card"):
        with st.container(key="transcript"):
            st.html(text_html(visit.transcript))
        show_suggestions(visit, board.suggest(visit.transcript.last_word))
        with st.container(horizontal=True, gap="small", key="word_commands"):
            show_commands(visit)
            show_text_tools(visit.transcript.text)
            show_downloads(visit.transcript)
    keep_text(visit)
    with st.expander("History of letters", icon=":material/history:", key="letter_history"):
        history = history_html(visit.transcript.letters)
        if history:
            st.html(f'<div class="asl-history">{history}</div>')
        else:
            st.caption("Each letter that counted appears here with its time and confidence.")


def silence_of(visit: LiveVisit, snapshot: LiveSnapshot | None) -> str | None:
    """Give a sentence where video should run and brings no picture, None where all is well."""
    if snapshot is None or snapshot.last_frame_s is None or visit.source != "video":
        return None
    silence = visit.now_s - snapshot.last_frame_s
    if silence < SILENT_SECONDS:
        return None
    return (
        f"No picture has come for {silence:.0f} seconds. If this lasts, press Stop and Start "
        "again; your words stay."
    )
