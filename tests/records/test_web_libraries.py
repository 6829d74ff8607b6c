import gzip
import shutil

import pytest

from asl_core.errors import ModelFileError
from asl_core.records.web_libraries import LIBRARIES_FOLDER, library_content, web_libraries

MOST_BYTES = 30_000_000


def test_every_file_of_both_libraries_is_here_and_as_pinned():
    libraries = web_libraries()
    contents = [library_content(file) for file in libraries.files]
    assert {name for name, _ in libraries.packages} == {
        "@mediapipe/tasks-vision",
        "onnxruntime-web",
    }
    assert sum(len(content) for content in contents) < MOST_BYTES
    assert all(
        len(gzip.decompress(content)) == file.bytes
        for content, file in zip(contents, libraries.files, strict=True)
    )


def test_each_library_has_its_licence_beside_it():
    names = {path.name for path in LIBRARIES_FOLDER.glob("*LICENSE*")}
    assert names == {"mediapipe-LICENSE.txt", "onnxruntime-LICENSE.txt"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "is missing; fetch it with: python -m asl_core models web-libraries"),
        (b"not gzip", "was altered"),
        (gzip.compress(b"another file"), "was altered"),
    ],
    ids=["missing", "damaged", "replaced"],
)
def test_a_file_that_is_not_the_pinned_one_is_told(tmp_path, content, sentence):
    file = web_libraries().files[0]
    if content is not None:
        (tmp_path / file.kept_name).write_bytes(content)
    with pytest.raises(ModelFileError, match=sentence):
        library_content(file, tmp_path)


def test_a_copied_folder_reads_the_same(tmp_path):
    file = min(web_libraries().files, key=lambda file: file.bytes)
    shutil.copy(LIBRARIES_FOLDER / file.kept_name, tmp_path)
    assert library_content(file, tmp_path) == library_content(file)
