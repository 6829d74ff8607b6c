"""Where a report's figures come from: the photos, the time, and the command that measures anew."""

import inspect
import re
from dataclasses import dataclass

import streamlit as st

from asl_core.records.evaluation_report import EvaluationReport


@dataclass(frozen=True)
class PublishedClaim:
    """Somebody's figure, as published; nobody here has measured it."""

    figure: str
    photos: str
    source: str


SAME_SIGNER_CLAIM = PublishedClaim(
    figure="99.60 %",
    photos="on the Kaggle ASL Alphabet test split, neighbouring frames of one signer",
    source="the published ResNet18 recogniser (`best_model.pth`) whose layers this model shares",
)


def show_origin(report: EvaluationReport) -> None:
    """Show what was measured when, what was left out, and the command that reproduces it."""
    st.caption(
        f"Measured on {report.overall.photos:,} photos of the set “{report.photo_set}”, split "
        f"“{report.split}”, {report.created[:16].replace('T', ' at ')} UTC. Reproduce it with:"
    )
    st.code(report.command, language="bash")
    if report.left_out:
        counts = ", ".join(f"{entry.label} ({entry.photos})" for entry in report.left_out)
        st.caption(f"Left out, since the model does not know these classes: {counts}.")
    if report.unreadable:
        with st.expander(f"{len(report.unreadable)} photos could not be read"):
            st.markdown("\n".join(f"- {sentence}" for sentence in report.unreadable))


def definition(record: type, word: str) -> str:
    """Give the first sentence of a record's docstring that names `word`.

    Raises:
        LookupError: no sentence names it.
    """
    text = " ".join((inspect.getdoc(record) or "").split())
    # A dot ends a sentence only before a capital or a name: "Guo et al. 2017" stays whole.
    for sentence in re.split(r"(?<=\.) (?=[A-Z`])", text):
        if re.search(rf"\b{re.escape(word)}\b", sentence):
            return sentence
    raise LookupError(f"{record.__name__} does not define {word!r}.")
