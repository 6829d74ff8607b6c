"""A learner's own confusion matrix, from what their browser keeps of their practice."""

import numpy as np
import streamlit as st

from asl_core.alphabet import LETTERS
from asl_core.practice.progress import Progress, Skill
from asl_core.records.evaluation_report import NO_HAND
from pages.panels.browser.kept_progress import progress_of_browser
from pages.panels.charts.chart_style import CONFIG, is_dark
from pages.panels.charts.confusion_chart import confusion_figure
from pages.panels.frame.menu import PRACTICE
from pages.panels.metrics.confusion_counts import ConfusionCounts

SKILL_NAMES: dict[Skill, str] = {"sign": "Signing", "read": "Reading"}
_WORST_PAIRS = 5


def show_own_matrix() -> None:
    """Show the matrix of the learner whose browser this is, or how to come to one."""
    kept = progress_of_browser()
    if kept is None:
        st.caption("Asking your browser for your practice …")
        return
    chosen = st.segmented_control(
        "Skill",
        list(SKILL_NAMES.values()),
        default=SKILL_NAMES["sign"],
        required=True,
        key="own_confusions_skill",
    )
    skill: Skill = "read" if chosen == SKILL_NAMES["read"] else "sign"
    if kept.trouble:
        st.warning(kept.trouble, icon=":material/broken_image:")
    elif not any(entry.skill == skill for entry in kept.progress.confusions):
        st.info(
            f"Nothing was practised in {str(chosen).lower()} yet; what you do appears here.",
            icon=":material/school:",
        )
    else:
        show_own_confusions(kept.progress, skill)
    st.page_link(PRACTICE.script, label="Practice", icon=PRACTICE.icon)


def show_own_confusions(progress: Progress, skill: Skill) -> None:
    """Show which letter was answered with which in a skill, as a chart and in words."""
    counts = own_confusions(progress, skill)
    st.plotly_chart(
        confusion_figure(counts, False, None, is_dark(), "times"),
        key="practice_confusions",
        config=CONFIG,
        alt=_in_words(counts),
    )
    verb = "read by the app" if skill == "sign" else "typed by you"
    st.caption(
        f"Rows are the letters that were asked for, columns what was {verb}; ∅ is a letter that "
        "was left out. Numbers are times."
    )
    st.markdown(_in_words(counts))


def own_confusions(progress: Progress, skill: Skill) -> ConfusionCounts:
    """Count which letter was answered with which; NO_HAND stands for a letter left out."""
    answers = (*LETTERS, NO_HAND)
    counts = np.zeros((len(LETTERS), len(answers)), np.int64)
    for entry in progress.confusions:
        if entry.skill == skill:
            column = answers.index(entry.answer or NO_HAND)
            counts[LETTERS.index(entry.letter), column] += entry.count
    kept = counts.sum(axis=1) > 0
    labels = tuple(name for name, keep in zip(LETTERS, kept, strict=True) if keep)
    return ConfusionCounts(labels, answers, counts[kept])


def _in_words(counts: ConfusionCounts) -> str:
    pairs = counts.confused_pairs[:_WORST_PAIRS]
    if not pairs:
        return "No letter was mistaken for another one yet."
    named = ", ".join(
        f"{p.label} {'left out' if p.read_as == NO_HAND else f'as {p.read_as}'} ({p.photos}×)"
        for p in pairs
    )
    return f"Most often mistaken: {named}."
