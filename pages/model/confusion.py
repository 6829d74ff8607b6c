"""The confusion matrix; a click on a cell lists the photos behind it."""

from dataclasses import dataclass

import streamlit as st

from asl_core.alphabet import MOTION_LETTERS
from asl_core.records.evaluation_report import EvaluationReport, PhotoResult
from pages.panels.charts.chart_style import CONFIG, is_dark, percent
from pages.panels.charts.confusion_chart import clicked_cell, confusion_figure
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_report
from pages.panels.metrics.confusion_counts import ConfusionCounts, answer_to, count_confusions
from pages.panels.metrics.own_confusions import show_own_matrix
from pages.panels.photo.photo_gallery import photo_folder, show_gallery

MODEL, OWN = "The model's", "Your own, from practice"
EVERYONE = "all signers"
COUNTS, SHARES = "Photos", "Share of the letter"
ALL_LETTERS, HARDEST = "All letters", "Most confused"
HARDEST_COUNT = 8
WHOSE = "confusion_whose"
CHART, LABEL, ANSWER = "confusion_chart", "cell_label", "cell_answer"


@dataclass(frozen=True)
class MatrixView:
    """Which part of a report is shown: one signer or source (None: all), unit, and rows."""

    signer: str | None
    normalised: bool
    every_letter: bool


def choose_view(report: EvaluationReport) -> MatrixView:
    """Show the menus above the matrix and return what was chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        people = {photo.signer for photo in report.photos}
        people |= {photo.source for photo in report.photos}
        signer = st.selectbox(
            "Signer or source", [EVERYONE, *sorted(people)], key="confusion_signer", width=200
        )
        unit = st.segmented_control(
            "Cells show", [COUNTS, SHARES], default=COUNTS, required=True, key="confusion_unit"
        )
        letters = st.segmented_control(
            "Rows", [ALL_LETTERS, HARDEST], default=ALL_LETTERS, required=True, key="confusion_rows"
        )
    return MatrixView(
        signer=None if signer == EVERYONE else signer,
        normalised=unit == SHARES,
        every_letter=letters == ALL_LETTERS,
    )


def photos_of(report: EvaluationReport, signer: str | None) -> list[PhotoResult]:
    """Return the photos of a signer or of a source, which may have several signers; None: all."""
    if signer is None:
        return list(report.photos)
    return [photo for photo in report.photos if signer in (photo.signer, photo.source)]


def take_click() -> None:
    """Copy a click on the chart to the two menus, which hold the chosen cell."""
    cell = clicked_cell(st.session_state[CHART].selection.points)
    if cell is not None:
        st.session_state[LABEL], st.session_state[ANSWER] = cell


def prepare_cell(confusions: ConfusionCounts) -> None:
    """Start with the most frequent confusion, and drop a choice that this matrix does not have.

    J and Z come last: a still picture is known not to show them.
    """
    state = st.session_state
    if state.get(LABEL) in confusions.labels and state.get(ANSWER) in confusions.answers:
        return
    pairs = sorted(confusions.confused_pairs, key=lambda pair: pair.label in MOTION_LETTERS)
    label = pairs[0].label if pairs else confusions.labels[0]
    state[LABEL], state[ANSWER] = label, pairs[0].read_as if pairs else label


def choose_cell(confusions: ConfusionCounts) -> tuple[str, str]:
    """Show the two menus that choose a cell without a click."""
    with st.container(horizontal=True, gap="small"):
        label = st.selectbox("Signed", confusions.labels, key=LABEL, width=130)
        answer = st.selectbox("Read as", confusions.answers, key=ANSWER, width=130)
    return label, answer


def show_cell(photos: list[PhotoResult], label: str, answer: str) -> None:
    """List the photos of one cell, the most confident first."""
    of_label = [photo for photo in photos if photo.label == label]
    found = [photo for photo in of_label if answer_to(photo) == answer]
    found.sort(key=lambda photo: -(photo.confidence or 0.0))
    share = len(found) / max(len(of_label), 1)
    st.markdown(
        f"**{len(found)}** of {len(of_label)} photos of **{label}** were read as **{answer}** "
        f"({percent(share)})."
    )
    if not found:
        st.caption("There are no photos behind this cell.")
        return
    show_gallery(found, f"cell_{label}_{answer}")
    if photo_folder() is None:
        st.caption("The photos are not on this machine; the hand's 21 landmarks are drawn instead.")


def show_matrix(report: EvaluationReport) -> None:
    """Show the matrix and, beside it, the photos of the chosen cell."""
    view = choose_view(report)
    photos = photos_of(report, view.signer)
    confusions = count_confusions(report, photos)
    if not confusions.labels:
        st.info("This report has no photos of a known class.", icon=":material/info:")
        return
    if not view.every_letter:
        confusions = confusions.of_hardest(HARDEST_COUNT)
    prepare_cell(confusions)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        st.subheader("Photos behind a cell", anchor=False)
        label, answer = choose_cell(confusions)
        show_cell(photos, label, answer)
    with left:
        st.plotly_chart(
            confusion_figure(confusions, view.normalised, (label, answer), is_dark()),
            key=CHART,
            on_select=take_click,
            selection_mode="points",
            config=CONFIG,
            alt=f"Confusion matrix of {len(confusions.labels)} letters; the menus choose a cell.",
        )
        st.caption(
            "Rows are the letters that were signed, columns the letters that were read; ∅ means no "
            "hand was found. Blue is correct, orange is wrong, each on its own color scale."
            + (
                " Numbers are percentages of the row."
                if view.normalised
                else " Numbers are photos."
            )
        )


show_heading(
    "Confusion matrix",
    "Which letters are mistaken for which?"
    + ("" if st.session_state.get(WHOSE) == OWN else " Click a cell to see the photos behind it."),
)
whose = st.segmented_control(
    "Whose confusions?",
    [MODEL, OWN],
    default=MODEL,
    required=True,
    key=WHOSE,
    persist_state="session",
    label_visibility="collapsed",
)
if whose == OWN:
    show_own_matrix()
elif (picked := choose_report()) is not None:
    show_matrix(picked.report)
