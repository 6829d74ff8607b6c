"""Checks at a server's start what reading asks of the environment later."""

import os
from collections.abc import Mapping
from pathlib import Path

from asl_core.errors import SettingsError
from asl_core.letters.network_form import asked_form
from asl_core.records.training_run import MODELS_VARIABLE, RUNS_VARIABLE


def check_environment(environment: Mapping[str, str] = os.environ) -> None:
    """Refuse wrong values of the variables that every server reads.

    Those of ServiceSettings and LogSettings are checked where these are read.

    Raises:
        SettingsError: a value is wrong; the sentence names it.
    """
    require_folder(MODELS_VARIABLE, environment)
    runs = environment.get(RUNS_VARIABLE, "")
    # The first training makes the folder, so it may be missing.
    if runs and Path(runs).exists():
        require_folder(RUNS_VARIABLE, environment)
    asked_form(environment)


def require_folder(variable: str, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse a variable that is set, and to something else than a folder.

    Raises:
        SettingsError: there is no such folder.
    """
    value = environment.get(variable, "")
    if value and not Path(value).is_dir():
        raise SettingsError(f"{variable} is {value!r}, which is no folder.")
