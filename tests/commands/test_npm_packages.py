import gzip
import hashlib
import io
import tarfile
from dataclasses import replace

import pytest

from asl_core.commands import npm_packages
from asl_core.errors import ModelFileError
from asl_core.records.web_libraries import LibraryFile

CONTENT = b"export const answer = 42;\n"
FILE = LibraryFile(
    "vision", "@some/lib", "1.0.0", "dist/lib.mjs", 26, hashlib.sha256(CONTENT).hexdigest()
)


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "some-lib-1.0.0.tgz"
    with tarfile.open(path, "w:gz") as packed:
        entry = tarfile.TarInfo("package/dist/lib.mjs")
        entry.size = len(CONTENT)
        packed.addfile(entry, io.BytesIO(CONTENT))
    return path


def test_a_pinned_file_is_kept_gzipped(archive, tmp_path):
    npm_packages.keep_file(archive, FILE, tmp_path)
    assert gzip.decompress((tmp_path / "lib.mjs.gz").read_bytes()) == CONTENT


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (replace(FILE, sha256="0" * 64), "nothing was changed"),
        (replace(FILE, path="dist/other.mjs"), "holds no dist/other.mjs"),
    ],
    ids=["another content", "not in it"],
)
def test_what_is_not_pinned_is_not_kept(archive, tmp_path, file, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        npm_packages.keep_file(archive, file, tmp_path)
    assert not list(tmp_path.glob("*.gz*"))


def test_a_machine_without_npm_is_told_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(npm_packages.shutil, "which", lambda name: None)
    with pytest.raises(ModelFileError, match="apt-get install npm"):
        npm_packages.fetch_libraries(print, tmp_path)
