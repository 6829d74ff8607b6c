"""Words that an unfinished word may be meant for; one dictionary for the whole process."""

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import streamlit as st

from asl_core.errors import RunError
from asl_core.records.training_run import TrainingRun
from asl_core.spelling.confusion_costs import confusions_of
from asl_core.spelling.word_suggester import WordSuggester
from pages.panels.run_choice import HEADLINE_EVALUATION, load_report

SUGGESTIONS = 4

Suggest = Callable[[str], tuple[str, ...]]
"""Gives words that a word may be meant for, the likeliest first; none while it is not ready."""


def shared_suggester(run: TrainingRun) -> Suggest:
    """Give the process's suggester for a run; it knows which letters that run confuses."""
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
