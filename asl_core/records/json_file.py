"""The JSON files of a run: written whole or not at all, without NaN, and validated when read."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from asl_core.errors import ModelFileError, RunError, SettingsError

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

Built = TypeVar("Built")

_LONGEST_VALUE = 40

_EXPECTED = {
    "dataclass_type": "an object",
    "dict_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a finite number",
    "finite_number": "a finite number",
}
"""pydantic's name of an error -> what the value should have been."""


class BrokenValueError(ValueError):
    """A value is not what its field takes; the message is one clause that names the field."""


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
    return _parsed(_content(path), _place(path), parse_constant=_refuse_constant)


def read_model_file(
    path: Path, expected: Mapping[str, Any], settings: type[Built]
) -> tuple[dict[str, Any], Built]:
    """Read the JSON that makes a folder a model; return its values and its `settings` as built.

    Raises:
        ModelFileError: the file is missing or broken, or a value differs from the `expected` one of
            the same name, such as the schema's version.
    """
    where = _place(path)
    try:
        values = read_json(path)
    except RunError as error:
        raise ModelFileError(str(error)) from None
    for name, value in expected.items():
        if values.get(name) != value:
            raise ModelFileError(f"{where} has {name} {values.get(name)!r}, expected {value!r}.")
    try:
        return values, build(settings, values.get("settings"))
    except (ValueError, SettingsError) as error:
        raise ModelFileError(f"{where} has wrong settings: {str(error).rstrip('.')}.") from None


def build(kind: type[Built], values: Any) -> Built:
    """Build the dataclass `kind` from parsed JSON by the rules of `JsonRecord`.

    Raises:
        BrokenValueError: a field is missing, unknown or of another type, or the dataclass itself
            refuses the values.
    """
    # Through text: only in JSON does strict validation take a list for a tuple.
    return _validated(kind, json.dumps(values))


@dataclass(frozen=True)
class JsonRecord:
    """A frozen dataclass of plain values that is one JSON file.

    A field must have exactly the type of its annotation, but a whole number is taken for a float
    and a list for a tuple. Floats are finite, and unknown fields are refused. Where a record has a
    field `schema_version`, its default is the only version that is read.
    """

    is_compact: ClassVar[bool] = False
    """Whether the file has no line breaks, for records of many rows."""

    def save(self, path: Path) -> None:
        """Write the record as JSON, whole or not at all.

        Raises:
            ValueError: a number is NaN or infinite.
            RunError: the file cannot be written.
        """
        write_json(path, asdict(self), compact=self.is_compact)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a record back.

        Raises:
            RunError: the file is missing, of another schema, or a field is missing or broken.
        """
        return cls.parse(_content(path), _place(path))

    @classmethod
    def parse(cls, content: bytes, place: str) -> Self:
        """Read a record from the `content` of a file; `place` names it in messages.

        Raises:
            RunError: it is of another schema, or a field is missing or broken.
        """
        try:
            record = _validated(cls, content)
        except BrokenValueError as error:
            # Another version is the better reason, where that is why a field does not fit.
            cls._require_version(content, place)
            raise RunError(f"{place} is broken: {error}.") from None
        # Parsing twice would take half as long again; absent, the field has its default.
        if getattr(record, "schema_version", None) != getattr(cls, "schema_version", None) or (
            b'"schema_version"' not in content
        ):
            cls._require_version(content, place)
        return record

    @classmethod
    def _require_version(cls, content: bytes, place: str) -> None:
        values = _parsed(content, place)
        expected, version = getattr(cls, "schema_version", None), values.get("schema_version")
        if version != expected:
            raise RunError(f"{place} has schema {version!r}, expected {expected}.")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise RunError(f"{path.parent.name} has no {path.name}.") from None


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _parsed(
    content: bytes, place: str, parse_constant: Callable[[str], Any] | None = None
) -> dict[str, Any]:
    try:
        values = json.loads(content, parse_constant=parse_constant)
    except (ValueError, RecursionError) as error:
        raise RunError(f"{place} is not JSON: {error}.") from None
    if not isinstance(values, dict):
        raise RunError(f"{place} holds no JSON object.")
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


# pydantic is imported by the functions that need it: it takes longer than `asl --help` does.


@cache
def _adapter(kind: Any) -> "TypeAdapter[Any]":
    from pydantic import ConfigDict, TypeAdapter, with_config

    # A plain dataclass takes the rules of the one that holds it, so the outermost names them.
    rules = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    return TypeAdapter(with_config(rules)(kind))


def _validated(kind: type[Built], content: str | bytes) -> Built:
    from pydantic import ValidationError

    hashable: Any = kind
    try:
        built: Built = _adapter(hashable).validate_json(content)
    except ValidationError as error:
        raise BrokenValueError(_sentence(error)) from None
    return built


def _sentence(error: "ValidationError") -> str:
    """Put the first of pydantic's errors into one clause: the field, its value, what it takes."""
    errors: Sequence[Mapping[str, Any]] = error.errors(include_url=False)
    first = errors[0]
    kind, place, value = first["type"], _dotted(first["loc"]), first["input"]
    if kind == "value_error":
        return str(first["ctx"]["error"])
    if kind in ("missing", "too_long") and isinstance(value, list):
        return f"{_dotted(_list_of(first))} has {len(value)} entries, not {_length(errors)}"
    if kind == "missing":
        return f"{place} is missing"
    if kind == "unexpected_keyword_argument":
        return f"{place} is not known"
    expected = f"not {_EXPECTED[kind]}" if kind in _EXPECTED else first["msg"]
    return f"{place} is {_shown(value)}, {expected}".strip()


def _list_of(error: Mapping[str, Any]) -> Sequence[int | str]:
    """Return the place of the list that has too few or too many entries."""
    place: tuple[int | str, ...] = error["loc"]
    return place[:-1] if error["type"] == "missing" else place


def _length(errors: Sequence[Mapping[str, Any]]) -> int:
    """Return how many entries the list of the first error should have."""
    if errors[0]["type"] == "too_long":
        return int(errors[0]["ctx"]["max_length"])
    # Of a list that is too short, each absent entry is a separate error.
    own = [e for e in errors if e["type"] == "missing" and _list_of(e) == _list_of(errors[0])]
    return max(int(e["loc"][-1]) for e in own) + 1


def _dotted(place: Sequence[int | str]) -> str:
    """Write a place as in `photos[2].top`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(parts).removeprefix(".")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
