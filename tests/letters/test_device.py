import sys

import pytest

from asl_core.letters import device
from asl_core.letters.device import may_have_gpu, reading_device, usable_cores


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """The trace of a GPU's driver, on a machine that hides no GPU."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: object())
    trace = tmp_path / "nvidiactl"
    trace.touch()
    return (str(trace),)


def test_a_driver_is_a_sign_of_a_gpu(driver, tmp_path):
    assert may_have_gpu(driver)
    assert not may_have_gpu((str(tmp_path / "none"),))


@pytest.mark.parametrize("hidden", ["", "-1"])
def test_hidden_gpus_are_not_there(driver, monkeypatch, hidden):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert not may_have_gpu(driver)


def test_without_torch_no_gpu_counts(driver, monkeypatch):
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: None)
    assert not may_have_gpu(driver)


def test_windows_is_asked_for_the_library(driver, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(device.ctypes.util, "find_library", lambda name: None)
    assert not may_have_gpu(driver)
    monkeypatch.setattr(device.ctypes.util, "find_library", lambda name: "nvcuda.dll")
    assert may_have_gpu(driver)


def test_what_is_asked_for_is_taken(monkeypatch):
    monkeypatch.setattr(device, "may_have_gpu", lambda: True)
    assert reading_device("cuda:1") == "cuda:1"
    assert reading_device("cpu") == "cpu"


def test_without_a_driver_it_is_the_processor(monkeypatch):
    monkeypatch.setattr(device, "may_have_gpu", lambda: False)
    assert reading_device() == "cpu"


def test_a_core_is_usable():
    assert usable_cores() >= 1
