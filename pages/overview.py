"""The start page: what this is, how good it is, and where to go from here."""

import streamlit as st

from asl_core.errors import RunError
from asl_core.records.definitions import definition
from asl_core.records.evaluation_report import EvaluationReport, Summary
from asl_core.records.signer_accuracy import SIGNER_ACCURACY_DEFINITION, signer_accuracy
from asl_core.records.training_run import TrainingRun, find_runs
from pages.panels.charts.accuracy_bars import signer_alt, signer_figure
from pages.panels.charts.chart_style import percent, show_chart
from pages.panels.frame.menu import LIVE, MODEL, PHOTO, SECTIONS, Section
from pages.panels.frame.page_parts import (
    EVALUATE_COMMAND,
    TRAIN_COMMAND,
    show_empty_state,
)
from pages.panels.frame.run_choice import (
    HEADLINE_EVALUATION,
    KNOWN_SIGNER_EVALUATION,
    SAME_SIGNER_CLAIM,
    load_report,
)
from pages.panels.photo.sample_hands import sample_picture

HERO_LETTERS = ("A", "S", "L")

LIMITS = (
    "**J and Z are motions.** A photo shows one moment of them, so they are reported separately.",
    "**One hand.** If several hands are in the picture, the largest one is read.",
    "**Letters, not signs.** It reads the fingerspelling alphabet of ASL, not the language.",
    "**Light and sharpness matter.** Backlit, blurred, small or cropped hands are read less well.",
    "**Two conventions.** M, N, T and Q are signed in more than one way; see their confusions.",
    "**Confidence is not a guarantee.** Do not rely on it where a wrong letter could do harm.",
)


def show_hero() -> None:
    """Say what this is, with buttons to the live page and the photo page."""
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        st.title("Read ASL fingerspelling", anchor=False)
        st.markdown(
            "Show one hand, get the letter: on camera or in a photo, a neural network recognizes "
            "**which letter of the American Sign Language alphabet** the hand is signing, and how "
            "confident it is. On camera, the letters become words."
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
    """Return the run's report on signers it never saw; None after saying why there is none."""
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
    """Show the figures measured on unseen signers beside the figure that others publish."""
    st.subheader("How good is it?", anchor=False)
    measured, quoted = st.columns([3, 2], gap="medium")
    with measured, st.container(border=True, height="stretch"):
        st.markdown(f":material/group: **On signers it never saw** · measured, model {run.name}")
        mean = signer_accuracy(report)
        with st.container(horizontal=True, gap="medium"):
            if mean is not None:
                st.metric(
                    "correct, mean of signers",
                    percent(mean.accuracy),
                    help=SIGNER_ACCURACY_DEFINITION,
                    width="content",
                )
            st.metric(
                "correct, all photos",
                percent(report.static.accuracy),
                help=definition(Summary, "accuracy"),
                width="content",
            )
            st.metric(
                "in the top three",
                percent(report.static.top3_accuracy),
                help=definition(Summary, "top3_accuracy"),
                width="content",
            )
            st.metric("no hand found", percent(report.static.no_hand_rate), width="content")
        if mean is not None:
            st.caption(
                f"The mean is over {mean.signers} signers, each with the same weight (95 % "
                f"interval {percent(mean.low)} to {percent(mean.high)}), of photos whose letter is "
                "clear to the eye."
            )
        st.caption(
            f"{report.static.photos:,} photos of {len(report.sources)} signers, covering the 24 "
            "letters that a still picture can show. A photo in which no hand is found counts as "
            "wrong." + _motion_sentence(report)
        )
    with quoted, st.container(border=True, height="stretch"):
        show_known_signer(run)


def show_known_signer(run: TrainingRun) -> None:
    """Quote the figure that others publish for one known signer, beside ours on that signer."""
    claim = SAME_SIGNER_CLAIM
    st.markdown(":material/format_quote: **On one known signer** · what others report")
    st.metric("published, not measured here", claim.figure, width="content")
    st.caption(
        f"{claim.photos[0].upper()}{claim.photos[1:]}; claimed by {claim.source}. Nearly identical "
        "frames of one person say little about how well your hand will be read."
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


def show_sections() -> None:
    """Link every page, in the sections of the menu, each with what it is for."""
    first, second = st.columns(2, gap="medium")
    with first:
        for section in SECTIONS:
            if section != MODEL:
                show_section(section)
    with second:
        show_section(MODEL)


def show_section(section: Section) -> None:
    """Link the pages of one section."""
    with st.container(border=True, gap="small"):
        st.subheader(section.title, anchor=False)
        for screen in section.screens:
            with st.container(gap=None):
                st.page_link(screen.script, label=f"**{screen.title}**", icon=screen.icon)
                st.caption(screen.purpose)


def _motion_sentence(report: EvaluationReport) -> str:
    if report.motion is None:
        return ""
    return f" J and Z, as still pictures: {percent(report.motion.accuracy)}."


show_hero()
runs = find_runs()
run = next((r for r in runs if HEADLINE_EVALUATION in r.evaluations), runs[0] if runs else None)
report = headline_report(run) if run else None
if run is None:
    show_empty_state(
        "No model yet",
        "Nothing has been trained yet. Train a model, then measure it:",
        TRAIN_COMMAND,
        EVALUATE_COMMAND.format(run="my-run"),
    )
elif report is not None:
    show_quality(run, report)
show_sections()
chart, limits = st.columns([3, 2], gap="large") if report else (None, st.container())
if chart is not None and report is not None:
    with chart:
        st.subheader("Signer by signer", anchor=False)
        show_chart(signer_figure(report), "signers", signer_alt(report))
with limits:
    st.subheader("Limitations", anchor=False)
    st.markdown("\n".join(f"- {limit}" for limit in LIMITS))
