import pytest

from asl_core.records.evaluation_report import EvaluationReport, LetterScore, Summary
from pages.panels.metrics.report_text import definition


@pytest.mark.parametrize(
    ("record", "word", "start"),
    [
        (Summary, "accuracy", "`accuracy` is right photos / photos"),
        (Summary, "macro", "The macro figures are unweighted means"),
        (LetterScore, "recall", "One class: precision = TP / (TP + FP)"),
        (LetterScore, "support", "`support` is the number of photos"),
    ],
    ids=["accuracy", "macro", "recall", "support"],
)
def test_gives_the_sentence_of_the_docstring(record, word, start):
    assert definition(record, word).startswith(start)


def test_a_name_with_a_dot_does_not_end_the_sentence():
    assert "(Guo et al. 2017, equation 3)" in definition(
        EvaluationReport, "expected_calibration_error"
    )


def test_an_undefined_word_is_refused():
    with pytest.raises(LookupError, match="LetterScore does not define 'luck'"):
        definition(LetterScore, "luck")
