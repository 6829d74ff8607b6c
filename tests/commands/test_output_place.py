"""Where a command will write is looked at first: folders, missing parents, read-only places."""

import io
import os
import sys
from pathlib import Path

import pytest

from asl_core.commands.output_place import check_output_file, check_output_folder, print_exactly
from asl_core.errors import SettingsError


def test_a_file_that_can_be_written_leaves_no_trace(tmp_path):
    check_output_file(tmp_path / "a.srt", "--out")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_keeps_its_content(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text("kept")
    check_output_file(path, "--out")
    assert path.read_text() == "kept"


def test_a_device_is_not_opened():
    check_output_file(Path("/dev/stdout"), "--out")


def read_only(*arguments, **settings):
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("name", ["new.txt", "old.txt"])
def test_a_read_only_place_is_refused(tmp_path, monkeypatch, name):
    (tmp_path / "old.txt").write_text("")
    monkeypatch.setattr(Path, "open", read_only)
    with pytest.raises(
        SettingsError, match=r"--out .*txt cannot be written: Read-only file system\.$"
    ):
        check_output_file(tmp_path / name, "--out")


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path):
    with pytest.raises(SettingsError, match=r"is a folder; name the file to write\.$"):
        check_output_file(tmp_path, "--out")
    (tmp_path / "a").write_text("")
    for below in ("a", "a/b"):
        with pytest.raises(SettingsError, match=r"a is a file, not a folder\.$"):
            check_output_folder(tmp_path / below, "--out")


def test_a_folder_may_be_missing_and_is_not_made(tmp_path):
    check_output_folder(tmp_path / "a" / "b", "--out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(SettingsError, match="cannot be written: Permission denied"):
        check_output_folder(tmp_path / "a", "--out")


def test_line_ends_reach_stdout_as_they_are_on_windows_too(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "utf-8", newline="\r\n"))
    print("told before")
    print_exactly("letter,start_s\r\nA,0.1\r\n")
    assert raw.getvalue() == b"told before\r\nletter,start_s\r\nA,0.1\r\n"
