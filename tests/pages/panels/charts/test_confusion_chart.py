import numpy as np
import pytest

from pages.panels.charts.confusion_chart import clicked_cell, confusion_figure
from pages.panels.metrics.confusion_counts import count_confusions


@pytest.fixture
def counts(small_report):
    return count_confusions(small_report)


def test_right_answers_and_errors_are_two_layers_below_the_click_layer(counts):
    right, wrong, clicks = confusion_figure(counts, normalised=False, chosen=None).data
    assert np.nansum(right.z) == 2
    assert np.nansum(wrong.z) == 2
    assert clicks.type == "scatter"
    assert clicks.marker.symbol == "square"


def test_every_cell_can_be_clicked(counts):
    clicks = confusion_figure(counts, normalised=False, chosen=None).data[2]
    assert len(clicks.x) == 12
    at = [(x, y) for x, y in zip(clicks.x, clicks.y, strict=True)].index((3, 0))
    assert list(clicks.customdata[at])[:3] == ["A", "no hand", 1]


def test_normalised_cells_are_percent_of_the_row(counts):
    right = confusion_figure(counts, normalised=True, chosen=None).data[0]
    assert right.z[0][0] == 50


def test_the_chosen_cell_is_framed(counts):
    frame = confusion_figure(counts, normalised=False, chosen=("B", "A")).layout.shapes[0]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, 0.5, 1.5)


def test_a_choice_outside_of_the_matrix_is_not_framed(counts):
    assert not confusion_figure(counts, normalised=False, chosen=("Q", "A")).layout.shapes


@pytest.mark.parametrize(
    ("points", "cell"),
    [
        ([{"customdata": ["S", "A", 3, 0.1]}], ("S", "A")),
        ([{"x": 1}, {"customdata": ["B", "B", 3, 0.1]}], ("B", "B")),
        ([], None),
        ([{"customdata": None}], None),
    ],
    ids=["a cell", "first without", "nothing", "no data"],
)
def test_a_click_names_its_cell(points, cell):
    assert clicked_cell(points) == cell


def test_numbers_stand_in_every_filled_cell(counts):
    numbers = confusion_figure(counts, normalised=True, chosen=None).layout.annotations
    assert {(n.x, n.y): n.text for n in numbers} == {
        (0, 0): "50",
        (3, 0): "50",
        (0, 1): "100",
        (2, 2): "100",
    }


@pytest.mark.parametrize(("on_dark", "weak"), [(True, "#ffffff"), (False, "#1e2433")])
def test_numbers_are_readable_on_their_cell(counts, on_dark, weak):
    counts.counts[2, 2] = 9  # so that the one right A is a weak cell
    numbers = confusion_figure(counts, normalised=False, chosen=None, on_dark=on_dark)
    colours = {(n.x, n.y): n.font.color for n in numbers.layout.annotations}
    assert colours[0, 0] == weak
    assert colours[2, 2] == "#ffffff"
    assert colours[0, 1] == "#1e2433"
