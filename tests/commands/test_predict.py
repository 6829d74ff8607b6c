import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.commands import predict as predict_module
from asl_core.commands.predict import find_pictures, passed_over

ROOT = Path(__file__).parents[2]
PHOTOS = ROOT.parent / "shared" / "photos" / "validation"


@pytest.fixture
def invoke(monkeypatch, colour_pipeline):
    """Run the command with the colour pipeline in place of the models."""

    @contextmanager
    def opened(run, device, hand=None):
        yield colour_pipeline

    monkeypatch.setattr(predict_module, "open_pipeline", opened)
    return lambda *arguments: CliRunner().invoke(app, ["predict", *map(str, arguments)])


def colour(path, red):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (80, 40), (red, 0, 0)).save(path)
    return path


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_json_has_the_promised_fields(tmp_path, invoke):
    path = colour(tmp_path / "a.png", 150)
    result = invoke(path, "--json")
    assert result.exit_code == 0
    (line,) = lines(result)
    assert next(iter(line)) == "path"
    assert line["path"] == str(path)
    # Late: its models take a tenth of a second to build, and tests are collected within three.
    from asl_core.public_reading import PublicReading

    assert set(line) == {"path", *PublicReading.model_fields}
    assert line["schema_version"] == 1
    assert (line["prediction"], line["confidence"], line["certain"]) == ("A", 0.61, False)
    assert line["hand"]["handedness"] == "Left"
    assert line["box"] == [10, -5, 60, 45]
    assert line["top"] == [
        {"label": "A", "confidence": 0.61},
        {"label": "B", "confidence": 0.3},
        {"label": "J", "confidence": 0.09},
    ]
    assert line["ms"]["total"] >= line["ms"]["decode"] > 0


def test_json_without_a_hand_guesses_nothing(tmp_path, invoke):
    result = invoke(colour(tmp_path / "empty.png", 0), "--json")
    assert result.exit_code == 0
    (line,) = lines(result)
    assert (line["prediction"], line["confidence"]) == ("nothing", 0)
    assert (line["hand"], line["box"], line["top"]) == (None, None, [])
    assert line["ms"]["total"] >= line["ms"]["detect"]


def test_an_unreadable_file_is_reported_and_the_others_go_on(tmp_path, invoke):
    colour(tmp_path / "1.png", 100)
    (tmp_path / "2.jpg").write_text("not a picture")
    colour(tmp_path / "3.webp", 200)
    result = invoke(tmp_path, tmp_path / "missing.png", "--json")
    assert result.exit_code == 1
    first, second, third, fourth = lines(result)
    assert first["prediction"] == "A"
    assert second == {
        "path": str(tmp_path / "2.jpg"),
        "error": "2.jpg is not a picture that can be read (JPEG, PNG, WebP, HEIC).",
    }
    assert third["path"] == str(tmp_path / "3.webp")
    assert list(fourth) == ["path", "error"]
    assert fourth["error"].endswith("missing.png does not exist.")


def test_a_folder_is_searched_deeply_and_in_order(tmp_path):
    for name in ("b/2.PNG", "b/10.png", "a/x.jpeg", "c.webp", "b/.hidden.png"):
        colour(tmp_path / name, 100)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "folder.png").mkdir()
    found = [path.relative_to(tmp_path).as_posix() for path, _ in find_pictures([tmp_path])]
    assert found == ["a/x.jpeg", "b/10.png", "b/2.PNG", "c.webp"]


def test_a_named_file_is_read_whatever_its_ending(tmp_path, invoke):
    path = colour(tmp_path / "a.png", 100).rename(tmp_path / "photo.backup")
    assert lines(invoke(path, "--json"))[0]["prediction"] == "A"


def test_an_empty_folder_is_an_error(tmp_path, invoke):
    result = invoke(tmp_path, "--json")
    assert result.exit_code == 1
    (line,) = lines(result)
    assert line["error"].startswith(f"{tmp_path} holds no picture (.apng, ")


