"""Which form of a run's networks a person asks for; without ONNX Runtime, to be checked early."""

import os
from collections.abc import Mapping

from asl_core.errors import SettingsError
from asl_core.records.serving_record import FORMS

FORM_VARIABLE = "ASL_NETWORK_FORM"
"""Environment variable that names the form to read with: "int8", "float32" or "torch"."""

TORCH = "torch"


def asked_form(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the form that FORM_VARIABLE asks for, None where it is left to the processor.

    Raises:
        SettingsError: it names no form.
    """
    asked = environment.get(FORM_VARIABLE) or None
    if asked not in (None, TORCH, *FORMS):
        known = ", ".join((*FORMS, TORCH))
        raise SettingsError(f"{FORM_VARIABLE} is {asked!r}, allowed are: {known}.")
    return asked
