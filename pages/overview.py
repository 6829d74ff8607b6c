"""What this is, how good it is, and the ways in."""

import streamlit as st

from asl_core.errors import RunError
from asl_core.records.evaluation_report import EvaluationReport, Summary
from asl_core.records.training_run import TrainingRun, find_runs
from pages.panels.charts.chart_style import percent, show_chart
from pages.panels.charts.group_charts import signer_alt, signer_figure
from pages.panels.frame.menu import LIVE, OVERVIEW, PHOTO, SCREENS
from pages.panels.frame.page_parts import (
    EVALUATE_COMMAND,
    TRAIN_COMMAND,
    show_empty_state,
)
from pages.panels.frame.run_choice import HEADLINE_EVALUATION, KNOWN_SIGNER_EVALUATION, load_report
from pages.panels.metrics.report_text import SAME_SIGNER_CLAIM, definition
from pages.panels.photo.sample_hands import sample_picture

HERO_LETTERS = ("A", "S", "L")

LIMITS = (
    "**J and Z are motions.** A photo shows one moment of them, so their figures stand apart.",
    "**One hand.** With several in the picture the largest one is read.",
    "**Letters, not signs.** It reads the fingerspelling alphabet of ASL, not the language.",
    "**Light and sharpness matter.** Backlit, blurred, small or cut-off hands are read worse.",
    "**Two conventions.** M, N, T and Q are formed in more than one way; look at their confusions.",
    "**A confidence is no promise.** Do not use it where a wrong letter can do harm.",
)


def show_hero() -> None:
    """Say in one sentence what this is, and lead to the live page and the photo page."""
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        st.title("Read ASL fingerspelling", anchor=False)
        st.markdown(
            "Show one hand, get the letter: before the camera or in a photo, a neural network "
            "tells **which letter of the American Sign Language alphabet** the hand forms, and how "
            "sure it is. Live, the letters become words."
        )
        with st.container(horizontal=True):
            if st.button("Spell live", type="primary", icon=LIVE.icon):
                st.switch_page(LIVE.script)
            if st.button("Read a photo", icon=PHOTO.icon):
                st.switch_page(PHOTO.script)
    with right, st.container(horizontal=True, gap="small"):
        for letter in HERO_LETTERS:
            st.image(
                sample_picture(letter, 240),
                width=104,
                caption=letter,
                alt=f"A drawn hand: {letter}",
            )


def headline_report(run: TrainingRun) -> EvaluationReport | None:
    """Give the run's report on signers that it never saw; None after saying why there is none."""
    if HEADLINE_EVALUATION not in run.evaluations:
        show_empty_state(
            "Not measured yet",
            f"{run.name} has no evaluation named {HEADLINE_EVALUATION}.",
            EVALUATE_COMMAND.format(run=run.name),
        )
        return None
    try:
        return load_report(run, HEADLINE_EVALUATION)
    except RunError as error:
        st.error(str(error), icon=":material/error:")
        return None


def show_quality(run: TrainingRun, report: EvaluationReport) -> None:
    """Show the measured figures on strangers beside the figure that others quote."""
    st.subheader("How good is it?", anchor=False)
    measured, quoted = st.columns([3, 2], gap="medium")
    with measured, st.container(border=True, height="stretch"):
        st.markdown(f":material/group: **On signers it never saw** · measured, model {run.name}")
        with st.container(horizontal=True, gap="medium"):
            st.metric(
                "letters read right",
                percent(report.static.accuracy),
                help=definition(Summary, "accuracy"),
                width="content",
            )
            st.metric(
                "right among its first three", percent(report.static.top3_accuracy), width="content"
            )
            st.metric("no hand found", percent(report.static.no_hand_rate), width="content")
        st.caption(
            f"{report.static.photos:,} photos of {len(report.sources)} signers, the 24 letters "
            "that a still picture shows; a photo in which no hand is found counts as wrong."
            + _motion_sentence(report)
        )
    with quoted, st.container(border=True, height="stretch"):
        show_known_signer(run)


def show_known_signer(run: TrainingRun) -> None:
    """Quote the figure that others publish for one known signer, and ours on that signer."""
    claim = SAME_SIGNER_CLAIM
    st.markdown(":material/format_quote: **On one known signer** · what others quote")
    st.metric("published, not measured here", claim.figure, width="content")
    st.caption(
        f"{claim.photos[0].upper()}{claim.photos[1:]}; claimed by {claim.source}. Frames of one "
        "person that are nearly alike say little about your hand."
    )
    if KNOWN_SIGNER_EVALUATION in run.evaluations:
        try:
            ours = load_report(run, KNOWN_SIGNER_EVALUATION).static
        except RunError as error:
            st.error(str(error), icon=":material/error:")
            return
        st.caption(
            f"Ours on that signer, measured: **{percent(ours.accuracy)}** "
            f"of {ours.photos:,} photos."
        )


def show_ways_in() -> None:
    """Link every page, each with what it is for."""
    others = [screen for screen in SCREENS if screen != OVERVIEW]
    grid = st.grid(len(others), min_column_width=190, border=True)
    for screen in others:
        with grid.cell(), st.container(gap="xxsmall"):
            st.page_link(screen.script, label=f"**{screen.title}**", icon=screen.icon)
            st.caption(screen.purpose)


def _motion_sentence(report: EvaluationReport) -> str:
    if report.motion is None:
        return ""
    return f" J and Z as stills, apart: {percent(report.motion.accuracy)}."


show_hero()
runs = find_runs()
run = next((r for r in runs if HEADLINE_EVALUATION in r.evaluations), runs[0] if runs else None)
report = headline_report(run) if run else None
if run is None:
    show_empty_state(
        "No model yet",
        "Nothing was trained so far. Train a model, then measure it:",
        TRAIN_COMMAND,
        EVALUATE_COMMAND.format(run="my-run"),
    )
elif report is not None:
    show_quality(run, report)
st.subheader("Ways in", anchor=False)
show_ways_in()
chart, limits = st.columns([3, 2], gap="large") if report else (None, st.container())
if chart is not None and report is not None:
    with chart:
        st.subheader("Signer by signer", anchor=False)
        show_chart(signer_figure(report), "signers", signer_alt(report))
with limits:
    st.subheader("What it cannot do", anchor=False)
    st.markdown("\n".join(f"- {limit}" for limit in LIMITS))
