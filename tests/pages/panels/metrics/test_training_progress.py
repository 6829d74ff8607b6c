import pytest

from pages.panels.metrics.training_progress import (
    ACCURACY,
    LEARNING_RATE,
    LOSS,
    RunProgress,
    flat_settings,
    history_figure,
)
from scripts.made_up_run import made_up_history


def progress(rows=None, planned=12, is_finished=False, silent_seconds=0.0) -> RunProgress:
    rows = made_up_history(12)[:4] if rows is None else rows
    return RunProgress("run", rows, planned, is_finished, silent_seconds)


@pytest.mark.parametrize(
    ("entry", "at_work"),
    [
        (progress(), True),
        (progress(is_finished=True), False),
        (progress(silent_seconds=599), True),
        (progress(silent_seconds=601), False),
        (progress(rows=()), True),
    ],
    ids=["fresh", "finished", "quiet", "silent", "before the first epoch"],
)
def test_at_work(entry, at_work):
    assert entry.is_at_work is at_work


def test_slow_epochs_are_waited_for():
    import dataclasses

    slow = tuple(dataclasses.replace(row, seconds=1000.0) for row in made_up_history(3))
    assert progress(rows=slow, silent_seconds=2900).is_at_work
    assert not progress(rows=slow, silent_seconds=3100).is_at_work


def test_remaining_time_is_the_pace_of_the_last_three_epochs():
    entry = progress()
    pace = sum(row.seconds for row in entry.rows[-3:]) / 3
    assert entry.remaining_seconds == pytest.approx(8 * pace)


@pytest.mark.parametrize("entry", [progress(planned=None), progress(rows=())])
def test_remaining_time_is_unknown(entry):
    assert entry.remaining_seconds is None


def test_settings_are_flattened():
    nested = {
        "settings": {"a": 1},
        "b": {"c": 0.5, "d": {"e": None}},
        "f": [[0.6, 96], [1.0, 128]],
        "g": [],
    }
    assert flat_settings(nested) == {
        "a": "1",
        "b.c": "0.5",
        "b.d.e": "None",
        "f": "[0.6, 96], [1.0, 128]",
        "g": "none",
    }


HISTORIES = {"one": made_up_history(12), "two": made_up_history(5, pace=0.5)}


def test_runs_are_overlaid_in_colours_of_their_own():
    figure = history_figure(HISTORIES, LOSS, "Loss")
    by_run = {
        name: {t.line.color for t in figure.data if t.name.startswith(name) and t.line.color}
        for name in HISTORIES
    }
    assert len(by_run["one"]) == len(by_run["two"]) == 1
    assert by_run["one"] != by_run["two"]


def test_the_best_epoch_has_a_star():
    figure = history_figure(HISTORIES, ACCURACY, "Accuracy")
    stars = {t.name: t for t in figure.data if t.marker.symbol == "star"}
    best = max(HISTORIES["one"], key=lambda row: row.validation_accuracy)
    assert stars["one best epoch"].x == (best.epoch,)
    assert stars["one best epoch"].y == (best.validation_accuracy,)


def test_curves_hold_the_columns_of_the_history():
    figure = history_figure(HISTORIES, LEARNING_RATE, "Learning rate")
    line = next(t for t in figure.data if t.name == "two learning rate")
    assert list(line.y) == [row.learning_rate for row in HISTORIES["two"]]
    assert list(line.x) == [1, 2, 3, 4, 5]


def test_a_run_without_epochs_draws_nothing():
    assert all(len(t.x) == 0 for t in history_figure({"new": ()}, LOSS, "Loss").data)
