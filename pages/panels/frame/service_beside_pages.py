"""The HTTP service in the dashboard's process: it reads with the recognizer of the pages."""

import os
from typing import TYPE_CHECKING

from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core.service.http_service import HttpService, create_service
from asl_core.service.settings import ServiceSettings

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer

MODEL_VARIABLE = "ASL_SERVICE_MODEL"
"""Environment variable that names another run than the shipped one."""


def service_beside_pages() -> HttpService:
    """Put the service together; its model is loaded at its first request.

    Raises:
        SettingsError: an environment variable has a value that is not allowed.
    """
    return create_service(ServiceSettings.from_environment(), _open_recognizer)


def _open_recognizer() -> "LetterRecognizer":
    # Late: the dashboard starts without torch, and many visitors never need it.
    from pages.panels.frame.shared_recognizer import shared_recognizer

    return shared_recognizer(named_run(os.environ.get(MODEL_VARIABLE) or SHIPPED_RUN).folder)
