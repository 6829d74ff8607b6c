"""Precision, recall and F1 of each letter, the pairs that are confused, and calibration."""

import inspect

import pandas as pd
import streamlit as st

from asl_core.records.evaluation_report import EvaluationReport, LetterScore, SourceScore, Summary
from pages.panels.charts.chart_style import percent, show_chart
from pages.panels.charts.group_charts import signer_alt, signer_figure
from pages.panels.charts.letter_charts import METRICS, calibration_figure, letter_figure
from pages.panels.frame.page_parts import show_heading
from pages.panels.frame.run_choice import choose_report
from pages.panels.metrics.confusion_counts import ConfusionCounts, count_confusions
from pages.panels.metrics.remaining_confusions import show_remaining_confusions
from pages.panels.metrics.report_text import definition, show_origin

PAIRS_SHOWN = 15
BY_ALPHABET, WORST_FIRST = "A to Z", "Worst first"


def show_summary(report: EvaluationReport) -> None:
    """Show the figures over the static letters, each with its definition."""
    static = report.static
    accuracy_note, macro_note = definition(Summary, "accuracy"), definition(Summary, "macro")
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            "Accuracy, 24 letters", percent(static.accuracy), help=accuracy_note, width="content"
        )
        st.metric(
            "Among first three",
            percent(static.top3_accuracy),
            help=definition(Summary, "top3_accuracy"),
            width="content",
        )
        st.metric(
            "Macro precision", percent(static.macro_precision), help=macro_note, width="content"
        )
        st.metric("Macro recall", percent(static.macro_recall), help=macro_note, width="content")
        st.metric("Macro F1", percent(static.macro_f1), help=macro_note, width="content")
        st.metric("No hand found", percent(static.no_hand_rate), width="content")
        if report.motion is not None:
            st.metric("J and Z as stills", percent(report.motion.accuracy), width="content")
        if report.commands is not None:
            st.metric("del, nothing, space", percent(report.commands.accuracy), width="content")


def show_bars(report: EvaluationReport) -> None:
    """Show one bar for each letter; what it shows and the order can be chosen."""
    with st.container(horizontal=True, gap="medium"):
        metric = st.segmented_control(
            "Figure",
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
    show_chart(letter_figure(scores, metric), "letter_bars", f"{metric} of each letter, as bars")
    commands = "; del, nothing and space are no letters" * (report.commands is not None)
    st.caption(f"Orange: J and Z are motions, which a still picture shows only in part{commands}.")


def letter_table(report: EvaluationReport, confusions: ConfusionCounts) -> pd.DataFrame:
    """Give one row for each letter: its scores in percent and its most frequent wrong answer."""
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
                "most often taken for": mistakes.get(score.label, ""),
            }
            for score in report.letters
        ]
    )


def show_tables(report: EvaluationReport) -> None:
    """Show the sortable table of letters beside the pairs that are confused most."""
    confusions = count_confusions(report)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader("Every letter", anchor=False)
        share = {
            name: st.column_config.ProgressColumn(
                name,
                help=definition(LetterScore, name),
                format="%.1f %%",
                min_value=0,
                max_value=100,
            )
            for name in ("precision", "recall", "F1")
        }
        support = st.column_config.NumberColumn("support", help=definition(LetterScore, "support"))
        st.dataframe(
            letter_table(report, confusions),
            hide_index=True,
            height=420,
            column_config={**share, "support": support},
            alt="Scores of each letter; click a column's head to sort",
        )
    with right:
        st.subheader("Most confused pairs", anchor=False)
        pairs = confusions.confused_pairs[:PAIRS_SHOWN]
        if not pairs:
            st.success("No letter was taken for another one.", icon=":material/check:")
            return
        st.dataframe(
            pd.DataFrame(
                [(p.label, p.read_as, p.photos, p.share * 100) for p in pairs],
                columns=["signed", "read as", "photos", "share of the letter"],
            ),
            hide_index=True,
            height=420,
            column_config={"share of the letter": st.column_config.NumberColumn(format="%.1f %%")},
            alt="The pairs of letters that are confused most",
        )


def show_calibration_and_signers(report: EvaluationReport) -> None:
    """Show whether confidence can be believed, and for whom the model works."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Can its confidence be believed?", anchor=False)
        if report.calibration:
            st.caption(
                "On the dotted line it is right as often as it says; below, it promises too much. "
                "A larger dot stands for more photos."
            )
            show_chart(
                calibration_figure(report.calibration),
                "calibration",
                "Accuracy over confidence; on the dotted line the two agree",
            )
        st.metric(
            "Expected calibration error",
            f"{report.expected_calibration_error:.3f}",
            help=definition(EvaluationReport, "expected_calibration_error"),
            width="content",
        )
    with right:
        st.subheader("Signer by signer", anchor=False)
        st.caption(definition(SourceScore, "Accuracy"))
        show_chart(signer_figure(report), "letter_signers", signer_alt(report))


def show_definitions() -> None:
    """Show how every figure is computed, in the words of the records themselves."""
    with st.expander("How each figure is computed", icon=":material/function:"):
        for record in (LetterScore, Summary, SourceScore):
            st.markdown(inspect.getdoc(record) or "")
        st.markdown(definition(EvaluationReport, "expected_calibration_error"))


show_heading("Letter metrics", "How well each letter is read, and which ones are mixed up.")
picked = choose_report()
if picked is not None:
    show_summary(picked.report)
    show_bars(picked.report)
    show_tables(picked.report)
    show_remaining_confusions(picked.report)
    show_calibration_and_signers(picked.report)
    show_definitions()
    show_origin(picked.report)
