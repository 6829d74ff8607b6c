"""A `.venv` inside the checkout is no business of Streamlit's file watcher."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from scripts.running_app import (
    ROOT,
    chromium_path,
    free_port,
    running_browser,
    wait_for_answer,
    wait_until_idle,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(sys.platform != "linux", reason="counts the watches of Linux"),
]
CODE = ("app.py", "asl_core", "pages", "models", ".streamlit")
FOLDERS = 2000


@pytest.fixture
def checkout(tmp_path):
    for name in CODE:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, tmp_path / name)
    for number in range(FOLDERS):
        (tmp_path / ".venv" / "lib" / f"package{number}").mkdir(parents=True)
    return tmp_path


def watches_of(process):
    """Count the files and folders that the kernel watches for a process."""
    notes = Path(f"/proc/{process.pid}/fdinfo").iterdir()
    return sum(note.read_text().count("inotify wd:") for note in notes)


def test_a_start_watches_no_environment_and_says_nothing_of_it(checkout, tmp_path_factory):
    port = free_port()
    log = tmp_path_factory.mktemp("log") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, f"--server.port={port}"], cwd=checkout, stdout=output, stderr=output
        )
    try:
        wait_for_answer(f"http://127.0.0.1:{port}/_stcore/health", server)
        with running_browser() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            wait_until_idle(page)
            assert watches_of(server) < FOLDERS / 10
    finally:
        server.terminate()
        server.wait(30)
    assert "notify" not in log.read_text(encoding="utf-8", errors="replace").lower()
