from pages.panels.charts.training_chart import ACCURACY, LEARNING_RATE, LOSS, history_figure
from scripts.made_up_run import made_up_history

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
