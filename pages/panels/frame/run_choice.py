"""Lets a person choose a run and a test set, and says where the figures come from."""

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
"""Name of the evaluation on the one signer whom published recognizers train and test on."""

_MEANINGS = {
    HEADLINE_EVALUATION: "signers it never saw",
    "photos-validation": "signers used for tuning",
    KNOWN_SIGNER_EVALUATION: "the Kaggle signer",
    f"{HEADLINE_EVALUATION}{PICTURE_ONLY_ENDING}": "signers it never saw, without landmarks",
    "grass200-test": "the Kaggle signer, random test split",
    "grass200-validation": "the Kaggle signer, random validation split",
}


@dataclass(frozen=True)
class PublishedClaim:
    """Somebody else's figure, as published; not measured here."""

    figure: str
    photos: str
    source: str


SAME_SIGNER_CLAIM = PublishedClaim(
    figure="99.60 %",
    photos="on the Kaggle ASL Alphabet test split, neighboring frames of one signer",
    source="the published ResNet18 recognizer (`best_model.pth`) whose layers this model shares",
)


@dataclass(frozen=True)
class ChosenReport:
    """The choice: a run, the name of one of its evaluations, and that evaluation's report."""

    run: TrainingRun
    evaluation: str
    report: EvaluationReport


def choose_report() -> ChosenReport | None:
    """Show the two menus and return the chosen report; None after saying why there is none."""
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
    """Name a run for a menu, marking shipped ones: your own run may have the same name."""
    if run.folder.parent == run_folders()[0]:
        return f"{run.name} ({'records only' if run.is_records_only else 'shipped'})"
    return run.name if run.is_finished else f"{run.name} (no model yet)"


def evaluation_label(name: str) -> str:
    """Name an evaluation for a menu, with a few words on whose photos it covers."""
    meaning = _MEANINGS.get(name)
    return f"{name}: {meaning}" if meaning else name


@st.cache_resource(max_entries=16, show_spinner=False)
def _read_report(path: Path, stamp: int) -> EvaluationReport:
    del stamp  # a changed file is another cache entry
    return EvaluationReport.load(path)


def show_origin(report: EvaluationReport) -> None:
    """Show what was measured and when, what was left out, and the command that reproduces it."""
    st.caption(
        f"Measured on {report.overall.photos:,} photos of the set “{report.photo_set}”, split "
        f"“{report.split}”, {report.created[:16].replace('T', ' at ')} UTC. Reproduce it with:"
    )
    st.code(report.command, language="bash")
    if report.left_out:
        counts = ", ".join(f"{entry.label} ({entry.photos})" for entry in report.left_out)
        st.caption(f"Left out, because the model does not know these classes: {counts}.")
    if report.unreadable:
        with st.expander(f"{len(report.unreadable)} photos could not be read"):
            st.markdown("\n".join(f"- {sentence}" for sentence in report.unreadable))


def _preferred(evaluations: tuple[str, ...]) -> int:
    return evaluations.index(HEADLINE_EVALUATION) if HEADLINE_EVALUATION in evaluations else 0


def _show_no_report(runs: tuple[TrainingRun, ...]) -> None:
    if runs:
        show_empty_state(
            "No measured results yet",
            f"{runs[0].name} has not been evaluated. Measure it on labeled photos:",
            EVALUATE_COMMAND.format(run=runs[0].name),
        )
    else:
        show_empty_state(
            "No run yet",
            "Nothing has been trained yet. Train a model, then measure it:",
            TRAIN_COMMAND,
            EVALUATE_COMMAND.format(run="my-run"),
        )


WHOLE_PICTURE = (
    "This model reads the whole picture without looking for a hand, so it names a letter for any "
    "picture."
)


def choose_model(purpose: str) -> TrainingRun | None:
    """Return the model to read with, showing a menu only if there are several.

    `purpose` says what a model makes possible, such as "A photo can be read". Without a model,
    say so and how to train one, and return None.
    """
    runs = find_runs()
    finished = [run for run in runs if run.can_read]
    if not finished:
        reason = f"{purpose} once a model has been trained."
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
