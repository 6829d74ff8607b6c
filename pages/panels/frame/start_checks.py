"""Checks the dashboard's environment when its server starts, before anyone opens a page."""

import os

from asl_core.errors import RunError, SettingsError
from asl_core.folders import PHOTOS_VARIABLE
from asl_core.records.training_run import named_run
from asl_core.service.environment import check_environment, require_folder
from asl_core.service.settings import ServiceSettings
from pages.panels.frame.shared_recognizer import MODEL_VARIABLE
from pages.panels.live.camera.ice_servers import servers_from_environment
from pages.panels.live.camera.sources import first_source


def check_settings() -> None:
    """Refuse wrong values of every variable that pages and service read.

    Those of the log are checked where they are read, at the start too.

    Raises:
        SettingsError: a value is wrong; the sentence names it.
    """
    check_environment()
    ServiceSettings.from_environment()
    require_folder(PHOTOS_VARIABLE)
    servers_from_environment(os.environ)
    first_source(None)
    name = os.environ.get(MODEL_VARIABLE)
    if name:
        try:
            named_run(name)
        except RunError as error:
            raise SettingsError(f"{MODEL_VARIABLE} is {name!r}: {error}") from None
