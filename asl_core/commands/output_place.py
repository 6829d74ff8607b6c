"""Checks where a command will write before its work begins, and writes to stdout as to a file."""

import io
import sys
import tempfile
from pathlib import Path

from asl_core.errors import SettingsError


def check_output_file(path: Path, option: str) -> None:
    """Check that a file can be written; one that is there keeps its content.

    Raises:
        SettingsError: it is a folder, its folder is missing, or the place is read-only or full.
    """
    if path.is_dir():
        raise SettingsError(f"{option} {path} is a folder; name the file to write.")
    if not path.parent.is_dir():
        raise SettingsError(f"{option} {path}: the folder {path.parent} does not exist.")
    if path.exists() and not path.is_file():
        return  # a pipe or device, which opening would wake or block
    try:
        is_new = not path.exists()
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except OSError as error:
        raise SettingsError(f"{option} {path} cannot be written: {error.strerror}.") from None


def check_output_folder(path: Path, option: str) -> None:
    """Check that files can be written in a folder, which need not be there yet.

    Raises:
        SettingsError: it or a folder above it is a file, or the place is read-only.
    """
    nearest = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise SettingsError(f"{option} {path}: {nearest} is a file, not a folder.")
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise SettingsError(f"{option} {path} cannot be written: {error.strerror}.") from None


def print_exactly(content: str) -> None:
    """Write to stdout with the line ends that the content has.

    Windows puts a carriage return before each line feed, which would double that of CSV.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")
    sys.stdout.write(content)
    sys.stdout.flush()
