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
from asl_core.service.first_requests import BETWEEN_FILES_S, BETWEEN_PAGES_S, first_requests
from pages.panels.frame.menu import LIVE, MY_HAND, PRACTICE, Screen
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
        self._steps = tuple(steps)
        self._started = threading.Event()
        self._taken = {step: threading.Event() for step in steps}
        self._done = threading.Event()

    def start(self, *last: Step) -> None:
        """Begin; the steps `last` follow, for which no page waits. A second call does nothing."""
        if not self._started.is_set():
            self._started.set()
            self._steps = (*self._steps, *last)
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
                if step in self._taken:
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
        first_requests.wait_for_pause(BETWEEN_FILES_S)
        importlib.import_module(name)


def load_for_live() -> None:
    """Load what the live page opens with.

    Raises:
        ModelFileError: a file of the model is missing or altered.
    """
    from pages.panels.live.visitor import load_for_video

    run = _first_run()
    if run is not None:
        load_for_video(run.folder)


def load_for_photos() -> None:
    """Load what photos are read with, and the model of natural spelling.

    Raises:
        ModelFileError: a file of the model is missing or altered.
    """
    from pages.panels.frame.speeds import load_natural
    from pages.panels.photo.photo_reader import shared_reader

    run = _first_run()
    if run is not None:
        shared_reader(run.folder)
    load_natural()


def _first_run() -> TrainingRun | None:
    return next((run for run in find_runs() if run.can_read), None)


def wait_for_page() -> None:
    """Let a page that waited for the steps before come about; what follows is needed later."""
    first_requests.let_waiting_go_on(BETWEEN_PAGES_S)


loading = Loading(
    (switch_threads_often, import_libraries, load_for_live, wait_for_page, load_for_photos)
)
"""The process's one; `app.py` starts it with the server.

Threads take turns often from its beginning on, or the first page's many small files would each wait
for the imports.
"""


_WAITED_FOR: dict[Screen, Step] = {
    LIVE: load_for_live,
    PRACTICE: load_for_live,
    MY_HAND: load_for_photos,
}
"""The pages that can show nothing without a model, and the last step that each waits for.

The photo page waits below its uploader: a photo can be given meanwhile.
"""


def wait_for_loading(screen: Screen | None) -> None:
    """Where a page that reads must wait, show its heading and the reason, then run it anew."""
    until = _WAITED_FOR.get(screen) if screen is not None else None
    if screen is None or until is None or not loading.is_under_way(until):
        return
    show_heading(screen.title, screen.purpose)
    wait_in_place(until)
    st.rerun()


def wait_in_place(until: Step) -> None:
    """Where a step of loading is not taken yet, say so at this place of a page and wait for it."""
    if loading.is_under_way(until):
        with st.spinner(SENTENCE), first_requests.waiting():
            loading.wait(until)
