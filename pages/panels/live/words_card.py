"""The words: large text, suggestions, commands by button and key, and ways to take them along."""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from asl_core.errors import RunError
from asl_core.live.visit import LiveVisit
from asl_core.records.training_run import TrainingRun
from asl_core.spelling.signs import SpellingState
from asl_core.spelling.transcript import CommittedLetter, Transcript, as_csv, as_subrip
from asl_core.spelling.word_suggester import WordSuggester, confusions_of
from pages.panels.browser import browser_script
from pages.panels.frame.run_choice import HEADLINE_EVALUATION, load_report

SUGGESTIONS = 4

Suggest = Callable[[str], tuple[str, ...]]
"""Returns words that a word may be meant for, the likeliest first; none while it is not ready."""


def shared_suggester(run: TrainingRun) -> Suggest:
    """Return the process's suggester for a run; it knows which letters that run confuses."""
    return _suggester(run.folder, HEADLINE_EVALUATION in run.evaluations)


def ready_later(suggester: WordSuggester, count: int = SUGGESTIONS) -> Suggest:
    """Load the dictionary beside the page, which takes seconds; until then suggest nothing."""
    loader = threading.Thread(target=suggester.load, name="word-list", daemon=True)
    loader.start()

    # The page asks several times a second for the same word.
    @lru_cache(maxsize=512)
    def look_up(word: str) -> tuple[str, ...]:
        found = suggester.suggest(word, count)
        return tuple(suggestion.word.upper() for suggestion in found)

    return lambda word: () if not word or loader.is_alive() else look_up(word)


@st.cache_resource(max_entries=4, show_spinner=False)
def _suggester(folder: Path, is_measured: bool) -> Suggest:
    confusions: Mapping[str, Mapping[str, int]] = {}
    if is_measured:
        try:
            confusions = confusions_of(load_report(TrainingRun(folder), HEADLINE_EVALUATION))
        except RunError:
            confusions = {}  # the pages on metrics tell what is wrong with it
    return ready_later(WordSuggester(confusions))


PLACEHOLDER = "Your words appear here"
HISTORY_LENGTH = 40


def text_html(transcript: Transcript, unsettled: str = "") -> str:
    """Return the text with its unfinished word underlined; no other text is in it.

    `unsettled` letters, which may still change, follow it: paler, with a dashed line.
    """
    word = transcript.word
    finished = transcript.text[: len(transcript.text) - len(word)]
    marked = f"<u>{escape(word)}</u>" if word else ""
    open_end = (
        f'<span class="asl-unsettled" aria-hidden="true">{escape(unsettled)}</span>'
        if unsettled
        else ""
    )
    return (
        f'<div class="asl-text" data-placeholder="{PLACEHOLDER}">{escape(finished)}{marked}'
        f"{open_end}</div>"
    )


def words_to_offer(
    transcript: Transcript, state: SpellingState, suggest: Suggest
) -> tuple[str, ...]:
    """Return the words for the word that is shown, unsettled letters and all.

    The word that natural spelling suggests at the end of a word comes first, as it weighs all that
    was seen and not the letters alone.
    """
    shown = transcript.word + state.unsettled if state.unsettled else transcript.last_word
    own = state.suggested
    first = (own.word,) if own is not None and own.read == shown else ()
    others = tuple(word for word in suggest(shown) if word not in first)
    return (*first, *others)[:SUGGESTIONS]


def history_html(letters: Sequence[CommittedLetter]) -> str:
    """Return the last letters, newest first, each with its time and confidence."""
    shown = [letter for letter in letters if letter.letter.strip()][-HISTORY_LENGTH:]
    return "".join(
        f"<span><b>{escape(letter.letter)}</b> <small>{clock(letter.end_s)} · "
        f"{letter.confidence:.0%}</small></span>"
        for letter in reversed(shown)
    )


def clock(seconds: float) -> str:
    """Write a time of the stream as minutes and seconds, such as `1:05`."""
    whole = max(int(seconds), 0)
    return f"{whole // 60}:{whole % 60:02}"


def show_suggestions(visit: LiveVisit, words: Sequence[str]) -> None:
    """Show each word as a chip that takes the place of the unfinished word; undo brings it back.

    A chip is known by its word: a click just as the words change never takes another one.
    """
    with st.container(key="suggestions", horizontal=True, gap="small", vertical_alignment="center"):
        if not words:
            st.caption("Suggestions appear while you spell; nothing changes unless you choose one.")
        for word in words:
            st.button(
                word,
                key=f"suggestion_{word}",
                icon=":material/auto_fix_high:",
                help=f"Write {word} in place of the last word; Undo takes it back",
                on_click=visit.replace_word,
                args=(word,),
            )


def show_commands(visit: LiveVisit) -> None:
    """Show the four commands; each has a key, which works wherever nothing is being typed."""
    is_empty = not (visit.transcript.letters or visit.spelling.unsettled)
    _command("Space", "space_bar", "Space", visit.type_space, is_empty)
    _command("Delete", "backspace", "Backspace", visit.delete, is_empty)
    _command("Undo", "undo", "Ctrl+Z", visit.undo, not visit.can_undo)
    _command("Clear", "delete_sweep", "Shift+Backspace", visit.clear, is_empty)


def show_downloads(transcript: Transcript) -> None:
    """Offer the words as plain text, and with their times as SubRip and CSV."""
    ways: tuple[tuple[str, str, str, Callable[[], str]], ...] = (
        ("Text", "spelling.txt", "text/plain", lambda: transcript.text.strip() + "\n"),
        (
            "Subtitles (SubRip)",
            "spelling.srt",
            "application/x-subrip",
            lambda: as_subrip(transcript),
        ),
        ("Letters and times (CSV)", "spelling.csv", "text/csv", lambda: as_csv(transcript)),
    )
    with st.popover("Download", icon=":material/download:", disabled=not transcript.letters):
        for label, name, kind, content in ways:
            st.download_button(
                label, content, name, kind, key=f"save_{name}", on_click="ignore", width="stretch"
            )


_mount_keys = st.components.v2.component("asl_page_keys", js=browser_script("page_keys"))


def listen_to_keys() -> None:
    """Mount the unseen part that keeps the commands' keys and screen readers going.

    Keys work wherever the person clicked last, and changes of the words are announced.
    """
    _mount_keys(key="page_keys", height=1)


def _command(
    label: str, icon: str, shortcut: str, action: Callable[[], None], is_disabled: bool
) -> None:
    st.button(
        label,
        key=f"command_{label.lower()}",
        icon=f":material/{icon}:",
        shortcut=shortcut,
        on_click=action,
        disabled=is_disabled,
    )
