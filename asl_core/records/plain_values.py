"""Builds frozen dataclasses from parsed JSON and says where a value is not what it should be."""

import math
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Built = TypeVar("Built")
_Reader = Callable[[Any], Any]


class BrokenValueError(ValueError):
    """A value has another type than its field; the message names the place of the value."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place} {reason}".strip())
        self.place, self.reason = place, reason

    def below(self, parent: str) -> "BrokenValueError":
        """Give the same error with its place seen from one level up."""
        dot = "." if self.place and not self.place.startswith("[") else ""
        return BrokenValueError(f"{parent}{dot}{self.place}", self.reason)


def build(kind: type[Built], value: Any) -> Built:
    """Build the dataclass `kind` from a JSON object, lists becoming tuples.

    Known field types are str, int, float, bool, other dataclasses, tuples of these, and
    "or None" of each. A whole number is taken for a float, and a float must be finite.

    Raises:
        BrokenValueError: a field is missing, unknown or of another type.
        ValueError: the dataclass itself refuses the values.
    """
    hashable: Any = kind
    built: Built = _reader(hashable)(value)
    return built


@cache
def _reader(kind: Any) -> _Reader:
    """Give the function that reads a `kind`; made once, as a report holds 100,000 values."""
    if is_dataclass(kind):
        return _object_reader(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType) and type(None) in parts and len(parts) == 2:
        inner = _reader(next(part for part in parts if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _tuple_reader(parts)
    return _SCALARS[kind]


def _object_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise BrokenValueError("", f"is {_shown(value)}, not an object")
        for name in needed - value.keys():
            raise BrokenValueError(name, "is missing")
        for name in value.keys() - readers.keys():
            raise BrokenValueError(name, "is not known")
        values = {}
        for name, entry in value.items():
            try:
                values[name] = readers[name](entry)
            except BrokenValueError as error:
                raise error.below(name) from None
        return kind(**values)

    return read


def _tuple_reader(parts: tuple[Any, ...]) -> _Reader:
    is_open = len(parts) == 2 and parts[1] is Ellipsis
    readers = tuple(_reader(part) for part in parts if part is not Ellipsis)

    def read(value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise BrokenValueError("", f"is {_shown(value)}, not a list")
        if not is_open and len(value) != len(readers):
            raise BrokenValueError("", f"has {len(value)} entries, not {len(readers)}")
        each = readers * len(value) if is_open else readers
        entries = []
        for index, (reader, entry) in enumerate(zip(each, value, strict=True)):
            try:
                entries.append(reader(entry))
            except BrokenValueError as error:
                raise error.below(f"[{index}]") from None
        return tuple(entries)

    return read


def _read_float(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise BrokenValueError("", f"is {_shown(value)}, not a finite number")
    return float(value)


def _exactly(kind: type, noun: str) -> _Reader:
    def read(value: Any) -> Any:
        # bool is a subclass of int, so isinstance would take true for 1.
        if type(value) is not kind:
            raise BrokenValueError("", f"is {_shown(value)}, not {noun}")
        return value

    return read


_SCALARS: dict[Any, _Reader] = {
    str: _exactly(str, "a text"),
    int: _exactly(int, "a whole number"),
    bool: _exactly(bool, "true or false"),
    float: _read_float,
}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
