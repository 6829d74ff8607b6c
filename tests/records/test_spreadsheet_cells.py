import pytest

from asl_core.records.spreadsheet_cells import no_formula


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "  =1", "\t1", "＝1", "\n=1"])
def test_text_that_begins_a_formula_is_disarmed(cell):
    assert no_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["A", "a=1", "", 1, -1.5, None, True])
def test_other_cells_stay(cell):
    assert no_formula(cell) is cell


def test_a_lone_return_ends_no_row():
    assert no_formula("a\rb") == "a\nb"
