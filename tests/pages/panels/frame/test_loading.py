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
    ("screen", "until"),
    [
        ("LIVE", home.load_for_live),
        ("PHOTO", None),
        ("PRACTICE", home.load_for_live),
        ("MY_HAND", home.load_for_photos),
        ("WHO", None),
    ],
)
def test_a_page_that_reads_waits_under_its_heading(monkeypatch, screen, until):
    shown = []
    loading = Loading([home.load_for_live, home.load_for_photos])
    monkeypatch.setattr(home, "loading", loading)
    monkeypatch.setattr(home, "show_heading", lambda *words: shown.append(words))
    loading._started.set()  # under way, until somebody waits
    waited = []

    def wait(until):
        waited.append(until)
        loading._taken[until].set()

    monkeypatch.setattr(loading, "wait", wait)
    test = AppTest.from_string(PAGE.format(screen=screen), default_timeout=30).run()
    assert not test.exception
    assert test.title[0].value == "The page"
    assert bool(shown) is (until is not None)
    assert waited == ([until] if until else [])
    assert SENTENCE.startswith("Loading the model")


def test_last_steps_follow_and_no_page_waits_for_them():
    gate, taken = threading.Event(), []
    loading = Loading([lambda: taken.append("first")])
    loading.start(lambda: gate.wait(10), lambda: taken.append("last"))
    assert loading.wait(loading._steps[0], 10) and loading.is_under_way()
    gate.set()
    assert loading.wait(seconds=10)
    assert taken == ["first", "last"]


UPLOADER_FIRST = """
import streamlit as st
from pages.panels.frame import loading

st.title("Give a file")
loading.wait_in_place(loading.import_libraries)
st.write("read")
"""


def test_a_page_may_wait_below_what_it_has_shown(monkeypatch):
    loading = Loading([home.import_libraries])
    monkeypatch.setattr(home, "loading", loading)
    loading._started.set()
    monkeypatch.setattr(loading, "wait", lambda until: loading._taken[until].set())
    test = AppTest.from_string(UPLOADER_FIRST, default_timeout=30).run()
    assert not test.exception
    assert (test.title[0].value, test.markdown[0].value) == ("Give a file", "read")
    assert not loading.is_under_way(home.import_libraries)


HEAVY = ("numpy", "cv2", "mediapipe", "onnxruntime", "av", "aiortc", "pandas", "fastapi", "torch")


@pytest.mark.parametrize(
    "imported",
    [
        "app",
        "pages.panels.frame.menu, pages.panels.frame.run_choice, "
        "pages.panels.frame.shared_recognizer, pages.panels.photo.given_files",
    ],
    ids=["server", "photo page until its uploader"],
)
def test_heavy_libraries_wait_until_a_page_was_sent(imported):
    script = f"import sys, {imported}\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-1000:]


def test_a_page_waits_for_nothing_that_was_never_begun(monkeypatch):
    monkeypatch.setattr(home, "loading", Loading([home.load_for_live]))
    monkeypatch.setattr(home, "show_heading", lambda *words: pytest.fail("waits"))
    test = AppTest.from_string(PAGE.format(screen="LIVE"), default_timeout=30).run()
    assert not test.exception
