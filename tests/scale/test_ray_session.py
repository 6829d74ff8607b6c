import importlib.util
import os
import subprocess
import sys

import pytest

from asl_core.errors import SettingsError
from asl_core.scale import ray_session


def test_without_ray_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with (
        pytest.raises(SettingsError, match=r"pip install 'asl-fingerspelling-dashboard\[scale\]'"),
        ray_session.ray_session(),
    ):
        pass


def test_variables_are_taken_back_and_own_ones_stay(monkeypatch):
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "1")
    monkeypatch.delenv("RAY_AUTH_TOKEN", raising=False)
    with ray_session._environment(ray_session._variables(is_local=True)):
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "1"
        assert len(os.environ["RAY_AUTH_TOKEN"]) == 64
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "1"
    assert "RAY_AUTH_TOKEN" not in os.environ


def test_folders_of_killed_processes_are_removed(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(20)
    for name, pid in (("asl-ray-old", ended.pid), ("asl-ray-mine", os.getpid())):
        (tmp_path / name / f"session_2026-11-26_18-38-52_863617_{pid}").mkdir(parents=True)
    (tmp_path / "asl-ray-new").mkdir()  # of one that is just starting
    (tmp_path / "other").mkdir()
    ray_session.remove_left_over(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"asl-ray-mine", "asl-ray-new", "other"}


def test_a_cluster_has_its_own_token():
    assert not {"RAY_AUTH_TOKEN", "RAY_AUTH_MODE"} & set(ray_session._variables(is_local=False))
