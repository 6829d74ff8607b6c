"""Loads what reading needs in a thread of its own as soon as the server is up, before anyone asks.

Until then a page that reads shows its heading and what is waited for, in the place of a blank page.
"""

import importlib
import logging
import threading
from collections.abc import Callable, Sequence

import streamlit as st

from asl_core.errors import AslError
from asl_core.live.process_tuning import switch_threads_often
from asl_core.records.training_run import TrainingRun, find_runs
from pages.panels.frame.menu import LIVE, MY_HAND, PHOTO, PRACTICE, Screen
from pages.panels.frame.page_parts import show_heading

SENTENCE = "Loading the model; after a start of the server this takes a few seconds …"

LIBRARIES = (
    "pages.panels.frame.shared_recognizer",
    "asl_core.letters.recognizer",
    "pages.panels.live.visitor",
    "aiortc.contrib.media",
    "pages.panels.live.words_card",
    "pages.panels.frame.speeds",
    "pages.panels.photo.photo_reader",
    "pages.panels.photo.reading_card",
    "pages.panels.photo.video_transcript",
)
"""What the pages that read import, slowest last; importing it takes most of the time.

streamlit-webrtc must not be among it: declare_component, which it calls on import, registers the
video with the server only in the run of a page, and without that no browser gets it.
"""

LONGEST_WAIT_S = 60.0

_log = logging.getLogger(__name__)


Step = Callable[[], object]


class Loading:
    """A list of steps that one thread takes in order, once; any thread may ask how far it is."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._started = threading.Event()
        self._taken = {step: threading.Event() for step in steps}
        self._done = threading.Event()

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if not self._started.is_set():
            self._started.set()
            threading.Thread(target=self._load, name="asl-loading", daemon=True).start()

    def is_under_way(self, until: Step | None = None) -> bool:
        """Whether it has begun and is not done; with `until`, whether that step is not taken."""
        return self._started.is_set() and not self._event(until).is_set()

    def wait(self, until: Step | None = None, seconds: float = LONGEST_WAIT_S) -> bool:
        """Wait at most `seconds` for the step `until`, or for all; return whether it is taken."""
        return self._event(until).wait(seconds)

    def _event(self, until: Step | None) -> threading.Event:
        return self._done if until is None else self._taken[until]

    def _load(self) -> None:
        try:
            for step in self._steps:
                step()
                self._taken[step].set()
        except AslError as error:
            # The page that needs it meets the same error and shows it to the person.
            _log.warning("What pages read with could not be loaded yet: %s", error)
        except Exception:
            _log.exception("What pages read with could not be loaded yet.")
        finally:
            for event in (*self._taken.values(), self._done):
                event.set()


def import_libraries() -> None:
    """Import what the pages that read need."""
    for name in LIBRARIES:
        importlib.import_module(name)


def load_models() -> None:
    """Load the model that the pages open with, for photos and for video.

    Raises:
        ModelFileError: a file of the model is missing or altered.
    """
    from pages.panels.frame.speeds import load_natural
    from pages.panels.live.visitor import load_for_video
    from pages.panels.photo.photo_reader import shared_reader

    run = _first_run()
    if run is not None:
        load_for_video(run.folder)
        shared_reader(run.folder)
    load_natural()


def _first_run() -> TrainingRun | None:
    return next((run for run in find_runs() if run.can_read), None)


loading = Loading((switch_threads_often, import_libraries, load_models))
"""The process's one; `app.py` starts it with the server.

Threads take turns often from its beginning on, or the first page's many small files would each wait
for the imports.
"""


_WAITED_FOR: dict[Screen, Step | None] = {
    LIVE: None,
    PRACTICE: None,
    MY_HAND: None,
    # The model is asked once a photo is given.
    PHOTO: import_libraries,
}
"""The pages that read, and the last step that each waits for; None for all of them."""


def wait_for_loading(screen: Screen | None) -> None:
    """Where a page that reads must wait, show its heading and the reason, then run it anew."""
    if screen is None or screen not in _WAITED_FOR:
        return
    until = _WAITED_FOR[screen]
    if not loading.is_under_way(until):
        return
    show_heading(screen.title, screen.purpose)
    with st.spinner(SENTENCE):
        loading.wait(until)
    st.rerun()
