import pytest

from pages.panels.charts.accuracy_bars import signer_alt, signer_figure
from pages.panels.charts.letter_charts import calibration_figure, letter_figure


@pytest.mark.parametrize(
    ("metric", "values"),
    [("recall", (0.5, 0, 1)), ("support", (2, 1, 1))],
)
def test_bars_hold_the_figure(small_report, metric, values):
    assert letter_figure(small_report.letters, metric).data[0].y == values


def test_motion_letters_have_another_colour(small_report):
    colours = letter_figure(small_report.letters, "recall").data[0].marker.color
    assert colours[0] == colours[1] != colours[2]


def test_calibration_shows_accuracy_over_confidence(small_report):
    dots = calibration_figure(small_report.calibration).data[1]
    assert list(zip(dots.x, dots.y, strict=True)) == [(0.61, 0.0), (0.85, 1.0), (0.9, 1.0)]


def test_calibration_without_bins_is_no_error():
    assert len(calibration_figure(()).data[1].x or ()) == 0


def test_signers_are_sorted_best_on_top(small_report):
    import dataclasses

    from asl_core.records.evaluation_report import SourceScore

    two = (SourceScore("s", "good", 10, 0.9, 0.0), SourceScore("s", "bad", 10, 0.4, 0.1))
    report = dataclasses.replace(small_report, sources=two)
    assert signer_figure(report).data[0].y == ("bad", "good")
    assert signer_alt(report) == "Accuracy per signer, from 40.0 % (bad) to 90.0 % (good)."
