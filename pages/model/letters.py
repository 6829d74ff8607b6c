"""Precision, recall and F1 of each letter, the most confused pairs, and calibration."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from asl_core.records.definitions import definition, definitions
from asl_core.records.evaluation_report import EvaluationReport, LetterScore, SourceScore, Summary
from pages.panels.charts.accuracy_bars import signer_alt, signer_figure
from pages.panels.charts.chart_style import percent, show_chart
from pages.panels.charts.letter_charts import METRICS, calibration_figure, letter_figure
from pages.panels.frame.page_parts import offer_csv, show_heading
from pages.panels.frame.run_choice import choose_report, show_origin
from pages.panels.metrics.confusion_counts import ConfusionCounts, count_confusions
from pages.panels.metrics.fluent_spelling import show_fluent_spelling
from pages.panels.metrics.remaining_confusions import show_remaining_confusions

PAIRS_SHOWN = 15
SUMMARY_FIGURES: tuple[tuple[str, str], ...] = (
    ("Accuracy, 24 letters", "accuracy"),
    ("Top-3 accuracy", "top3_accuracy"),
    ("Macro precision", "macro_precision"),
    ("Macro recall", "macro_recall"),
    ("Macro F1", "macro_f1"),
    ("No hand found", "no_hand_rate"),
)
TABLE_SHARES: tuple[tuple[str, str], ...] = (
    ("precision", "precision"),
    ("recall", "recall"),
    ("F1", "f1"),
)
BY_ALPHABET, WORST_FIRST = "A to Z", "Worst first"


def show_summary(report: EvaluationReport) -> None:
    """Show the figures over the static letters, each with its definition."""
    static = report.static
    with st.container(horizontal=True, gap="medium"):
        for title, name in SUMMARY_FIGURES:
            st.metric(
                title,
                percent(getattr(static, name)),
                help=definition(Summary, name),
                width="content",
            )
        if report.motion is not None:
            st.metric("J and Z as still pictures", percent(report.motion.accuracy), width="content")
        if report.commands is not None:
            st.metric("del, nothing, space", percent(report.commands.accuracy), width="content")


def show_bars(report: EvaluationReport) -> None:
    """Show one bar per letter; the figure and the order can be chosen."""
    with st.container(horizontal=True, gap="medium"):
        metric = st.segmented_control(
            "Metric",
            METRICS,
            default="recall",
            required=True,
            key="letter_figure",
            format_func=lambda name: "F1" if name == "f1" else name.capitalize(),
            label_visibility="collapsed",
        )
        order = st.segmented_control(
            "Order",
            [BY_ALPHABET, WORST_FIRST],
            default=BY_ALPHABET,
            required=True,
            key="letter_order",
            label_visibility="collapsed",
        )
    scores = list(report.letters)
    if order == WORST_FIRST:
        scores.sort(key=lambda score: getattr(score, metric))
    show_chart(letter_figure(scores, metric), "letter_bars", f"Bar chart: {metric} of each letter")
    commands = "; del, nothing and space are not letters" * (report.commands is not None)
    st.caption(
        f"Orange: J and Z are motions, of which a still picture shows only a part{commands}."
    )


def letter_table(report: EvaluationReport, confusions: ConfusionCounts) -> pd.DataFrame:
    """Return one row per letter: its scores in percent and its most frequent wrong answer."""
    mistakes: dict[str, str] = {}
    for pair in confusions.confused_pairs:
        mistakes.setdefault(pair.label, f"{pair.read_as} ({pair.photos})")
    return pd.DataFrame(
        [
            {
                "letter": score.label,
                "precision": score.precision * 100,
                "recall": score.recall * 100,
                "F1": score.f1 * 100,
                "support": score.support,
                "most often mistaken for": mistakes.get(score.label, ""),
            }
            for score in report.letters
        ]
    )


def show_tables(report: EvaluationReport) -> None:
    """Show the sortable table of letters beside the most confused pairs."""
    confusions = count_confusions(report)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader("Every letter", anchor=False)
        share = {
            name: st.column_config.ProgressColumn(
                name,
                help=definition(LetterScore, field),
                format="%.1f %%",
                min_value=0,
                max_value=100,
            )
            for name, field in TABLE_SHARES
        }
        support = st.column_config.NumberColumn("support", help=definition(LetterScore, "support"))
        letters = letter_table(report, confusions)
        st.dataframe(
            letters,
            hide_index=True,
            height=420,
            column_config={**share, "support": support},
            alt="Scores of each letter; click a column header to sort",
        )
        offer_csv(letters, "Save the letters as CSV", "letters.csv", "save_letters")
    with right:
        st.subheader("Most confused pairs", anchor=False)
        pairs = confusions.confused_pairs[:PAIRS_SHOWN]
        if not pairs:
            st.success("No letter was mistaken for another.", icon=":material/check:")
            return
        table = pd.DataFrame(
            [(p.label, p.read_as, p.photos, p.share * 100) for p in pairs],
            columns=["signed", "read as", "photos", "share of the letter"],
        )
        st.dataframe(
            table,
            hide_index=True,
            height=420,
            column_config={"share of the letter": st.column_config.NumberColumn(format="%.1f %%")},
            alt="The most confused pairs of letters",
        )
        offer_csv(table, "Save the pairs as CSV", "pairs.csv", "save_pairs")


def show_calibration_and_signers(report: EvaluationReport) -> None:
    """Show how well confidence is calibrated, and the accuracy of each signer."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Calibration", anchor=False)
        if report.calibration:
            st.caption(
                "On the dotted line the model is right as often as its confidence says; below it, "
                "it is overconfident. Larger dots stand for more photos."
            )
            show_chart(
                calibration_figure(report.calibration),
                "calibration",
                "Calibration curve: accuracy over confidence; on the dotted line they agree",
            )
        st.metric(
            "Expected calibration error",
            f"{report.expected_calibration_error:.3f}",
            help=definition(EvaluationReport, "expected_calibration_error"),
            width="content",
        )
    with right:
        st.subheader("Signer by signer", anchor=False)
        st.caption(definition(SourceScore, "accuracy"))
        show_chart(signer_figure(report), "letter_signers", signer_alt(report))


def show_definitions() -> None:
    """Show how every figure is computed, as the records define it."""
    groups = {"Each letter": LetterScore, "All letters": Summary, "Each signer": SourceScore}
    with st.expander("How each figure is computed", icon=":material/function:"):
        for title, record in groups.items():
            show_definition_list(title, definitions(record))
        show_definition_list("Calibration", definitions(EvaluationReport))


def show_definition_list(title: str, texts: Mapping[str, str]) -> None:
    """Show definitions by the name of their figure."""
    lines = [f"- **{name.replace('_', ' ')}**: {text}" for name, text in texts.items()]
    st.markdown("\n".join([f"**{title}**", "", *lines]))


show_heading("Per-class metrics", "How well each letter is read, and which letters are confused.")
picked = choose_report()
if picked is not None:
    show_summary(picked.report)
    show_bars(picked.report)
    show_tables(picked.report)
    show_remaining_confusions(picked.report)
    show_calibration_and_signers(picked.report)
    show_definitions()
    show_origin(picked.report)
show_fluent_spelling()
