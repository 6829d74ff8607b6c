"""Loading beside the server's start, and what a page shows meanwhile."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from asl_core.errors import ModelFileError
from pages.panels.frame import loading as home
from pages.panels.frame.loading import SENTENCE, Loading

ROOT = Path(__file__).parents[4]


def test_steps_run_once_in_order_in_another_thread():
    taken = []

    def step(name):
        return lambda: taken.append((name, threading.current_thread().name))

    loading = Loading([step("first"), step("second")])
    assert not loading.is_under_way()
    loading.start()
    loading.start()
    assert loading.wait(seconds=10)
    assert not loading.is_under_way()
    assert taken == [("first", "asl-loading"), ("second", "asl-loading")]


def test_it_is_under_way_until_the_last_step_is_done():
    gate = threading.Event()

    def first():
        pass

    loading = Loading([first, lambda: gate.wait(10)])
    loading.start()
    assert loading.wait(first, 10)
    assert loading.is_under_way() and not loading.is_under_way(first)
    assert not loading.wait(seconds=0.01)
    gate.set()
    assert loading.wait(seconds=10)


@pytest.mark.parametrize("error", [ModelFileError("a file was altered."), RuntimeError("bug")])
def test_a_failure_ends_the_waiting_and_is_logged(error, caplog):
    def fail():
        raise error

    def never():
        pytest.fail("a step after one that failed")

    loading = Loading([fail, never])
    loading.start()
    assert loading.wait(seconds=10) and loading.wait(never, 0)
    assert "could not be loaded yet" in caplog.text


def test_every_library_exists():
    import importlib.util

    for name in home.LIBRARIES:
        assert importlib.util.find_spec(name) is not None, name


@pytest.mark.slow
def test_the_part_that_shows_video_is_left_to_a_page():
    script = (
        "import sys\n"
        "from pages.panels.frame.loading import import_libraries\n"
        "import_libraries()\n"
        "assert 'aiortc' in sys.modules\n"
        "assert 'streamlit_webrtc' not in sys.modules, 'no browser would get its files'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1000:]


PAGE = """
from pages.panels.frame import loading
from pages.panels.frame.menu import {screen}
import streamlit as st

loading.wait_for_loading({screen})
st.title("The page")
"""


@pytest.mark.parametrize(
    ("screen", "waits"),
    [("LIVE", True), ("PHOTO", True), ("PRACTICE", True), ("MY_HAND", True), ("WHO", False)],
)
def test_a_page_that_reads_waits_under_its_heading(monkeypatch, screen, waits):
    shown = []
    loading = Loading([home.import_libraries])
    monkeypatch.setattr(home, "loading", loading)
    monkeypatch.setattr(home, "show_heading", lambda *words: shown.append(words))
    loading._started.set()  # under way, until somebody waits
    waited = []

    def wait(until):
        waited.append(until)
        loading._done.set()
        loading._taken[home.import_libraries].set()

    monkeypatch.setattr(loading, "wait", wait)
    test = AppTest.from_string(PAGE.format(screen=screen), default_timeout=30).run()
    assert not test.exception
    assert test.title[0].value == "The page"
    assert bool(shown) is waits
    assert waited == ([home.import_libraries if screen == "PHOTO" else None] if waits else [])
    assert SENTENCE.startswith("Loading the model")


def test_a_page_waits_for_nothing_that_was_never_begun(monkeypatch):
    monkeypatch.setattr(home, "loading", Loading([]))
    monkeypatch.setattr(home, "show_heading", lambda *words: pytest.fail("waits"))
    test = AppTest.from_string(PAGE.format(screen="LIVE"), default_timeout=30).run()
    assert not test.exception
