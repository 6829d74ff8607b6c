"""The taught hand, kept in the visitor's own browser and nowhere else."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.panels.browser import answer_to, browser_script, session_mark

_KEY = "kept_hand"

_mount = st.components.v2.component("asl_kept_hand", js=browser_script("kept/hand"))


@dataclass(frozen=True)
class BrowserHand:
    """What the browser holds: the text of a hand file, "" for none, and whether it was on.

    `is_answered` is False until the browser has said so; `is_kept` is False where it refused to
    keep what it was last given.
    """

    text: str = ""
    is_on: bool = False
    is_answered: bool = False
    is_kept: bool = True


def exchange_hand(number: int, text: str, is_on: bool, is_fresh: bool) -> BrowserHand:
    """Ask the browser what it holds if `is_fresh`, else have it keep the hand numbered `number`.

    A `text` of "" is forgotten there. A number that it has kept already is not sent again.
    """
    mark = session_mark()
    done = answer_to(mark, _KEY, "done") or {}
    is_sent = not is_fresh and done.get("number") != number
    _mount(
        key=_KEY,
        data={
            "session": mark,
            "is_fresh": is_fresh,
            "number": number,
            "done": done.get("number", 0),
            "hand": text if is_sent else "",
            "is_on": is_on,
        },
        default={"found": None, "done": None},
        on_found_change=_nothing,
        on_done_change=_nothing,
        height=1,
    )
    return read_answer(answer_to(mark, _KEY, "found"), answer_to(mark, _KEY, "done"))


def read_answer(found: Any, done: Any) -> BrowserHand:
    """Read what the browser sent; whatever is not as it should be counts as no hand."""
    is_kept = not (isinstance(done, dict) and done.get("is_kept") is False)
    if not isinstance(found, dict) or found.get("answered") is not True:
        return BrowserHand(is_kept=is_kept)
    text = found.get("hand")
    if not isinstance(text, str):
        text = ""
    return BrowserHand(text, found.get("is_on") is True, is_answered=True, is_kept=is_kept)


def _nothing() -> None:
    """A state of a component needs a callback, even where the run itself reads the value."""
