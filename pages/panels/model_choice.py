"""Lets a person choose the model to read with; the choice holds from page to page."""

import streamlit as st

from asl_core.records.training_run import TrainingRun, find_runs
from pages.panels.empty_state import TRAIN_COMMAND, show_empty_state
from pages.panels.run_choice import run_label

WHOLE_PICTURE = (
    "This model looks at the whole picture and seeks no hand: it names a letter for any picture."
)


def choose_model(purpose: str) -> TrainingRun | None:
    """Give the model to read with; a choice is shown only where there are several.

    `purpose` says what a model makes possible, such as "A photo can be read". Without a model the
    page says so, and how to train one.
    """
    runs = find_runs()
    finished = [run for run in runs if run.can_read]
    if not finished:
        reason = f"{purpose} once a model was trained."
        if runs:
            reason = f"{runs[0].name} has no model.json: it is still training or incomplete."
        show_empty_state("No model yet", reason, TRAIN_COMMAND)
        return None
    if len(finished) == 1:
        return finished[0]
    run = st.selectbox(
        "Model",
        finished,
        format_func=run_label,
        key="reading_model",
        persist_state="session",
        width=330,
    )
    if run.reads_whole_pictures:
        st.caption(f":material/info: {WHOLE_PICTURE}")
    return run
