"""Fixtures of the screens: made-up runs in a folder of their own, and the app opened on them."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from pages.panels.frame.menu import keep_old_menu_away

ROOT = Path(__file__).parents[2]
OpenScreen = Callable[[str], AppTest]
OpenApp = Callable[[], AppTest]


@pytest.fixture(scope="session", autouse=True)
def components_sought_once() -> Iterator[None]:
    """Let Streamlit search the installed packages for components once, not with each AppTest."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that the app takes for models/; there are no other runs or photos."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("ASL_MODELS", str(folder))
    monkeypatch.setenv("ASL_RUNS", str(tmp_path / "none"))
    monkeypatch.setenv("ASL_PHOTOS", str(tmp_path / "no-photos"))
    return folder


@pytest.fixture(scope="session")
def made_up_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a made-up shipped run and a second run that has no model yet."""
    from scripts.made_up_run import write_made_up_run

    folder = tmp_path_factory.mktemp("made-up")
    write_made_up_run(folder / "stranger-resnet18")
    (folder / "stranger-resnet18" / "model.json").write_text("{}")
    write_made_up_run(folder / "second-try", epochs=9, pace=0.6)
    return folder


@pytest.fixture
def made_up(runs_folder: Path, made_up_runs: Path) -> Path:
    """Return a copy of the made-up runs that the app shows."""
    # Without copystat: the age of a history says whether its training goes on.
    shutil.copytree(made_up_runs, runs_folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    return runs_folder


@pytest.fixture
def open_screen() -> OpenScreen:
    """Return a function that opens one screen's script; it must not raise."""

    def open_it(script: str) -> AppTest:
        test = AppTest.from_file(str(ROOT / "pages" / script), default_timeout=30)
        test.run()
        assert not test.exception
        return test

    return open_it


@pytest.fixture
def open_app(runs_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Return a function that opens the whole app at `/`, as `streamlit run app.py` serves it."""
    original = PagesManager.__init__

    def as_served(manager: PagesManager, *args: object, **options: object) -> None:
        # AppTest forgets before each run what app.py tells Streamlit once at the server's start,
        # and would then run `pages/*.py` as a menu of the older kind after the first click.
        original(manager, *args, **options)
        keep_old_menu_away()

    monkeypatch.setattr(PagesManager, "__init__", as_served)

    def open_it() -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        assert not app.exception
        return app

    return open_it
