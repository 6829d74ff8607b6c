import hashlib
import struct
import subprocess
import zipfile

import pytest

from asl_core.errors import ModelFileError
from asl_core.hands import landmarker_model
from asl_core.hands.landmarker_model import (
    LANDMARKER_PATH,
    LANDMARKER_SHA256,
    build_landmarker,
    landmarker_path,
)

# Odd lengths, so that the second network is aligned only if the build sees to it.
NETWORKS = {"palm.tflite": b"palm network " * 7, "marks.tflite": b"landmark network " * 9}


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel with two small networks, which the build is told to expect."""
    path = tmp_path / "mediapipe-0.10.21-fake.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in NETWORKS.items():
            archive.writestr(f"mediapipe/{name}", content)
    parts = tuple(
        (target, f"mediapipe/{name}", hashlib.sha256(content).hexdigest())
        for target, (name, content) in zip(
            ("hand_detector.tflite", "hand_landmarks_detector.tflite"),
            NETWORKS.items(),
            strict=True,
        )
    )
    monkeypatch.setattr(landmarker_model, "_PARTS", parts)
    return path


def data_offset(path, entry):
    with path.open("rb") as file:
        file.seek(entry.header_offset)
        header = file.read(30)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    return entry.header_offset + 30 + name_length + extra_length


def test_build_packs_both_networks_uncompressed_and_aligned(tmp_path, wheel):
    target = tmp_path / "models" / "hand_landmarker.task"
    digest = build_landmarker(target, wheel)
    assert digest == hashlib.sha256(target.read_bytes()).hexdigest()
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
        contents = [archive.read(entry) for entry in entries]
    assert [e.filename for e in entries] == [
        "hand_detector.tflite",
        "hand_landmarks_detector.tflite",
    ]
    assert contents == list(NETWORKS.values())
    for entry, content in zip(entries, contents, strict=True):
        assert entry.compress_type == zipfile.ZIP_STORED
        offset = data_offset(target, entry)
        assert offset % 4 == 0
        assert target.read_bytes()[offset : offset + len(content)] == content
    assert list(target.parent.iterdir()) == [target]


def test_build_gives_the_same_bytes_each_time(tmp_path, wheel):
    first = build_landmarker(tmp_path / "one.task", wheel)
    assert first == build_landmarker(tmp_path / "two.task", wheel)


def test_build_refuses_another_network(tmp_path, wheel, monkeypatch):
    target, inner, _ = landmarker_model._PARTS[1]
    wrong = (landmarker_model._PARTS[0], (target, inner, "0" * 64))
    monkeypatch.setattr(landmarker_model, "_PARTS", wrong)
    with pytest.raises(ModelFileError, match=r"marks\.tflite in .* is not the expected network"):
        build_landmarker(tmp_path / "x.task", wheel)
    assert not (tmp_path / "x.task").exists()


@pytest.mark.parametrize("content", [b"no zip at all", b""], ids=["text", "empty"])
def test_build_refuses_a_file_that_is_no_wheel(tmp_path, content):
    path = tmp_path / "broken.whl"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"broken\.whl holds no mediapipe/"):
        build_landmarker(tmp_path / "x.task", path)


def test_build_refuses_a_wheel_without_the_networks(tmp_path):
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other/readme", "hello")
    with pytest.raises(ModelFileError, match=r"other\.whl holds no mediapipe/"):
        build_landmarker(tmp_path / "x.task", path)


def test_build_says_why_the_wheel_cannot_be_downloaded(tmp_path, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "looking\nERROR: No matching distribution\n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(ModelFileError, match=r"could not be downloaded: ERROR: No matching"):
        build_landmarker(tmp_path / "x.task")


def test_build_says_where_it_cannot_write(tmp_path, wheel):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match="cannot be written"):
        build_landmarker(tmp_path / "file" / "x.task", wheel)


def test_a_missing_file_says_how_to_get_it(tmp_path):
    with pytest.raises(ModelFileError, match=r"models build-landmarker$"):
        landmarker_path(tmp_path / "hand_landmarker.task")


def test_an_altered_file_is_refused_and_says_how_to_get_it(tmp_path):
    content = bytearray(LANDMARKER_PATH.read_bytes())
    content[len(content) // 2] ^= 1
    altered = tmp_path / "hand_landmarker.task"
    altered.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"was altered .* models build-landmarker$"):
        landmarker_path(altered)


def test_the_committed_file_is_the_expected_one():
    assert landmarker_path() == LANDMARKER_PATH
    assert hashlib.sha256(LANDMARKER_PATH.read_bytes()).hexdigest() == LANDMARKER_SHA256
