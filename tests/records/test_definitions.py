from dataclasses import dataclass, field

import pytest

from asl_core.records.definitions import defined_as, definition, definitions
from asl_core.records.evaluation_report import EvaluationReport, LetterScore, Summary


@dataclass(frozen=True)
class Measured:
    run: str
    figure: float = field(metadata=defined_as("How much."))
    other: int = field(metadata=defined_as("How many."))


def test_a_field_carries_its_definition():
    assert definition(Measured, "figure") == "How much."


def test_only_defined_fields_are_listed_in_their_order():
    assert definitions(Measured) == {"figure": "How much.", "other": "How many."}


@pytest.mark.parametrize("name", ["run", "luck"])
def test_a_figure_without_definition_is_refused(name):
    with pytest.raises(LookupError, match=f"Measured does not define '{name}'"):
        definition(Measured, name)


def test_a_definition_is_no_default():
    with pytest.raises(TypeError):
        Measured("run")  # type: ignore[call-arg]


def test_every_share_of_a_summary_and_a_letter_is_defined():
    assert set(definitions(Summary)) == set(Summary.__dataclass_fields__) - {"photos"}
    assert set(definitions(LetterScore)) == set(LetterScore.__dataclass_fields__) - {"label"}
    assert "Guo et al. 2017" in definition(EvaluationReport, "expected_calibration_error")
