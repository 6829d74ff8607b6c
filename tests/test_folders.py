"""The shipped models are found in a checkout and in an installed package."""

import importlib.util
import shutil

import pytest

from asl_core import folders


def folders_of(package):
    """The module as it sees itself in the folder `package`."""
    package.mkdir(parents=True, exist_ok=True)
    copy = shutil.copy(folders.__file__, package / "folders.py")
    spec = importlib.util.spec_from_file_location("copied_folders", copy)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_this_checkout_has_its_models():
    assert (folders.MODELS_FOLDER / "hand_landmarker.task").is_file()


def test_in_a_checkout_all_lies_beside_the_package(tmp_path):
    found = folders_of(tmp_path / "checkout" / "asl_core")
    assert not found.IS_INSTALLED
    assert tmp_path / "checkout" == found.ROOT
    assert tmp_path / "checkout" / "models" == found.MODELS_FOLDER
    assert tmp_path / "checkout" / "runs" == found.RUNS_FOLDER


def test_installed_the_package_carries_models_and_runs_stay_with_the_caller(
    tmp_path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "site-packages" / "asl_core"
    (package / "models").mkdir(parents=True)
    found = folders_of(package)
    assert found.IS_INSTALLED
    assert package / "models" == found.MODELS_FOLDER
    assert tmp_path / "runs" == found.RUNS_FOLDER
