"""Fetches the pinned libraries for browsers from the npm registry, by npm itself."""

import gzip
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from asl_core.errors import ModelFileError
from asl_core.records.web_libraries import LIBRARIES_FOLDER, LibraryFile, web_libraries

_ROOT = "package"  # every npm package lies in this folder of its archive


def fetch_libraries(tell: Callable[[str], None], folder: Path = LIBRARIES_FOLDER) -> None:
    """Fetch each pinned package by npm and keep its pinned files, gzipped, in `folder`.

    Raises:
        ModelFileError: npm is not installed or fails, or a file is not the pinned one.
    """
    if shutil.which("npm") is None:
        raise ModelFileError("npm is not installed; get it with: apt-get install npm")
    libraries = web_libraries()
    with tempfile.TemporaryDirectory() as place:
        for name, version in libraries.packages:
            tell(f"Fetching {name} {version} ...")
            archive = _fetched(f"{name}@{version}", Path(place))
            for file in libraries.files:
                if (file.package, file.version) == (name, version):
                    keep_file(archive, file, folder)


def keep_file(archive: Path, file: LibraryFile, folder: Path) -> None:
    """Take a pinned file out of a package's archive and keep it gzipped in `folder`.

    Raises:
        ModelFileError: the archive lacks it, or it is another one than pinned.
    """
    try:
        with tarfile.open(archive) as packed:
            member = packed.extractfile(f"{_ROOT}/{file.path}")
            content = member.read() if member is not None else b""
    except (OSError, KeyError, tarfile.TarError) as error:
        raise ModelFileError(f"{archive.name} holds no {file.path}: {error}") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != file.sha256:
        raise ModelFileError(
            f"{file.path} of {file.package} {file.version} has SHA-256 {digest[:12]}…, "
            f"pinned is {file.sha256[:12]}…; nothing was changed."
        )
    partial = folder / f"{file.kept_name}.partial"
    # Without a time in it, the same content gives the same bytes.
    partial.write_bytes(gzip.compress(content, 9, mtime=0))
    partial.replace(folder / file.kept_name)


def _fetched(package: str, place: Path) -> Path:
    command = ["npm", "pack", "--silent", package]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    name = (done.stdout.strip().splitlines() or [""])[-1]
    if done.returncode != 0 or not (place / name).is_file():
        reason = (done.stderr.strip().splitlines() or ["no archive came"])[-1]
        raise ModelFileError(f"npm could not fetch {package}: {reason}")
    return place / name
