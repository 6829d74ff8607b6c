"""Keeps the start-up messages of C++ libraries off the terminal and out of JSON output."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from asl_core.errors import SettingsError

LIBRARY_LOGS_VARIABLE = "ASL_LIBRARY_LOGS"
"""Environment variable: 1 shows what C++ libraries log, 0 or nothing hides it."""

_STDOUT, _STDERR = 1, 2


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Discard what C++ code writes to stdout and stderr; Python's own prints still arrive.

    MediaPipe and TensorFlow Lite write a dozen lines at their start and know no switch for it.
    LIBRARY_LOGS_VARIABLE shows them. Works on the whole process, so it is for commands and not for
    the app.

    Raises:
        SettingsError: the variable is neither 0 nor 1.
    """
    if _are_shown():
        yield
        return
    with contextlib.ExitStack() as stack:
        stack.enter_context(_diverted(_STDOUT, "stdout"))
        stack.enter_context(_diverted(_STDERR, "stderr"))
        yield


def _are_shown() -> bool:
    value = os.environ.get(LIBRARY_LOGS_VARIABLE, "").strip() or "0"
    if value not in ("0", "1"):
        raise SettingsError(f"{LIBRARY_LOGS_VARIABLE} is {value!r}; allowed are 0 and 1.")
    return value == "1"


@contextlib.contextmanager
def _diverted(descriptor: int, stream_name: str) -> Iterator[None]:
    stream: TextIO = getattr(sys, stream_name)
    stream.flush()
    kept = os.dup(descriptor)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    own: TextIO | None = None
    if _writes_to(stream, descriptor):
        own = os.fdopen(kept, "w", encoding=stream.encoding, errors=stream.errors, closefd=False)
        setattr(sys, stream_name, own)
    try:
        yield
    finally:
        os.dup2(kept, descriptor)
        if own is not None:
            setattr(sys, stream_name, stream)
            own.flush()
        os.close(kept)


def _writes_to(stream: TextIO, descriptor: int) -> bool:
    try:
        return stream.fileno() == descriptor
    except (OSError, ValueError):  # a test's or notebook's stream has no descriptor
        return False
