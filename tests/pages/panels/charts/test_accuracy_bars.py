import pytest

from asl_core.records.comparison import Step, StepResult
from asl_core.records.evaluation_report import SourceScore
from asl_core.records.photo_groups import PhotoGroup, wilson_interval
from pages.panels.charts.accuracy_bars import (
    comparison_alt,
    comparison_figure,
    group_alt,
    group_figure,
)
from pages.panels.charts.chart_style import QUIET, RIGHT

GROUPS = (
    PhotoGroup("dark", "under 70", 40, 30, 4, 2),
    PhotoGroup("dim", "70 to 100", 5, 5, 0, 1),
    PhotoGroup("no hand found", "", 30, 0, 30, 3),
)


def test_bars_and_intervals_hold_the_figures():
    bar, *rest = group_figure(GROUPS, 0.9).data
    assert bar.x == (0.75, 1.0, 0.0)
    assert [tuple(line.x) for line in rest[:3]] == [
        pytest.approx(wilson_interval(group.right, group.photos)) for group in GROUPS
    ]
    assert [line.y[0] for line in rest[:3]] == list(bar.y)


def test_what_says_little_is_gray():
    assert group_figure(GROUPS, 0.9).data[0].marker.color == (RIGHT, QUIET, QUIET)


def test_a_row_tells_limits_and_photos():
    rows = group_figure(GROUPS, 0.9).data[0].y
    assert rows[0].startswith("dark<br>")
    assert "under 70, 40 photos" in rows[0]
    assert ">30 photos<" in rows[2]


def test_the_dotted_line_stands_at_all_photos():
    (line,) = group_figure(GROUPS, 0.9).layout.shapes
    assert line.x0 == line.x1 == 0.9


def test_the_alt_text_tells_every_group():
    assert group_alt("Light", GROUPS[:2]) == (
        "Accuracy by light: dark 75.0 % of 40 photos; dim 100.0 % of 5 photos."
    )


def test_no_group_is_no_error():
    assert group_figure((), 0.5).data[0].y in ((), None)


def result(title: str, accuracy: float, *signers: float) -> StepResult:
    scores = tuple(SourceScore("s", f"s{i}", 10, share, 0.0) for i, share in enumerate(signers))
    step = Step(title, "new", "run")
    return StepResult(step, 10, accuracy, 0.9, 0.5, 0.1, scores, None, "", "command")


def test_a_bar_for_each_step_and_a_dot_for_each_signer():
    figure = comparison_figure([result("One", 0.2, 0.1, 0.3), result("The second one", 0.8, 0.8)])
    bars, dots, figures = figure.data
    assert list(bars.x) == [0.2, 0.8]
    assert list(bars.y) == ["One", "The second<br>one"]
    assert list(figures.text) == ["<b>20.0 %</b>", "<b>80.0 %</b>"]
    assert list(zip(dots.x, dots.y, strict=True)) == [
        (0.1, "One"),
        (0.3, "One"),
        (0.8, "The second<br>one"),
    ]
    assert figure.layout.yaxis.autorange == "reversed"


def test_the_chart_can_be_heard():
    said = comparison_alt([result("One", 0.2), result("Two", 0.8)])
    assert said == "Accuracy on unseen signers: One 20.0 %; Two 80.0 %."
