"""The process's log lines: JSON for machines or text for a person, on stderr.

A line tells what happened, when, and to which request. Pictures, query strings, bodies and the
addresses of visitors are in none.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal, Self, TextIO

from asl_core.errors import SettingsError

FORMAT_VARIABLE = "ASL_LOG_FORMAT"
"""Environment variable: "json" or "text"; by default text on a terminal, else JSON."""

LEVEL_VARIABLE = "ASL_LOG_LEVEL"
"""Environment variable that names the least severe of LEVELS that is written."""

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
PACKAGES = ("asl_core", "pages")
"""The loggers that are ours."""

LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]
Value = str | int | float | bool | None

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)
"""Id of the request that is being answered; lines that are written meanwhile carry it."""

_FIELDS = "event_fields"
_NO_FIELDS: Mapping[str, Value] = MappingProxyType({})
_PLAIN = re.compile(r"[\w./:{}+-]+")


@dataclass(frozen=True)
class LogSettings:
    """How lines are written, and the least severe level that is."""

    format: LogFormat = "json"
    level: LogLevel = "info"

    @classmethod
    def from_environment(
        cls, is_terminal: bool | None = None, environment: Mapping[str, str] = os.environ
    ) -> Self:
        """Read FORMAT_VARIABLE and LEVEL_VARIABLE.

        `is_terminal` tells whether a person reads along; by default it is asked of stderr.

        Raises:
            SettingsError: one of them has a value that is not allowed.
        """
        if is_terminal is None:
            is_terminal = sys.stderr.isatty()
        return cls(
            format=_one_of(
                FORMATS, FORMAT_VARIABLE, environment, "text" if is_terminal else "json"
            ),
            level=_one_of(LEVELS, LEVEL_VARIABLE, environment, "info"),
        )


def set_up_logs(settings: LogSettings, whole_process: bool) -> None:
    """Write the lines of this package to stderr; a later call replaces an earlier one.

    With `whole_process` warnings of libraries come in the same form; without it, as beside
    Streamlit, only this package's own loggers are touched.
    """
    handler = StderrLines()
    handler.setFormatter(JsonLines() if settings.format == "json" else TextLines())
    root = logging.getLogger()
    for logger in (root, *map(logging.getLogger, PACKAGES)):
        for old in [own for own in logger.handlers if isinstance(own, StderrLines)]:
            logger.removeHandler(old)
    for logger in map(logging.getLogger, PACKAGES):
        logger.setLevel(settings.level.upper())
        logger.propagate = whole_process
        if not whole_process:
            logger.addHandler(handler)
    if whole_process:
        root.addHandler(handler)


def log_event(
    log: logging.Logger,
    level: int,
    event: str,
    error: BaseException | None = None,
    **fields: Value,
) -> None:
    """Write a line about an event of a name in lower case; fields that are None are left out.

    `error` adds its class and traceback.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    log.log(level, event, exc_info=error, extra={_FIELDS: given})


class StderrLines(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is at each line, as commands divert it for a while."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Where the next line goes."""
        return sys.stderr


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object on one line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of a record that is no event, the sentence is its `message`."""
        fields = _fields_of(record)
        values: dict[str, Any] = {
            "time": _time_of(record),
            "level": record.levelname.lower(),
            "event": record.getMessage() if fields is not None else "message",
            "logger": record.name,
        }
        if fields is None:
            values["message"] = record.getMessage()
        if (request_id := current_request_id.get()) is not None:
            values["request_id"] = request_id
        values |= fields or _NO_FIELDS
        if record.exc_info and record.exc_info[1] is not None:
            values["error"] = type(record.exc_info[1]).__name__
            values["traceback"] = self.formatException(record.exc_info)
        return json.dumps(values, default=str)


class TextLines(logging.Formatter):
    """Formats a record as a line for a person, with a traceback below where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, event or sentence, and `name=value` for each field."""
        fields = dict(_fields_of(record) or _NO_FIELDS)
        if (request_id := current_request_id.get()) is not None:
            fields = {"request_id": request_id, **fields}
        told = [f"{name}={_shown(value)}" for name, value in fields.items()]
        line = " ".join((_time_of(record), record.levelname, record.getMessage(), *told))
        if record.exc_info and record.exc_info[1] is not None:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


def _fields_of(record: logging.LogRecord) -> Mapping[str, Value] | None:
    fields: Mapping[str, Value] | None = getattr(record, _FIELDS, None)
    return fields


def _time_of(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: Value) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _one_of(
    allowed: tuple[str, ...], variable: str, environment: Mapping[str, str], otherwise: str
) -> Any:
    value = environment.get(variable, "").strip().lower() or otherwise
    if value not in allowed:
        raise SettingsError(f"{variable} is {value!r}; allowed are {', '.join(allowed)}.")
    return value
