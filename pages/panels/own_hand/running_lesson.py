"""A visitor's lesson before the camera: one for each session, with the hand that it teaches."""

from dataclasses import dataclass

import streamlit as st

from asl_core.letters.adaptation.taught_hand import TaughtHand
from asl_core.live.lesson_visit import LessonVisit
from asl_core.records.training_run import TrainingRun
from pages.panels.frame.server_figures import live_visits
from pages.panels.live.visitor import lesson_stream
from pages.panels.own_hand.this_hand import keep_hand, own_hand

LESSON = "own_hand_lesson"
"""Key in the session state."""


@dataclass
class RunningLesson:
    """A visitor's lesson, and as much of its hand as the session has taken over."""

    lesson: LessonVisit
    kept: TaughtHand
    is_over: bool = False

    @property
    def fits_session(self) -> bool:
        """Whether the session holds what it took over, and nothing newer from elsewhere."""
        hand = own_hand().hand
        return hand is self.kept or (hand is None and not self.kept.photos)

    def take_over(self) -> None:
        """Take what was taught since into the session."""
        if self.lesson.hand is not self.kept:
            self.kept = self.lesson.hand
            keep_hand(self.kept)


def running_lesson() -> RunningLesson | None:
    """Return this visitor's lesson; one whose hand was forgotten or replaced is ended first."""
    running: RunningLesson | None = st.session_state.get(LESSON)
    if running is None:
        return None
    if not running.fits_session:
        end_lesson()
        return None
    running.take_over()
    return running


def this_lesson(run: TrainingRun, hand: TaughtHand) -> RunningLesson:
    """Return this visitor's lesson, which goes on with what `hand` already knows."""
    running: RunningLesson | None = st.session_state.get(LESSON)
    if running is not None and running.lesson.hand.model_digest == hand.model_digest:
        return running
    end_lesson()
    running = RunningLesson(LessonVisit(lesson_stream(run.folder), hand), hand)
    live_visits.add(running.lesson)
    st.session_state[LESSON] = running
    return running


def end_lesson() -> None:
    """Free the camera of a lesson and begin anew the next time."""
    running: RunningLesson | None = st.session_state.pop(LESSON, None)
    if running is not None:
        running.lesson.end_stream()
