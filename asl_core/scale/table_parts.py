"""A table that is written in parts, so that a kill loses no finished one, and joined at the end."""

import csv
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from asl_core.errors import RunError, SettingsError
from asl_core.records.json_file import read_json, write_json
from asl_core.records.spreadsheet_cells import no_formula
from asl_core.scale.reading_rows import COLUMNS, ReadingRow

SUFFIXES = (".parquet", ".csv")
FOLDER_ENDING = ".parts"

_JOB_FILE = "job.json"
_TYPES = {str: pa.string(), float: pa.float64(), int: pa.int32(), bool: pa.bool_()}


@dataclass(frozen=True)
class TableJob:
    """What a table is made of; parts of another job are not gone on with.

    `model_digest` is the SHA-256 of the model's weights in hexadecimal.
    """

    model: str
    model_digest: str


class TableParts:
    """The parts of the table that becomes the file `out`, in a folder beside it.

    Each part is written whole or not at all.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out.with_name(out.name + FOLDER_ENDING)

    def begin(self, job: TableJob, resume: bool) -> frozenset[str]:
        """Open the folder for a job, and return the paths whose rows are in it already.

        Raises:
            SettingsError: it holds parts, which only `resume` goes on with; or those of another
                model.
            RunError: it cannot be read or written.
        """
        there = self.parts()
        if there and not resume:
            raise SettingsError(
                f"{self.folder} holds pictures that are read already; go on with --resume, or "
                "delete it."
            )
        kept = self.folder / _JOB_FILE
        if there:
            before = read_json(kept)
            if before != asdict(job):
                raise SettingsError(
                    f"{self.folder} was read with {before.get('model')}, "
                    f"{str(before.get('model_digest'))[:12]}, and not with {job.model}, "
                    f"{job.model_digest[:12]}; delete it to read all again."
                )
        else:
            write_json(kept, asdict(job))
        return frozenset(
            path for part in there for path in _read(part, ["path"])["path"].to_pylist()
        )

    def parts(self) -> list[Path]:
        """List the finished parts in their order."""
        return sorted(self.folder.glob("[0-9]*.parquet"))

    def add(self, rows: Sequence[ReadingRow]) -> None:
        """Write a part, which is there after a kill or a power cut.

        Raises:
            RunError: it cannot be written.
        """
        table = pa.Table.from_pylist([asdict(row) for row in rows], schema=schema())
        number = max((int(part.stem) for part in self.parts()[-1:]), default=0) + 1
        place = self.folder / f"{number:08}.parquet"
        partial = place.with_suffix(".partial")
        try:
            with partial.open("wb") as file:
                pq.write_table(table, file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(place)
        except OSError as error:
            raise RunError(f"{place} cannot be written: {error.strerror or error}.") from None

    def join(self) -> int:
        """Write the parts as one file, a part at a time, and remove them; return the errors.

        Raises:
            RunError: the file cannot be written, or a part cannot be read.
        """
        partial = self.out.with_name(self.out.name + ".partial")
        write = _write_csv if self.out.suffix.lower() == ".csv" else _write_parquet
        try:
            with partial.open("wb") as file:
                errors = write(file, (_read(part) for part in self.parts()))
            partial.replace(self.out)
        except OSError as error:
            raise RunError(f"{self.out} cannot be written: {error.strerror or error}.") from None
        shutil.rmtree(self.folder)
        return errors


def check_table_name(path: Path) -> None:
    """Check that a table's form is known by its ending.

    Raises:
        SettingsError: it is not.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"--out {path} ends in neither {' nor '.join(SUFFIXES)}.")


def schema() -> pa.Schema:
    """Return the columns of the table, those of ReadingRow."""
    hints = get_type_hints(ReadingRow)
    kinds = {field.name: (get_args(hints[field.name]) or (str,))[0] for field in fields(ReadingRow)}
    return pa.schema([(name, _TYPES[kind]) for name, kind in kinds.items()])


def _read(part: Path, columns: list[str] | None = None) -> Any:
    try:
        return pq.read_table(part, columns=columns)
    except (pa.ArrowInvalid, OSError) as error:
        raise RunError(f"{part} is broken ({error}); delete it and --resume.") from None


def _write_parquet(file: IO[bytes], tables: Iterator[Any]) -> int:
    errors = 0
    with pq.ParquetWriter(file, schema()) as writer:
        for table in tables:
            writer.write_table(table)
            errors += len(table) - table["error"].null_count
    return errors


def _write_csv(file: IO[bytes], tables: Iterator[Any]) -> int:
    errors = 0
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for table in tables:
        for row in table.to_pylist():
            writer.writerow([no_formula(row[name]) for name in COLUMNS])
            errors += row["error"] is not None
    text.detach()
    return errors
