"""Learning curves of one or several training runs; a run in progress updates by itself."""

import pandas as pd
import streamlit as st

from asl_core.errors import RunError
from asl_core.records.definitions import definition
from asl_core.records.history import EpochRow
from asl_core.records.training_run import TrainingRun, find_runs
from pages.panels.charts.chart_style import RUN_COLOURS, percent, show_chart
from pages.panels.frame.page_parts import TRAIN_COMMAND, offer_csv, show_empty_state, show_heading
from pages.panels.frame.run_choice import run_label
from pages.panels.metrics.training_progress import (
    ACCURACY,
    LEARNING_RATE,
    LOSS,
    RunProgress,
    flat_settings,
    history_figure,
    progress_of,
)

REFRESH_SECONDS = 5.0
RUNS_AT_FIRST = 3


def read_progress(runs: list[TrainingRun]) -> list[RunProgress]:
    """Read every run's epochs; a broken run shows a sentence, and the others are still read."""
    found = []
    for run in runs:
        try:
            found.append(progress_of(run))
        except RunError as error:
            st.error(str(error), icon=":material/error:")
    return found


def show_state(progress: RunProgress, colour: str) -> None:
    """Show how far a run has come and its best epoch, in the color of its curves."""
    with st.container(border=True):
        st.markdown(
            f'<span style="color:{colour}">●</span> <b>{progress.name}</b> '
            f"<small>{_state(progress)}</small>",
            unsafe_allow_html=True,
        )
        best = progress.best
        if best is None:
            st.caption("No epoch has finished yet.")
            return
        with st.container(horizontal=True, gap="medium"):
            st.metric(
                "Validation accuracy",
                percent(best.validation_accuracy),
                help=definition(EpochRow, "validation_accuracy"),
                width="content",
            )
            st.metric("Best epoch", f"{best.epoch} of {progress.rows[-1].epoch}", width="content")
        if progress.is_at_work and progress.planned:
            st.progress(min(progress.rows[-1].epoch / progress.planned, 1.0))


def show_curves(runs: list[TrainingRun], refreshes: bool) -> None:
    """Show the states and curves of the chosen runs; stop refreshing once none is running."""
    progress = read_progress(runs)
    if refreshes and not any(entry.is_at_work for entry in progress):
        st.rerun()
    grid = st.grid(min_column_width=320)
    for number, entry in enumerate(progress):
        with grid.cell():
            show_state(entry, RUN_COLOURS[number % len(RUN_COLOURS)])
    histories = {entry.name: entry.rows for entry in progress if entry.rows}
    if not histories:
        return
    names = ", ".join(histories)
    left, right = st.columns(2, gap="medium")
    with left:
        figure = history_figure(histories, ACCURACY, "Accuracy")
        show_chart(figure, "accuracy_curve", f"Accuracy per epoch of {names}")
    with right:
        figure = history_figure(histories, LOSS, "Loss (cross-entropy)")
        show_chart(figure, "loss_curve", f"Loss per epoch of {names}")
    with left:
        figure = history_figure(histories, LEARNING_RATE, "Learning rate")
        show_chart(figure, "learning_rate_curve", f"Learning rate per epoch of {names}")
    with right:
        st.caption(
            "Solid: validation. Dotted: training, on augmented pictures, so its accuracy can be "
            "lower. The star marks the best epoch, whose weights are kept. Validation accuracy: "
            + definition(EpochRow, "validation_accuracy")
        )


def settings_table(runs: list[TrainingRun]) -> pd.DataFrame:
    """Return one row per setting and one column per run; unreadable runs show a sentence."""
    columns = {}
    for run in runs:
        try:
            columns[run_label(run)] = flat_settings(run.config)
        except RunError as error:
            st.error(str(error), icon=":material/error:")
    return pd.DataFrame(columns).rename_axis("setting").fillna("").reset_index()


def show_settings(runs: list[TrainingRun]) -> None:
    """Show the settings side by side; of several runs, optionally only those that differ."""
    st.subheader("Settings", anchor=False)
    table = settings_table(runs)
    if table.empty:
        return
    names = [name for name in table.columns if name != "setting"]
    if len(names) > 1 and st.toggle("Only differences", key="settings_differ"):
        table = table[table[names].nunique(axis=1) > 1]
    st.dataframe(
        table,
        hide_index=True,
        height=min(38 + 35 * len(table), 430),
        column_config={"setting": st.column_config.TextColumn(width=230)},
        alt="Settings of the chosen runs",
    )
    offer_csv(table, "Save the settings as CSV", "settings.csv", "save_settings")


def _state(progress: RunProgress) -> str:
    if progress.is_finished:
        return f"finished in {_duration(sum(row.seconds for row in progress.rows))}"
    if not progress.is_at_work:
        return f"stopped {_duration(progress.silent_seconds)} ago"
    left = progress.remaining_seconds
    if progress.planned and progress.rows and progress.rows[-1].epoch >= progress.planned:
        return "all epochs done"
    return f"running, about {_duration(left)} left" if left is not None else "running"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _is_at_work(run: TrainingRun) -> bool:
    try:
        return progress_of(run).is_at_work
    except RunError:
        return False


show_heading("Training", "How the model learned, epoch by epoch.")
all_runs = find_runs()
if not all_runs:
    show_empty_state(
        "No training run yet",
        "Start a training run; its curves appear here as it goes.",
        TRAIN_COMMAND,
    )
else:
    chosen = st.multiselect(
        "Runs",
        all_runs,
        default=all_runs[:RUNS_AT_FIRST],
        format_func=run_label,
        key="training_runs",
        max_selections=len(RUN_COLOURS),
    )
    at_work = any(_is_at_work(run) for run in chosen)
    st.fragment(show_curves, run_every=REFRESH_SECONDS if at_work else None)(chosen, at_work)
    if chosen:
        show_settings(chosen)
