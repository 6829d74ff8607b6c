"""One recognizer for the whole process: every page and the HTTP service read with it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from asl_core.errors import ModelFileError
from asl_core.live.device_visits import DeviceVisits
from asl_core.records.training_run import MODEL_FILE, SHIPPED_RUN, named_run
from pages.panels.frame.server_figures import live_visits

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.service.http_service import HttpService

MODEL_VARIABLE = "ASL_SERVICE_MODEL"
"""Environment variable that names the run the service reads with, if not the shipped one."""

DEVICE_VISITS = DeviceVisits()
"""Visits of the live page whose browsers read their own cameras, for the service's sockets."""


def shared_recognizer(folder: Path) -> "LetterRecognizer":
    """Return the recognizer of a run folder; loaded once, and again when its files change.

    Raises:
        ModelFileError: a file of the model is missing, altered, or does not fit.
    """
    return _load(folder, model_stamp(folder))


def shared_live_recognizer(folder: Path) -> "LetterRecognizer":
    """Return the same recognizer set up for video; made once for all visitors.

    Raises:
        ModelFileError: see `shared_recognizer`.
    """
    return _for_live(folder, model_stamp(folder))


def model_stamp(folder: Path) -> int:
    """Return the time in ns at which `model.json` was written; it differs between two models.

    Raises:
        ModelFileError: there is no `model.json`.
    """
    try:
        return (folder / MODEL_FILE).stat().st_mtime_ns
    except OSError:
        raise ModelFileError(f"{folder.name} has no {MODEL_FILE}.") from None


def service_beside_pages() -> "HttpService":
    """Create the HTTP service; its model is loaded at the first request for a reading.

    Raises:
        SettingsError: an environment variable has a value that is not allowed.
    """
    # Late: a page needs no FastAPI, and the server listens before it is loaded.
    from asl_core.service.device_source import DeviceSource
    from asl_core.service.http_service import create_service
    from asl_core.service.settings import ServiceSettings
    from pages.panels.frame.speeds import natural_reader

    device = DeviceSource(_recognizer_of_service, _run_of_service(), DEVICE_VISITS, natural_reader)
    settings = ServiceSettings.from_environment()
    service = create_service(settings, _recognizer_of_service, device=device)
    service.traffic.watch_live(live_visits.figures)
    return service


def _run_of_service() -> str:
    return os.environ.get(MODEL_VARIABLE) or SHIPPED_RUN


def _recognizer_of_service() -> "LetterRecognizer":
    return shared_recognizer(named_run(_run_of_service()).folder)


@st.cache_resource(max_entries=2, show_spinner=False)
def _load(folder: Path, stamp: int) -> "LetterRecognizer":
    del stamp  # another stamp is another cache entry
    # Late: the dashboard starts without torch, and many visitors never need it.
    from asl_core.letters.recognizer import LetterRecognizer

    return LetterRecognizer.load(folder)


@st.cache_resource(max_entries=2, show_spinner=False)
def _for_live(folder: Path, stamp: int) -> "LetterRecognizer":
    return _load(folder, stamp).for_live()
