import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app


@pytest.fixture
def models(tmp_path, monkeypatch):
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("ASL_MODELS", str(folder))
    monkeypatch.setenv("ASL_RUNS", str(tmp_path / "none"))
    return folder


def test_without_a_measured_step_it_says_so(models):
    result = CliRunner().invoke(app, ["compare"])
    assert result.exit_code == 1
    assert "No step was measured yet" in result.output


@pytest.mark.slow
def test_table_and_plot_are_written(models, tmp_path):
    # Imported late, so that the commands' tests are collected without scikit-learn.
    from scripts.made_up_run import write_made_up_run

    write_made_up_run(models / "crops-cnn")
    page = tmp_path / "comparison.md"
    result = CliRunner().invoke(app, ["compare", "--write", str(page)], env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    text = page.read_text()
    assert text.startswith("# What each step adds")
    assert "| **The tutorial's CNN on hand crops** (`crops-cnn`) |" in text
    assert page.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert "Not measured: The shipped model" in " ".join(result.output.split())
