"""The command with fakes in place of the models: greys of a video stand for letters."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.commands import transcribe as command
from asl_core.spelling.fluent.natural_reader import NaturalReader
from asl_core.spelling.fluent.reading import FluentLetter, FluentReading, FluentWord
from asl_core.spelling.settings import NATURAL, SPELLING_PRESETS
from asl_core.transcription import NO_MOTION

ROOT = Path(__file__).parents[2]


class Once:
    """Reads HI at the end of the stream and nothing before."""

    def update(self, time_s, points, is_left=False, prediction=None):
        return FluentReading()

    def finish(self):
        letters = (FluentLetter("H", 0.1, 0.3, 0.9), FluentLetter("I", 0.4, 0.7, 0.8))
        return FluentReading(letters, (), FluentWord(letters, "HI"))

    def reset(self):
        pass


@pytest.fixture
def invoke(monkeypatch, grey_speller):
    opened = []

    @contextmanager
    def open_speller(reader, settings):
        opened.append((reader.model, reader.device, settings))
        yield grey_speller(settings) if settings else grey_speller(reader=NaturalReader(Once()))

    monkeypatch.setattr(command, "_open_speller", open_speller)

    def run(*arguments):
        return CliRunner().invoke(app, ["transcribe", *map(str, arguments)])

    run.opened = opened
    return run


def test_a_folder_or_a_missing_parent_is_refused_before_the_work(grey_video, invoke, tmp_path):
    video = grey_video("A")
    for out, words in (
        (tmp_path, "is a folder; name the file to write."),
        (tmp_path / "no" / "a.srt", f"the folder {tmp_path / 'no'} does not exist."),
    ):
        result = invoke(video, "--out", out)
        assert result.exit_code == 1
        assert words in " ".join(result.stderr.split())
    assert invoke.opened == []


def test_a_result_that_cannot_be_written_after_all_is_on_stdout(
    grey_video, invoke, tmp_path, monkeypatch
):
    def full(self, *arguments, **settings):
        raise OSError(28, "No space left on device")

    video = grey_video("-AB")
    monkeypatch.setattr(Path, "write_text", full)
    result = invoke(video, "--out", tmp_path / "a.txt")
    assert result.exit_code == 0
    assert result.stdout == "AB\n"
    assert "a.txt could not be written: No space left on device." in " ".join(result.stderr.split())


def test_the_text_is_on_stdout_and_notes_on_stderr(grey_video, invoke):
    result = invoke(grey_video("-CAB A"))
    assert result.exit_code == 0
    assert result.stdout == "CAB A\n"
    assert NO_MOTION in result.stderr


def test_json_is_one_object_with_the_promised_fields(grey_video, invoke):
    result = invoke(grey_video("AB"), "--json")
    assert len(result.stdout.splitlines()) == 1
    values = json.loads(result.stdout)
    assert list(values) == ["text", "letters"]
    assert values["text"] == "AB"
    assert list(values["letters"][0]) == ["letter", "start_s", "end_s", "confidence"]


def test_csv_and_srt(grey_video, invoke):
    path = grey_video("AB")
    table = invoke(path, "--format", "csv").stdout_bytes.decode().split("\r\n")
    assert table[0] == "letter,start_s,end_s,confidence"
    assert len(table) == 4
    assert invoke(path, "--format", "srt").stdout.splitlines()[2] == "AB"


OUTPUTS = {
    "srt": (["word.srt"], "1\n"),
    "json": (["word.JSON"], '{"text": "AB"'),
    "text": (["word.txt"], "AB\n"),
    "the option counts": (["word.txt", "--format", "json"], '{"text": "AB"'),
}


@pytest.mark.parametrize(("arguments", "start"), OUTPUTS.values(), ids=OUTPUTS)
def test_out_takes_its_format_from_its_ending(tmp_path, grey_video, invoke, arguments, start):
    name, *options = arguments
    result = invoke(grey_video("AB"), "--out", tmp_path / name, *options)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert (tmp_path / name).read_text().startswith(start)


def test_speed_hold_and_model_reach_the_speller(grey_video, invoke):
    path = grey_video("A")
    invoke(path, "--speed", "beginner", "--model", "mine", "--device", "cpu")
    invoke(path, "--hold-seconds", "0.6")
    (model, device, settings), (shipped, automatic, held) = invoke.opened
    assert (model, device, settings) == ("mine", "cpu", SPELLING_PRESETS["beginner"])
    assert (shipped, automatic, held.hold_seconds) == ("stranger-resnet18", None, 0.6)


def test_every_preset_is_a_speed():
    assert {speed.value for speed in command.Speed} == {*SPELLING_PRESETS, NATURAL}


def test_natural_spelling_holds_nothing_and_completes_the_last_word(grey_video, invoke):
    result = invoke(grey_video("A"), "--speed", "natural", "--json")
    assert invoke.opened[0][2] is None
    assert json.loads(result.stdout) == {
        "text": "HI",
        "letters": [
            {"letter": "H", "start_s": 0.1, "end_s": 0.3, "confidence": 0.9},
            {"letter": "I", "start_s": 0.4, "end_s": 0.7, "confidence": 0.8},
        ],
    }
    assert result.stderr.strip() == "", "it reads J and Z itself"


WRONG = {
    "hold": (["--hold-seconds", "99"], "hold_seconds is 99.0; it must be from 0.2 to 5.0."),
    "natural": (
        ["--speed", "natural", "--hold-seconds", "1"],
        "--hold-seconds and --speed natural do not go together.",
    ),
    "formats": (["--json", "--format", "srt"], "--json and --format srt do not go together."),
    "folder": (["--out", "nowhere/x.srt"], "the folder nowhere does not exist."),
    "length": (["--max-minutes", "0.01"], "over the limit of 0.6 s."),
}


@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_one_sentence(grey_video, invoke, arguments, words):
    result = invoke(grey_video("A"), *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


BAD = {
    "missing": (lambda path: None, "does not exist."),
    "foreign": (lambda path: path.write_text("hello"), "x.mp4 is not a video that can be read"),
    "empty": (lambda path: path.write_bytes(b""), "x.mp4 is empty (0 bytes)."),
}


@pytest.mark.parametrize(("make", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_sentence_before_any_model_is_loaded(tmp_path, invoke, make, words):
    make(tmp_path / "x.mp4")
    result = invoke(tmp_path / "x.mp4", "--json")
    assert result.exit_code == 1
    assert words in result.stderr
    assert (result.stdout, invoke.opened) == ("", [])


def test_a_missing_model_is_one_sentence(grey_video):
    result = CliRunner().invoke(app, ["transcribe", str(grey_video("A")), "--model", "nowhere"])
    assert result.exit_code == 1
    assert result.stderr.startswith("There is no run 'nowhere'")


@pytest.mark.slow
def test_a_cut_short_video_gives_what_was_read(grey_video, invoke):
    path = grey_video("ABCD", "spelling.webm")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    result = invoke(path)
    assert (result.exit_code, result.stdout) == (0, "AB\n")
    assert "spelling.webm is cut short: " in result.stderr


@pytest.mark.slow
def test_a_real_process_prints_its_sentence_alone(tmp_path):
    bad = tmp_path / "x.mp4"
    bad.write_text("hello")
    done = subprocess.run(
        [sys.executable, "-m", "asl_core", "transcribe", bad],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
