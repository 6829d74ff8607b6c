"""`asl app` starts Streamlit with the dashboard, and lets its options through."""

import sys

import pytest

from asl_core.commands import dashboard
from asl_core.errors import SettingsError
from asl_core.folders import APP_SCRIPT


def test_what_follows_goes_to_streamlit(monkeypatch):
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    arguments, environment = dashboard._start(APP_SCRIPT, ["--server.port", "8502"])
    assert arguments[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert arguments[4:] == [str(APP_SCRIPT), "--server.port", "8502"]
    assert environment["MALLOC_ARENA_MAX"] == "1"


def test_a_persons_own_setting_stays(monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "8")
    assert dashboard._start(APP_SCRIPT, [])[1]["MALLOC_ARENA_MAX"] == "8"


def test_a_missing_dashboard_is_told(tmp_path):
    with pytest.raises(SettingsError, match="is missing"):
        dashboard._start(tmp_path / "app.py", [])
