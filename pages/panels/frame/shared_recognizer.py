"""One recognizer for the whole process, whoever looks at which page."""

from pathlib import Path

import streamlit as st

from asl_core.errors import ModelFileError
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.records.training_run import MODEL_FILE


def shared_recognizer(folder: Path) -> LetterRecognizer:
    """Give the recognizer of a run folder; loaded once, and again when its files change.

    Raises:
        ModelFileError: a file of the model is missing, altered, or does not fit.
    """
    return _load(folder, model_stamp(folder))


def shared_live_recognizer(folder: Path) -> LetterRecognizer:
    """Give the same recognizer as it reads video; made once for all visitors.

    Raises:
        ModelFileError: see `shared_recognizer`.
    """
    return _for_live(folder, model_stamp(folder))


def model_stamp(folder: Path) -> int:
    """Tell one state of a model from another: the time in ns at which `model.json` was written.

    Raises:
        ModelFileError: there is no `model.json`.
    """
    try:
        return (folder / MODEL_FILE).stat().st_mtime_ns
    except OSError:
        raise ModelFileError(f"{folder.name} has no {MODEL_FILE}.") from None


@st.cache_resource(max_entries=2, show_spinner=False)
def _load(folder: Path, stamp: int) -> LetterRecognizer:
    del stamp  # another stamp is another cache entry
    return LetterRecognizer.load(folder)


@st.cache_resource(max_entries=2, show_spinner=False)
def _for_live(folder: Path, stamp: int) -> LetterRecognizer:
    return _load(folder, stamp).for_live()
