"""This visitor's practice: brought back from the browser, kept in the session, told aloud."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from asl_core.practice.learner import Learner
from asl_core.practice.progress import Progress
from pages.panels.browser.announcer import announce
from pages.panels.browser.kept_progress import PRACTICE, ask_for_progress, keep_progress


@dataclass
class PracticeVisit:
    """A learner, and what the browser said of earlier practice.

    `trouble` is a sentence about kept progress that cannot be read: until the learner has it
    forgotten, nothing is written over it.
    """

    learner: Learner = field(default_factory=Learner)
    is_known: bool = False
    is_refused: bool = False
    trouble: str = ""
    said: str = ""
    times_said: int = 0

    def say(self, sentence: str) -> None:
        """Have a screen reader say a sentence with the next run of the page."""
        self.said = sentence
        self.times_said += 1

    def start_with(self, progress: Progress) -> None:
        """Go on with other progress; rounds that are under way are dropped."""
        self.learner = Learner(progress)
        self.trouble = ""


def this_practice() -> PracticeVisit:
    """Return this visitor's practice."""
    practice: PracticeVisit = st.session_state.setdefault(PRACTICE, PracticeVisit())
    return practice


def bring_back(practice: PracticeVisit) -> None:
    """Ask the browser once for what it keeps, and go on from there."""
    if practice.is_known:
        return
    kept = ask_for_progress()
    if kept is None:
        return
    practice.is_known = True
    practice.trouble, practice.is_refused = kept.trouble, kept.is_refused
    if not kept.trouble and practice.learner.progress.is_empty:
        practice.start_with(kept.progress)
    st.rerun()


def keep(practice: PracticeVisit) -> None:
    """Have the browser keep the progress, and a screen reader say what is new."""
    if practice.is_known and not practice.trouble:
        keep_progress(practice.learner.progress)
    announce(practice.said, practice.times_said)


def now() -> datetime:
    """Return the time where the visitor is, as far as the browser tells."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC)


def clock_s() -> float:
    """Return seconds of a clock that only rises."""
    return time.monotonic()
