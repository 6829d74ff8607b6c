"""Reads and writes the JSON files of a run: complete or absent, and without NaN."""

import json
from pathlib import Path
from typing import Any, NoReturn

from asl_core.errors import RunError


def write_json(path: Path, values: Any, compact: bool = False) -> None:
    """Write `values` to a temporary file and rename it, so that no reader sees half of it.

    Raises:
        ValueError: a number is NaN or infinite, which JSON does not know.
        RunError: the file cannot be written.
    """
    layout: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 2}
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, **layout)
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror or error}.") from None


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        RunError: the file is missing, is not JSON, holds NaN or an infinity, or no object.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except OSError:
        raise RunError(f"{path.parent.name} has no {path.name}.") from None
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path.parent.name}/{path.name} is not JSON: {error}.") from None
    if not isinstance(values, dict):
        raise RunError(f"{path.parent.name}/{path.name} holds no JSON object.")
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")
