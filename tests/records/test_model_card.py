"""The card and the README say what the files say."""

from pathlib import Path

import pytest

from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.model_card import MODEL_CARD_FILE, figures_table, model_card
from asl_core.records.training_run import MODELS_FOLDER, SHIPPED_RUN, TrainingRun

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> TrainingRun:
    return TrainingRun(MODELS_FOLDER / SHIPPED_RUN)


def test_table_shows_what_was_measured(small_report: EvaluationReport) -> None:
    lines = figures_table(small_report).splitlines()
    assert lines[2] == "| **24 static letters, all signers** | 3 | 33.3% | 33.3% |"
    assert lines[3] == "| J and Z as stills | 1 | 100.0% | 0.0% |"
    assert lines[4] == "| signer anna (static letters) | 3 | 33.3% | 33.3% |"


def test_shipped_card_is_the_one_that_its_files_give(shipped: TrainingRun) -> None:
    written = (shipped.folder / MODEL_CARD_FILE).read_text(encoding="utf-8")
    assert written == model_card(shipped), f"run: python -m asl_core models card {SHIPPED_RUN}"


def test_readme_shows_the_shipped_figures(shipped: TrainingRun) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert figures_table(shipped.evaluation("photos-test")) in readme


def test_shipped_model_reads_strangers(shipped: TrainingRun) -> None:
    """The bar of the first version: 91 % of the static letters of test signers."""
    report = shipped.evaluation("photos-test")
    assert report.split == "test"
    assert len(report.photos) == report.overall.photos
    assert report.static.accuracy >= 0.91
