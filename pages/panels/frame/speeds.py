"""The speeds of spelling that pages offer: how long a letter is held, or without holds."""

from contextlib import suppress

import streamlit as st

from asl_core.errors import ModelFileError
from asl_core.records.fluent_report import FLUENT_MODEL_FILE
from asl_core.spelling.fluent.model import SHIPPED_FLUENT_MODEL, FluentModel
from asl_core.spelling.fluent.natural_reader import NaturalReader
from asl_core.spelling.fluent.reader import FluentReader
from asl_core.spelling.fluent.words_later import WordsLater
from asl_core.spelling.settings import NATURAL, SPELLING_PRESETS

HOLD_TIMES = "How long a letter is held until it counts: " + ", ".join(
    f"{name.capitalize()} {settings.hold_seconds:g} s"
    for name, settings in SPELLING_PRESETS.items()
)
NATURAL_HELP = (
    "Natural reads letters as people spell them, two to six a second, without holds; lower your "
    "hand between words"
)


def speed_names() -> list[str]:
    """Return the names of the speeds; the natural one only where its model is installed."""
    return [*SPELLING_PRESETS, *([NATURAL] if is_natural_installed() else [])]


def speed_help() -> str:
    """Return what the speeds mean, in full sentences."""
    natural = f" {NATURAL_HELP}." if is_natural_installed() else ""
    return f"{HOLD_TIMES}.{natural}"


def is_natural_installed() -> bool:
    """Whether there is a model of natural spelling."""
    return (SHIPPED_FLUENT_MODEL / FLUENT_MODEL_FILE).is_file()


def natural_reader() -> NaturalReader:
    """Make one visitor's reader around the process's model and words.

    Raises:
        ModelFileError: the model's files are missing or altered.
    """
    return NaturalReader(FluentReader(_shared_model(), _shared_words()))


def load_natural() -> None:
    """Load the process's model of natural spelling and begin with its words, where it is usable."""
    with suppress(ModelFileError):  # told to the visitor who chooses it
        natural_reader()


@st.cache_resource(show_spinner=False)
def _shared_model() -> FluentModel:
    return FluentModel.load()


@st.cache_resource(show_spinner=False)
def _shared_words() -> WordsLater:
    return WordsLater()
