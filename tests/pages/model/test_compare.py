import pytest

from asl_core.records.comparison import STEPS
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.training_run import SHIPPED_RUN
from scripts.made_up_run import write_made_up_run


@pytest.fixture
def two_steps(made_up):
    """The made-up shipped run, and one in the name of the tutorial's."""
    write_made_up_run(made_up / "tutorial-cnn")
    return made_up


def test_says_what_is_missing(runs_folder, open_screen):
    screen = open_screen("model/compare.py")
    assert screen.code[0].value.startswith("python -m asl_core evaluate tutorial-cnn")
    assert len(screen.caption) == len(STEPS) + 1


def test_the_figures_come_from_the_files(two_steps, open_screen):
    path = two_steps / SHIPPED_RUN / "evaluations/photos-test/report.json"
    static = EvaluationReport.load(path).static
    screen = open_screen("model/compare.py")
    table = screen.dataframe[0].value
    assert list(table["run"]) == ["tutorial-cnn", SHIPPED_RUN]
    assert table["unseen signers"].iloc[1] == pytest.approx(static.accuracy * 100)
    assert table["macro F1"].iloc[1] == pytest.approx(static.macro_f1 * 100)
    assert list(table["own signer"]) == ["–", "–"]
    assert sum("Not shown" in caption.value for caption in screen.caption) == len(STEPS) - 2


def test_a_broken_report_leaves_the_others(two_steps, open_screen):
    path = two_steps / "tutorial-cnn/evaluations/photos-test/report.json"
    path.write_text("{}")
    screen = open_screen("model/compare.py")
    assert list(screen.dataframe[0].value["run"]) == [SHIPPED_RUN]
    assert any("report.json has schema None" in caption.value for caption in screen.caption)
