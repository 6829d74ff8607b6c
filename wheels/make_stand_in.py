"""Writes the wheel that stands in for `opencv-contrib-python` beside the headless OpenCV.

MediaPipe asks for OpenCV's build with windows, which needs libGL and libxcb of the system, and pip
cannot leave a dependency out. requirements.txt pins this empty distribution in its place; the
`cv2` that is imported is that of opencv-python-headless.

    python wheels/make_stand_in.py

The same bytes come out each time.
"""

import base64
import hashlib
import re
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "opencv_contrib_python"
HEADLESS = "opencv-python-headless"
_OLDEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def headless_version() -> str:
    """Return the version of the headless build that requirements.in pins."""
    pinned = re.search(rf"^{HEADLESS}==(\S+)", (ROOT / "requirements.in").read_text("utf-8"), re.M)
    if pinned is None:
        raise SystemExit(f"requirements.in pins no {HEADLESS}.")
    return pinned[1]


def write_wheel(folder: Path) -> Path:
    """Write the wheel into a folder and return its path."""
    version = f"{headless_version()}+headless"
    metadata = (
        f"Metadata-Version: 2.1\nName: opencv-contrib-python\nVersion: {version}\n"
        f"Summary: Empty: the cv2 of {HEADLESS} stands in\n"
        f"Requires-Dist: {HEADLESS}=={headless_version()}\n"
    )
    wheel = (
        "Wheel-Version: 1.0\nGenerator: make_stand_in\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    info = f"{NAME}-{version}.dist-info"
    files = {f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel}
    record = "".join(f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    path = folder / f"{NAME}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _OLDEST_ZIP_TIME), text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


if __name__ == "__main__":
    print(write_wheel(Path(__file__).parent))