def test_names_that_are_not_utf8_survive(tmp_path, invoke):
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    try:
        colour(path, 100)
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    assert lines(invoke(path, "--json"))[0]["path"] == str(path)
    assert invoke(path).exit_code == 0


def test_the_table_shows_letters_and_keeps_errors_on_stderr(tmp_path, invoke):
    colour(tmp_path / "one.png", 150)
    colour(tmp_path / "two.png", 0)
    (tmp_path / "three.png").write_bytes(b"")
    result = invoke(tmp_path)
    assert result.exit_code == 1
    assert "three.png is empty (0 bytes)." in result.stderr
    rows = " ".join(result.stdout.split())
    assert "A 61% B 30% J 9% left" in rows
    assert "no hand found" in rows
    assert "three.png" not in rows


def test_without_a_path_the_usage_is_shown(invoke):
    result = invoke()
    assert result.exit_code == 2
    assert "Missing argument 'PATH'" in result.stderr


MISSING = {
    "run": (["--run", "nowhere"], "There is no run 'nowhere'"),
    "checkpoint": (["--run", "nowhere.pth"], "nowhere.pth does not exist."),
}


@pytest.mark.parametrize(("option", "sentence"), MISSING.values(), ids=MISSING.keys())
def test_a_missing_model_is_one_sentence(tmp_path, option, sentence):
    path = str(colour(tmp_path / "a.png", 100))
    result = CliRunner().invoke(app, ["predict", path, *option])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1


@pytest.fixture(scope="module")
def random_run(tmp_path_factory):
    """A run with random weights and a small input: it reads nonsense, but it reads."""
    import torch

    from asl_core.alphabet import LETTERS
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.classifier import LetterClassifier
    from asl_core.letters.preprocessing import Preprocessing

    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("models") / "random-run"
    Checkpoint("random-run", LETTERS, Preprocessing(32), LetterClassifier(26)).save(folder)
    return folder


@pytest.mark.slow
@pytest.mark.shared
def test_a_real_process_prints_nothing_but_its_lines(tmp_path, random_run):
    photo = PHOTOS / "janvi" / "Y" / "000.webp"
    if not photo.is_file():
        pytest.skip("needs ../shared/photos")
    bad = tmp_path / "bad.png"
    bad.write_text("not a picture")
    empty = tmp_path / "empty.png"
    Image.fromarray(np.full((120, 160, 3), 128, np.uint8)).save(empty)
    command = [sys.executable, "-m", "asl_core", "predict"]
    done = subprocess.run(
        [*command, photo, bad, empty, "--json", "--run", random_run, "--device", "cpu"],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    hand, broken, nothing = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert done.stderr == ""
    assert hand["hand"]["handedness"] == "Right"
    left, top, right, bottom = hand["box"]
    assert right - left == bottom - top > 50
    assert len(hand["top"]) == 3
    assert broken["error"].startswith("bad.png is not a picture")
    assert (nothing["hand"], nothing["prediction"]) == (None, "nothing")


def test_what_is_passed_over_in_a_folder_is_named(tmp_path):
    for name in ("a.gif", "b.tif", "c.JFIF", "d.jpg", "notes.txt", "sub/wave.mp4", ".DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path, _ in find_pictures([tmp_path])] == [
        "a.gif",
        "b.tif",
        "c.JFIF",
        "d.jpg",
    ]
    assert list(passed_over([tmp_path])) == [
        f"{tmp_path}: not read, as their endings are not those of pictures: "
        "notes.txt, sub/wave.mp4."
    ]
    assert list(passed_over([tmp_path / "a.gif"])) == []


def test_of_many_files_passed_over_ten_are_named(tmp_path):
    for number in range(15):
        (tmp_path / f"{number:02}.txt").write_bytes(b"")
    assert next(passed_over([tmp_path])).endswith("09.txt and 5 more.")
