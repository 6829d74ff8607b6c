"""`python -m asl_core app`: opens the dashboard, from a checkout or an installed package."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from asl_core.errors import SettingsError
from asl_core.folders import APP_SCRIPT

ARENAS = {"MALLOC_ARENA_MAX": "1"}
"""Each thread's own store of freed memory would stay with the process and grow with every reconnect
of a camera (docs/live.md)."""


def app(context: typer.Context) -> None:
    """Open the dashboard in the browser.

    What follows goes to `streamlit run`, such as `--server.port 8501` or `--server.headless true`.

    For example:

        python -m asl_core app --server.port 8502
    """
    arguments, environment = _start(APP_SCRIPT, context.args)
    if os.name == "posix":
        # In the place of this process, so that a signal that ends it reaches the dashboard.
        os.execve(arguments[0], arguments, environment)
    raise typer.Exit(subprocess.call(arguments, env=environment))


def _start(script: Path, more: list[str]) -> tuple[list[str], dict[str, str]]:
    if not script.is_file():
        raise SettingsError(f"{script} is missing; start the dashboard from a checkout.")
    arguments = [sys.executable, "-m", "streamlit", "run", str(script), *more]
    return arguments, {**ARENAS, **os.environ}
