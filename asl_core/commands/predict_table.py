"""`predict --engine ray`: reads a folder of any size in many processes and writes a table."""

import functools
from collections.abc import Iterable
from pathlib import Path

import typer

from asl_core.commands.measuring import default_workers, progress_bar
from asl_core.commands.output_place import check_output_file
from asl_core.commands.quiet_libraries import quiet_libraries
from asl_core.errors import SettingsError


def table_place(out: Path | None, **refused: object) -> Path:
    """Check where the table will be written, before any picture is looked for.

    Raises:
        SettingsError: no file is named, its form is not known or it cannot be written; an option
            of `refused` was given, which a table has no place for; Ray is not installed.
    """
    from asl_core.scale.ray_session import require_ray

    require_ray()
    from asl_core.scale.table_parts import check_table_name

    for name, value in refused.items():
        if value:
            option = name.removeprefix("as_").replace("_", "-")
            raise SettingsError(f"--{option} is not possible with --engine ray.")
    if out is None:
        raise SettingsError("--engine ray needs --out FILE.parquet or --out FILE.csv.")
    check_table_name(out)
    check_output_file(out, "--out")
    return out


def write_table(
    pictures: Iterable[tuple[Path, str | None]],
    out: Path,
    run: str,
    device: str | None,
    workers: int | None,
    address: str | None,
    resume: bool,
) -> None:
    """Read the pictures, show a bar, write the table and say what it holds.

    Raises:
        SettingsError: there are parts of a table, and they are not to be gone on with.
        AslError: the model cannot be loaded, or a file not be written.
        typer.Exit: a picture could not be read; the exit status is 1.
    """
    from rich.console import Console

    from asl_core.scale import opening
    from asl_core.scale.bulk import BulkPicture, BulkWork, read_to_table
    from asl_core.scale.ray_spread import RaySpread
    from asl_core.scale.table_parts import TableParts

    parts = TableParts(out)
    if resume and out.exists() and not parts.parts():
        typer.echo(f"{out} is complete; without --resume it is read again.")
        return
    name = opening.travelling_name(run)
    load = functools.partial(opening.open_photo_pipeline, name, device or "cpu", 1)
    work = BulkWork(load, RaySpread(address), workers or default_workers())
    found = [BulkPicture.of(path, error) for path, error in pictures]
    with quiet_libraries(), progress_bar(Console(stderr=True), "Reading") as show:
        done = read_to_table(found, work, parts, opening.job_of(name), resume, show)
    before = f", {done.before} of them before" if done.before else ""
    typer.echo(f"{out}: {done.read + done.before} pictures{before}.")
    if done.errors:
        typer.secho(
            f"{done.errors} could not be read; the column error says why.",
            err=True,
            fg=typer.colors.YELLOW,
        )
        raise typer.Exit(1)
