"""Fixtures of the screens: made-up runs in a folder of their own, and the app opened on them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scripts.made_up_run import write_made_up_run

ROOT = Path(__file__).parents[2]
OpenScreen = Callable[[str], AppTest]


@pytest.fixture
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder that the app takes for models/; there are no other runs or photos."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("ASL_MODELS", str(folder))
    monkeypatch.setenv("ASL_RUNS", str(tmp_path / "none"))
    monkeypatch.setenv("ASL_PHOTOS", str(tmp_path / "no-photos"))
    return folder


@pytest.fixture
def made_up(runs_folder: Path) -> Path:
    """Give a folder with a made-up shipped run and a second run that has no model yet."""
    write_made_up_run(runs_folder / "stranger-resnet18")
    (runs_folder / "stranger-resnet18" / "model.json").write_text("{}")
    write_made_up_run(runs_folder / "second-try", epochs=9, pace=0.6)
    return runs_folder


@pytest.fixture
def open_screen() -> OpenScreen:
    """Give a function that opens one screen's script; no exception may have been raised in it."""

    def open_it(script: str) -> AppTest:
        test = AppTest.from_file(str(ROOT / "pages" / script), default_timeout=30)
        test.run()
        assert not test.exception
        return test

    return open_it
