from asl_core.records.comparison import Step, StepResult
from asl_core.records.evaluation_report import SourceScore
from pages.panels.charts.comparison_chart import comparison_alt, comparison_figure


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
    assert said == "Letters of strangers read right: One 20.0 %; Two 80.0 %."
