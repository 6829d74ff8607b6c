"""A few hundred of the inputs that benchmarks/hostile_inputs.py makes by the thousand."""

from dataclasses import replace

import pytest

from benchmarks.hostile_inputs import MOMENTS, HostileReport, KindResult, markdown, run_kind
from benchmarks.hostile_makers import KINDS


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_damaged_input_is_more_than_one_sentence(kind):
    result = run_kind(kind, 60, seed=7)
    assert result.faults == ()
    assert result.answered + result.refused == 60
    assert result.answered, "some of what is damaged stays readable"
    assert result.refused or kind == "frame of a call"
    assert len(result.memory_mb) == MOMENTS


def test_the_same_seed_gives_the_same_answers():
    first, second = (run_kind("request", 40, seed=3) for _ in range(2))
    assert (first.answered, first.refused) == (second.answered, second.refused)
    assert first.answered
    assert first.refused


def test_the_page_names_command_seed_and_figures():
    page = markdown(HostileReport(5, 60.0, (run_kind("frame of a call", 12, seed=5),)))
    assert "python -m benchmarks.hostile_inputs --count 12 --seed 5" in page
    assert "| frame of a call | 12 | 12 | 0 | 0 | 0 | 0 |" in page
    assert page.endswith(": flat |\n")


def test_what_broke_died_or_grew_is_not_sound():
    sound = KindResult("video", 10, 5, 5, (), 0, 0, 1.0, (100.0,) * MOMENTS)
    assert sound.is_sound
    assert not replace(sound, faults=("KeyError: 1",)).is_sound
    assert not replace(sound, died=1, memory_mb=()).is_sound
    grown = replace(sound, memory_mb=(*[100.0] * 9, 150.0))
    assert not grown.is_sound
    assert "**+50 MB**" in markdown(HostileReport(1, 1.0, (grown,)))
