"""Definitions of the figures in records: each stands in its field and is shown where the figure is.

They are data, not docstrings: `python -OO` removes docstrings.
"""

from dataclasses import fields
from typing import Any

_KEY = "description"


def defined_as(text: str) -> dict[str, str]:
    """Return the metadata of a dataclass field whose figure `text` defines, in full sentences."""
    return {_KEY: text}


def definition(record: type[Any], name: str) -> str:
    """Return the definition of one field of a dataclass.

    Raises:
        LookupError: the record has no such field, or its field has no definition.
    """
    known = definitions(record)
    if name not in known:
        raise LookupError(f"{record.__name__} does not define {name!r}.")
    return known[name]


def definitions(record: type[Any]) -> dict[str, str]:
    """Return the fields of a dataclass that have a definition, in their order."""
    return {field.name: field.metadata[_KEY] for field in fields(record) if _KEY in field.metadata}
