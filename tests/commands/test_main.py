import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import asl_core
from asl_core.__main__ import SentenceGroup, app
from asl_core.errors import ImageError

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "mediapipe", "cv2", "matplotlib", "sklearn", "pandas", "streamlit", "PIL")


def all_commands(command, path=()):
    """Return (words, command) of every command, groups left out."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(path, command)]
    return [found for name, sub in inner.items() for found in all_commands(sub, (*path, name))]


COMMANDS = dict(all_commands(typer.main.get_command(app)))


def test_every_promised_command_is_there():
    promised = "predict train evaluate export benchmark photos.check photos.download models.list"
    promised += (
        " models.verify models.build-landmarker models.download models.card typical-hands serve"
    )
    assert {tuple(name.split(".")) for name in promised.split()} <= set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_help_teaches_by_example(words):
    result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "100"})
    assert result.exit_code == 0
    assert f"python -m asl_core {' '.join(words)}" in result.stdout
    assert all(parameter.help for parameter in COMMANDS[words].params)


@pytest.mark.slow
def test_help_loads_no_heavy_library():
    script = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from asl_core.__main__ import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_version_stands_in_one_place():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in settings["project"]["dynamic"]
    assert settings["tool"]["hatch"]["version"]["path"] == "asl_core/__init__.py"
    result = CliRunner().invoke(app, ["--version"])
    assert result.stdout.split() == ["asl_core", asl_core.__version__]


def test_the_installed_command_is_this_one():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, name = settings["project"]["scripts"]["asl"].split(":")
    assert getattr(importlib.import_module(module), name) is app


def test_without_a_command_the_help_is_shown():
    result = CliRunner().invoke(app, [])
    assert "predict" in result.output
    assert "models" in result.output


def failing(error):
    """A command line whose only command raises `error`, one group down."""
    outer, inner = typer.Typer(cls=SentenceGroup), typer.Typer()
    outer.callback()(lambda: None)

    @inner.command()
    def fail():
        raise error

    @inner.command()
    def other():
        """Makes the group a group."""

    outer.add_typer(inner, name="inner")
    return CliRunner().invoke(outer, ["inner", "fail"])


def test_an_error_is_one_sentence_on_stderr_and_status_1():
    result = failing(ImageError("x.jpg is empty (0 bytes)."))
    assert result.exit_code == 1
    assert result.stderr == "x.jpg is empty (0 bytes).\n"
    assert result.stdout == ""


def test_an_error_of_the_system_names_its_file():
    result = failing(PermissionError(13, "Permission denied", "/secret/out.onnx"))
    assert result.exit_code == 1
    assert result.stderr == "/secret/out.onnx: Permission denied.\n"


def test_a_defect_is_not_hidden():
    result = failing(ZeroDivisionError("defect"))
    assert isinstance(result.exception, ZeroDivisionError)


def test_ctrl_c_leaves_with_130_and_no_traceback():
    result = failing(KeyboardInterrupt())
    assert result.exit_code == 130
    assert "Traceback" not in result.output


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_no_mark_of_help_or_error_breaks_another_encoding(encoding, tmp_path):
    # The help holds "…", and a file's name may hold anything.
    for arguments in (["predict", "--help"], ["predict", str(tmp_path / "Größe 手.png"), "--json"]):
        result = subprocess.run(
            [sys.executable, "-m", "asl_core", *arguments],
            check=False,
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            cwd=ROOT,
            timeout=240,
        )
        assert b"Traceback" not in result.stdout + result.stderr
        assert b"Error" not in result.stderr
        result.stdout.decode(encoding)
