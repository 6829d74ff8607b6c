import pytest

from asl_core.records.photo_groups import PhotoGroup, wilson_interval
from pages.panels.charts.chart_style import QUIET, RIGHT
from pages.panels.charts.group_charts import group_alt, group_figure

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


def test_what_says_little_is_grey():
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
