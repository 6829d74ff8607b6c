"""The package is built, installed into an empty folder, and used from another one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def run(*words, **options):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a function that runs the installed `asl` in an empty folder."""
    folder = tmp_path_factory.mktemp("installed")
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    run(*build, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    install = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*install, "--target", str(folder / "site"), str(wheel))
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASL_")}
    environment["PYTHONPATH"] = str(folder / "site")

    def asl(*words):
        command = (sys.executable, str(folder / "site" / "bin" / "asl"), *words)
        return run(*command, cwd=elsewhere, env=environment)

    return asl


def test_it_tells_the_version_of_this_checkout(installed):
    from asl_core import __version__

    assert installed("--version").split() == ["asl_core", __version__]


def test_it_reads_a_hand_with_the_models_that_it_carries(installed, drawn_frame, tmp_path):
    picture = tmp_path / "hand.png"
    Image.fromarray(drawn_frame("B", 480, 480)).save(picture)
    assert '"B"' in installed("predict", str(picture), "--json")
