"""Lets a person choose a run and a test set; the choice holds from page to page."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from asl_core.errors import RunError
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.training_run import (
    EVALUATIONS_FOLDER,
    PICTURE_ONLY_ENDING,
    REPORT_FILE,
    TrainingRun,
    find_runs,
    run_folders,
)
from pages.panels.frame.page_parts import EVALUATE_COMMAND, TRAIN_COMMAND, show_empty_state

HEADLINE_EVALUATION = "photos-test"
"""Name of the evaluation on signers that were in no training or tuning."""

KNOWN_SIGNER_EVALUATION = "photos-reference"
"""Name of the evaluation on the one signer whom published recognisers train and test on."""

_MEANINGS = {
    HEADLINE_EVALUATION: "signers it never saw",
    "photos-validation": "signers used for tuning",
    KNOWN_SIGNER_EVALUATION: "the Kaggle signer",
    f"{HEADLINE_EVALUATION}{PICTURE_ONLY_ENDING}": "signers it never saw, without landmarks",
    "grass200-test": "the Kaggle signer, random part left for testing",
    "grass200-validation": "the Kaggle signer, random part left for validation",
}


@dataclass(frozen=True)
class ChosenReport:
    """What the person looks at: a run, the name of its evaluation, and the report itself."""

    run: TrainingRun
    evaluation: str
    report: EvaluationReport


def choose_report() -> ChosenReport | None:
    """Show the two choices and give the report; None after saying why there is none."""
    runs = find_runs()
    evaluated = [run for run in runs if run.evaluations]
    if not evaluated:
        _show_no_report(runs)
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = st.selectbox(
            "Run",
            evaluated,
            format_func=run_label,
            key="chosen_run",
            persist_state="session",
            width=330,
        )
        evaluation = st.selectbox(
            "Test set",
            run.evaluations,
            index=_preferred(run.evaluations),
            format_func=evaluation_label,
            key=f"chosen_evaluation_{run.name}",
            persist_state="session",
            width=330,
        )
    try:
        return ChosenReport(run, evaluation, load_report(run, evaluation))
    except RunError as error:
        st.error(str(error), icon=":material/error:")
        return None


def load_report(run: TrainingRun, evaluation: str) -> EvaluationReport:
    """Read a report, once for all visitors until its file changes.

    Raises:
        RunError: it is missing or broken.
    """
    path = run.folder / EVALUATIONS_FOLDER / evaluation / REPORT_FILE
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        raise RunError(f"{run.name} has no evaluation {evaluation!r}.") from None
    return _read_report(path, stamp)


def run_label(run: TrainingRun) -> str:
    """Name a run for a menu; a run of one's own may bear the name of a shipped one."""
    if run.folder.parent == run_folders()[0]:
        return f"{run.name} ({'records only' if run.is_records_only else 'shipped'})"
    return run.name if run.is_finished else f"{run.name} (no model yet)"


def evaluation_label(name: str) -> str:
    """Name an evaluation for a menu, with what is special about its photos."""
    meaning = _MEANINGS.get(name)
    return f"{name}: {meaning}" if meaning else name


@st.cache_resource(max_entries=16, show_spinner=False)
def _read_report(path: Path, stamp: int) -> EvaluationReport:
    del stamp  # a changed file is another cache entry
    return EvaluationReport.load(path)


def _preferred(evaluations: tuple[str, ...]) -> int:
    return evaluations.index(HEADLINE_EVALUATION) if HEADLINE_EVALUATION in evaluations else 0


def _show_no_report(runs: tuple[TrainingRun, ...]) -> None:
    if runs:
        show_empty_state(
            "No measured results yet",
            f"{runs[0].name} has not been evaluated. This command measures it on labelled photos:",
            EVALUATE_COMMAND.format(run=runs[0].name),
        )
    else:
        show_empty_state(
            "No run yet",
            "Nothing was trained so far. Train a model, then measure it:",
            TRAIN_COMMAND,
            EVALUATE_COMMAND.format(run="my-run"),
        )


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
