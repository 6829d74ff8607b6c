"""A few hundred of the inputs that benchmarks/hostile_inputs.py makes by the thousand."""

import pytest

from benchmarks.hostile_inputs import HostileReport, markdown, run_kind
from benchmarks.hostile_makers import KINDS


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_damaged_input_is_more_than_one_sentence(kind):
    result = run_kind(kind, 60, seed=7)
    assert result.faults == ()
    assert result.answered + result.refused == 60


def test_the_same_seed_gives_the_same_answers():
    first, second = (run_kind("request", 40, seed=3) for _ in range(2))
    assert (first.answered, first.refused) == (second.answered, second.refused)
    assert first.answered
    assert first.refused


def test_the_page_names_command_seed_and_figures():
    page = markdown(HostileReport(5, 60.0, (run_kind("frame of a call", 12, seed=5),)))
    assert "python -m benchmarks.hostile_inputs --count 12 --seed 5" in page
    assert "| frame of a call | 12 | 12 | 0 | 0 | 0 | 0 |" in page
