"""The wheel in the repository is the one that the script writes, and requirements.txt pins it."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def script():
    spec = importlib.util.spec_from_file_location("stand_in", ROOT / "wheels/make_stand_in.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_wheel_is_the_one_that_the_script_writes(tmp_path):
    written = script().write_wheel(tmp_path)
    assert (ROOT / "wheels" / written.name).read_bytes() == written.read_bytes()
    assert [path.name for path in (ROOT / "wheels").glob("*.whl")] == [written.name]


def test_requirements_pin_it_beside_the_headless_build_alone():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    version = script().headless_version()
    assert "--find-links ./wheels" in lines
    opencv = sorted(line for line in lines if line.startswith("opencv"))
    assert opencv == [
        f"opencv-contrib-python=={version}+headless",
        f"opencv-python-headless=={version}",
    ]
