"""Collecting the tests of pages and commands loads no library that takes seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = (
    "torch",
    "torchvision",
    "sklearn",
    "mediapipe",
    "onnx",
    "lightning_fabric",
    "fastapi",
    "hypothesis",
    "pandas",
    "aiortc",
    "streamlit_webrtc",
)

PROGRAM = f"""
import sys
import pytest
status = pytest.main(["tests/pages", "tests/commands", "--collect-only", "-qq"])
assert status == 0, status
loaded = [name for name in {HEAVY} if name in sys.modules]
assert not loaded, loaded
"""


@pytest.mark.slow
def test_no_heavy_library_is_loaded_to_find_the_tests():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-1000:]
