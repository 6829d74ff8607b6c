"""The current letter beside the video: large, with its hold, the runners-up, hand and hints."""

from html import escape

import streamlit as st

from asl_core.letters.adaptation.whose_hand import STRANGER
from asl_core.live.snapshot import LiveSnapshot, LiveTimes
from asl_core.live.visit import LiveVisit
from asl_core.spelling.signs import WaitsFor
from pages.panels.browser.words import keep_text, show_text_tools
from pages.panels.live.words_card import (
    Suggest,
    history_html,
    show_commands,
    show_downloads,
    show_suggestions,
    text_html,
    words_to_offer,
)

WAITING: dict[WaitsFor, str] = {
    "hand": "Show a letter",
    "stroke": "Finish the stroke",
    "stillness": "Keep still",
    "certainty": "Not sure yet",
    "release": "Open your hand for the same letter again",
    "hold": "Hold it",
    "letters": "Spell on; lower your hand after the word",
}
"""What a person does next, for each thing that the speller waits for."""

OTHER_HAND = f"{STRANGER} Switch it off on the page My hand if letters are read worse."

SPELL = "Spell a word at your own pace"
"""In place of "Show a letter" where nothing is held."""


def letter_html(snapshot: LiveSnapshot | None, is_natural: bool = False) -> str:
    """Return the letter, its only text, in a ring that fills while it is held.

    In natural spelling nothing is held, and there is no ring.
    """
    letter = escape(snapshot.letter or "") if snapshot is not None else ""
    if is_natural:
        return f'<div class="asl-letter is-natural"><span>{letter}</span></div>'
    if snapshot is None:
        return '<div class="asl-letter"><span></span></div>'
    state = snapshot.spelling
    share = min(max(state.progress, 0.0), 1.0)
    unsure = "" if state.waits_for in ("hold", "release") else " is-unsure"
    return (
        f'<div class="asl-letter{unsure}" style="--share:{share:.2f}"><span>{letter}</span></div>'
    )


def details_html(snapshot: LiveSnapshot | None, is_playing: bool, is_natural: bool = False) -> str:
    """Return what to do next, the three most probable letters, the hand, hints and times."""
    if snapshot is None:
        start = "Press Start and spell a word" if is_natural else "Press Start and show a letter"
        waiting = "Waiting for the first picture" if is_playing else start
        return f'<div class="asl-state">{waiting}</div>'
    state = snapshot.spelling
    is_idle = state.is_natural and state.waits_for == "hand"
    parts = [
        f'<div class="asl-state">{SPELL if is_idle else WAITING[state.waits_for]}</div>',
        _bars(snapshot),
        f'<div class="asl-hand">{_hand(snapshot)}</div>',
        f'<div class="asl-hints">{_hints(snapshot)}</div>',
        f'<div class="asl-times" title="{exact_times(snapshot.ms)}">'
        f"{times_line(snapshot.fps, snapshot.ms)}</div>",
    ]
    return "".join(parts)


def times_line(fps: float, ms: LiveTimes) -> str:
    """Return the speed in one line: pictures a second and milliseconds of each stage."""
    stages = (
        ("receive", ms.receive),
        ("detect", ms.detect),
        ("classify", ms.classify),
        ("draw", ms.draw),
    )
    return f"{fps:.0f} FPS · " + " · ".join(f"{name} {value:.0f} ms" for name, value in stages)


def exact_times(ms: LiveTimes) -> str:
    """Return all stages of a picture to the tenth of a millisecond, for a tooltip."""
    return (
        f"receive {ms.receive:.1f} ms, detect {ms.detect:.1f} ms, classify {ms.classify:.1f} ms, "
        f"draw {ms.draw:.1f} ms, words {ms.spell:.1f} ms"
    )


def _bars(snapshot: LiveSnapshot) -> str:
    rows = [(scored.label, scored.confidence) for scored in snapshot.top[:3]]
    rows += [("", 0.0)] * (3 - len(rows))
    cells = "".join(_bar(label, share) for label, share in rows)
    return f'<div class="asl-bars" role="img" aria-label="Most probable letters">{cells}</div>'


def _bar(label: str, share: float) -> str:
    width = f"{min(max(share, 0.0), 1.0):.1%}"
    return (
        f'<b>{escape(label) or "&nbsp;"}</b><i><u style="width:{width}"></u></i>'
        f"<small>{f'{share:.0%}' if label else ''}</small>"
    )


def _hand(snapshot: LiveSnapshot) -> str:
    return f"{snapshot.handedness.lower()} hand" if snapshot.handedness else "no hand"


def _hints(snapshot: LiveSnapshot) -> str:
    return "".join(f"<span>{escape(hint)}</span>" for hint in snapshot.hints[:2])


REFRESH_SECONDS = 0.35
SILENT_SECONDS = 4.0
"""Video that runs but brings no picture for so long is told of."""


def keep_letter_current(visit: LiveVisit, is_running: bool) -> None:
    """Show the current letter and what belongs to it; while frames come, a few times a second.

    Only this part runs again then, not the page. It draws into places of its own: Streamlit fails
    where a part fills a place of the page and the page's own run was cut off before it.
    """
    st.fragment(_show_letter, run_every=_refresh(is_running))(visit, is_running)


def keep_words_current(visit: LiveVisit, suggest: Suggest, is_running: bool) -> None:
    """Show the words and what is done with them, again and again like the letter."""
    st.fragment(_show_words, run_every=_refresh(is_running))(visit, suggest)


def _refresh(is_running: bool) -> float | None:
    return REFRESH_SECONDS if is_running else None


def _show_letter(visit: LiveVisit, is_running: bool) -> None:
    snapshot = visit.snapshot()
    is_natural = (snapshot or visit).spelling.is_natural
    with st.container(border=True, key="letter_card"):
        with st.container(key="current_letter"):
            st.html(letter_html(snapshot, is_natural))
        st.html(details_html(snapshot, is_running, is_natural))
    trouble = visit.error or silence_of(visit, snapshot)
    if trouble:
        st.warning(trouble, icon=":material/error:")
    elif visit.seems_another:
        st.info(OTHER_HAND, icon=":material/back_hand:")


def _show_words(visit: LiveVisit, suggest: Suggest) -> None:
    # Both from one moment: a letter that is settled between would be shown twice.
    now = visit.snapshot() or visit
    transcript, state = now.transcript, now.spelling
    with st.container(border=True, key="words_card"):
        with st.container(key="transcript"):
            st.html(text_html(transcript, state.unsettled))
        show_suggestions(visit, words_to_offer(transcript, state, suggest))
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
    """Return a sentence where video should run and brings no picture, None where all is well."""
    if snapshot is None or snapshot.last_frame_s is None or visit.source == "pictures":
        return None
    silence = visit.now_s - snapshot.last_frame_s
    if silence < SILENT_SECONDS:
        return None
    return (
        f"No picture has come for {silence:.0f} seconds. If this lasts, press Stop and Start "
        "again; your words stay."
    )
