"""Where a report's figures come from: the photos, the time, and the command that measures anew."""

import streamlit as st

from asl_core.records.evaluation_report import EvaluationReport


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
