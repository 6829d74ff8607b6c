"""The light installation, freshly made: it reads without PyTorch, and tells what it lacks."""

import os
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
MOST_MB = 1100
"""1,067 with the package and its models, on Linux; the image of the Dockerfile leaves out more."""

pytestmark = pytest.mark.slow


def done(*words, **options):
    return subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=500, **options
    )


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """Return the interpreter of an environment with the package and nothing but the light list."""
    folder = tmp_path_factory.mktemp("light")
    python = folder / "venv" / "bin" / "python"
    has_uv = find_spec("uv") is not None
    venv.create(folder / "venv", with_pip=not has_uv)
    target = ("-m", "uv", "pip", "install", "--quiet", "--python", str(python))
    install = (sys.executable, *target) if has_uv else (str(python), "-m", "pip", "install", "-q")
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    for command in (
        build,
        (*install, "--no-deps", "-r", str(ROOT / "requirements-light.txt")),
        (*install, "--no-deps", "--find-links", str(folder), "asl-fingerspelling-dashboard"),
    ):
        made = done(*command, cwd=ROOT)
        assert made.returncode == 0, made.stderr[-2000:]
    return python


@pytest.fixture
def asl(light, tmp_path):
    """Return a function that runs its `asl` in an empty folder."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ASL_", "PYTHON"))}
    return lambda *words: done(str(light.with_name("asl")), *words, cwd=tmp_path, env=environment)


def test_it_reads_a_hand_without_torch_and_matplotlib(light, asl, drawn_frame, tmp_path):
    picture = tmp_path / "hand.png"
    Image.fromarray(drawn_frame("B", 480, 480)).save(picture)
    assert '"B"' in asl("predict", str(picture), "--json").stdout
    for package in ("torch", "matplotlib"):
        assert "ModuleNotFoundError" in done(str(light), "-c", f"import {package}").stderr


def test_it_brings_the_dashboard_and_the_service(light, tmp_path):
    """All that they load; pages run in tests of their own."""
    code = (
        "from asl_core.folders import APP_SCRIPT\n"
        "import sys; sys.path.insert(0, str(APP_SCRIPT.parent))\n"
        "from pages.panels.frame.loading import import_libraries, load_for_live, load_for_photos\n"
        "import_libraries(); load_for_live(); load_for_photos()\n"
        "import streamlit_webrtc, asl_core.service.http_service\n"
    )
    loaded = done(str(light), "-c", code, cwd=tmp_path)
    assert loaded.returncode == 0, loaded.stderr[-2000:]


def test_who_asks_it_to_train_is_told_what_to_install(asl):
    asked = asl("train", "--photos", "photos", "--name", "mine")
    assert asked.returncode != 0
    assert "Traceback" not in asked.stderr
    assert "requirements.txt" in asked.stderr or "[train]" in asked.stderr


def test_it_is_small(light):
    """Without the bytecode, which whoever imports writes."""
    files = (path for path in light.parents[1].rglob("*") if path.is_file())
    size = sum(path.lstat().st_size for path in files if path.suffix != ".pyc")
    assert size / 1e6 < MOST_MB
