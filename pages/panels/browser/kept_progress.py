"""A learner's progress, kept in the learner's own browser and brought back after a reload."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from asl_core.errors import ProgressError
from asl_core.practice.progress import Progress
from pages.panels.browser import answer_to, browser_script, session_mark

_KEY = "kept_progress"
PRACTICE = "practice_learner"
"""Key in the session state of what was practised in it, see `practice/this_learner.py`."""

_mount = st.components.v2.component("asl_kept_progress", js=browser_script("kept/progress"))


@dataclass(frozen=True)
class KeptProgress:
    """What the browser kept: progress, or why there is none that can be used.

    `trouble` is a sentence about kept progress that cannot be read; `is_refused` says that this
    browser keeps nothing.
    """

    progress: Progress
    trouble: str = ""
    is_refused: bool = False


def ask_for_progress() -> KeptProgress | None:
    """Ask the browser what it keeps; None until it has answered, a moment after the page opens."""
    mark = session_mark()
    found = answer_to(mark, _KEY, "kept")
    asks = {"asks": found is None, "session": mark}
    _mount_it({**asks, "text": "", "forgets": False})
    return None if found is None else read_kept_progress(found)


def progress_of_browser() -> KeptProgress | None:
    """Return this visitor's progress on a page that only shows it; None until it is known.

    What was practised in this session comes first: the browser has it a moment later.
    """
    practice = st.session_state.get(PRACTICE)
    if practice is not None and practice.is_known:
        return KeptProgress(practice.learner.progress, practice.trouble, practice.is_refused)
    return ask_for_progress()


def keep_progress(progress: Progress) -> None:
    """Have the browser keep `progress`, or forget everything where it is empty."""
    text = "" if progress.is_empty else progress.as_text()
    _mount_it({"asks": False, "text": text, "forgets": not text})


def read_kept_progress(found: Any) -> KeptProgress:
    """Read what the browser sent, which anybody may have changed."""
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        return KeptProgress(Progress(), "The browser sent something that is no progress.")
    if not text:
        return KeptProgress(Progress(), is_refused=bool(found.get("refused")))
    try:
        return KeptProgress(Progress.from_text(text))
    except ProgressError as error:
        return KeptProgress(Progress(), str(error))


def _mount_it(data: dict[str, object]) -> None:
    _mount(
        key=_KEY,
        data=data,
        default={"kept": None},
        on_kept_change=_nothing,
        height=1,
    )


def _nothing() -> None:
    """A state of a component needs a callback, even where the run itself reads the value."""
