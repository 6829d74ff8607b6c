"""What every report has in common: one dataclass of plain values, one JSON file."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Self

from asl_core.errors import RunError
from asl_core.records.json_file import read_json, write_json
from asl_core.records.plain_values import build


@dataclass(frozen=True)
class JsonRecord:
    """A frozen dataclass whose fields `plain_values.build` knows.

    Where a record has a field `schema_version`, its default is the only version that is read.
    """

    is_compact: ClassVar[bool] = False
    """Whether the file has no line breaks, for records of many rows."""

    def save(self, path: Path) -> None:
        """Write the record as JSON, one file, complete or absent.

        Raises:
            RunError: the file cannot be written.
        """
        write_json(path, asdict(self), compact=self.is_compact)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a record back.

        Raises:
            RunError: the file is missing, of another schema, or a field is missing or broken.
        """
        values = read_json(path)
        place = f"{path.parent.name}/{path.name}"
        expected, version = getattr(cls, "schema_version", None), values.get("schema_version")
        if version != expected:
            raise RunError(f"{place} has schema {version!r}, expected {expected}.")
        try:
            return build(cls, values)
        except ValueError as error:
            raise RunError(f"{place} is broken: {error}.") from None
