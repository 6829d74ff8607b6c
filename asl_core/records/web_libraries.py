"""The two libraries that browsers need, pinned by version and SHA-256 and kept gzipped."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from asl_core.errors import ModelFileError, RunError
from asl_core.folders import PACKAGE
from asl_core.records.json_file import JsonRecord

LIBRARIES_FOLDER = PACKAGE / "service" / "web_libraries"
LIBRARIES_FILE = "libraries.json"
FETCH_COMMAND = "python -m asl_core models web-libraries"


@dataclass(frozen=True)
class LibraryFile:
    """A file of an npm package: `path` in it, its size in bytes and its SHA-256.

    `part` is what the browser's code calls it.
    """

    part: str
    package: str
    version: str
    path: str
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]

    @property
    def kept_name(self) -> str:
        """Its name in LIBRARIES_FOLDER."""
        return f"{self.name}.gz"


@dataclass(frozen=True)
class WebLibraries(JsonRecord):
    """What `libraries.json` holds."""

    files: tuple[LibraryFile, ...]
    schema_version: int = 1

    @property
    def packages(self) -> tuple[tuple[str, str], ...]:
        """Name and version of each npm package."""
        return tuple(dict.fromkeys((file.package, file.version) for file in self.files))


@cache
def web_libraries() -> WebLibraries:
    """Read the pins.

    Raises:
        ModelFileError: they are missing or broken.
    """
    try:
        return WebLibraries.load(LIBRARIES_FOLDER / LIBRARIES_FILE)
    except RunError as error:
        raise ModelFileError(str(error)) from None


def library_content(file: LibraryFile, folder: Path = LIBRARIES_FOLDER) -> bytes:
    """Read a kept file as it is kept, gzipped, after comparing its SHA-256.

    Raises:
        ModelFileError: it is missing or altered.
    """
    try:
        kept = (folder / file.kept_name).read_bytes()
    except OSError:
        raise ModelFileError(
            f"{file.name} of {file.package} is missing; fetch it with: {FETCH_COMMAND}"
        ) from None
    try:
        digest = hashlib.sha256(gzip.decompress(kept)).hexdigest()
    except (OSError, EOFError, zlib.error):
        digest = "not gzip"
    if digest != file.sha256:
        raise ModelFileError(
            f"{file.kept_name} was altered (SHA-256 {digest[:12]}…, expected "
            f"{file.sha256[:12]}…); fetch it again with: {FETCH_COMMAND}"
        )
    return kept
