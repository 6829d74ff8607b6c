"""Builds and verifies `models/hand_landmarker.task`, the model file of MediaPipe's HandLandmarker.

MediaPipe 1.x ships no model. The official task file is an uncompressed zip of two TensorFlow Lite
networks that the mediapipe 0.10.21 wheel carries (Apache-2.0), so it is put together from there.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from asl_core.errors import ModelFileError
from asl_core.folders import MODELS_FOLDER

LANDMARKER_PATH = MODELS_FOLDER / "hand_landmarker.task"
LANDMARKER_SHA256 = "7462e38bc4b5eb36699bb7f406e28e9768e70b0b073e0cf8a8da419ea4b8fa02"
"""SHA-256 of the file that `build_landmarker` writes; the build is reproducible to the byte."""

BUILD_COMMAND = "python -m asl_core models build-landmarker"

_WHEEL = "mediapipe==0.10.21"
_PARTS: tuple[tuple[str, str, str], ...] = (
    (
        "hand_detector.tflite",
        "mediapipe/modules/palm_detection/palm_detection_full.tflite",
        "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
    ),
    (
        "hand_landmarks_detector.tflite",
        "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
        "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
    ),
)
_ALIGNMENT = 4
_LOCAL_HEADER_BYTES = 30
_PADDING_FIELD = (0xD935).to_bytes(2, "little")  # the id that Android's zipalign pads with


def landmarker_path(path: Path = LANDMARKER_PATH) -> Path:
    """Verify the task file and return its path.

    Raises:
        ModelFileError: the file is missing or its SHA-256 is not LANDMARKER_SHA256.
    """
    if not path.is_file():
        raise ModelFileError(
            f"{path.name} is missing in {path.parent}; build it with: {BUILD_COMMAND}"
        )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != LANDMARKER_SHA256:
        raise ModelFileError(
            f"{path.name} was altered (SHA-256 {digest[:12]}…, expected "
            f"{LANDMARKER_SHA256[:12]}…); build it again with: {BUILD_COMMAND}"
        )
    return path


def build_landmarker(target: Path = LANDMARKER_PATH, wheel: Path | None = None) -> str:
    """Write the task file from the mediapipe 0.10.21 wheel and return its SHA-256.

    Without `wheel` the wheel is downloaded by pip into a temporary folder.

    Raises:
        ModelFileError: the wheel cannot be downloaded, its networks are not the expected ones, or
            `target` cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = wheel or _download_wheel(Path(folder))
        parts = [(name, _read_part(source, inner, digest)) for name, inner, digest in _PARTS]
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_aligned_zip(partial, parts)
        partial.replace(target)
    except OSError as error:
        raise ModelFileError(f"{target} cannot be written: {error.strerror}") from None
    return hashlib.sha256(target.read_bytes()).hexdigest()


def _write_aligned_zip(path: Path, parts: list[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # TensorFlow Lite maps the network in place and needs its first byte aligned.
            header_end = archive.start_dir + _LOCAL_HEADER_BYTES + len(name)
            fill = -(header_end + 4) % _ALIGNMENT
            entry.extra = _PADDING_FIELD + fill.to_bytes(2, "little") + bytes(fill)
            archive.writestr(entry, content)


def _download_wheel(folder: Path) -> Path:
    # The wheel is only a container here, so it may be one for another Python or platform.
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
    ]
    command += ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"]
    finished = subprocess.run(
        [*command, "--dest", str(folder), _WHEEL], capture_output=True, text=True, check=False
    )
    wheels = sorted(folder.glob("mediapipe-*.whl"))
    if finished.returncode != 0 or not wheels:
        reason = (finished.stderr.strip().splitlines() or ["no wheel came"])[-1]
        raise ModelFileError(f"{_WHEEL} could not be downloaded: {reason}")
    return wheels[0]


def _read_part(wheel: Path, inner: str, expected: str) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(inner)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelFileError(f"{wheel.name} holds no {inner}: {error}") from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelFileError(f"{inner} in {wheel.name} is not the expected network")
    return content
