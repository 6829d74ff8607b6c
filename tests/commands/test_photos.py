import json
import shutil
from types import SimpleNamespace

import pytest
from PIL import Image
from typer.testing import CliRunner

from asl_core.commands.photos import app
from asl_core.errors import PhotoSetError

RUNNER = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture
def root(tmp_path):
    """Return a sound listed set: A and B of anna to learn from, A of ben to test."""
    lines = ["path,split,source,signer,label"]
    for seed, photo_id in enumerate(
        ("train/anna/A/0.png", "train/anna/B/0.png", "test/ben/A/0.png")
    ):
        split, signer, label, _ = photo_id.split("/")
        path = tmp_path / "photos" / photo_id
        path.parent.mkdir(parents=True)
        Image.effect_noise((32, 32), 90).resize((64, 64)).rotate(40 * seed).save(path)
        lines.append(f"{photo_id},{split},{signer},{signer},{label}")
    (tmp_path / "photos" / "photos.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "photos"


@pytest.fixture
def detector(monkeypatch):
    """Put a detector in MediaPipe's place that finds a hand in each photo; give its calls."""
    calls = []

    def detect(frame):
        calls.append(frame.shape)
        return object()

    monkeypatch.setattr(
        "asl_core.hands.detector.MediaPipeHandDetector",
        lambda: SimpleNamespace(detect=detect, close=lambda: None),
    )
    return calls


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_a_sound_set_gives_tables_and_status_0(root, detector):
    result = RUNNER.invoke(app, ["check", str(root)])
    assert result.exit_code == 0, result.output
    assert "No problem found" in result.stdout
    assert ["test", "1", "1", "1", "1", "100.0%", "(1/1)"] in rows(result.stdout)
    assert ["train", "2", "2", "1", "1", "100.0%", "(2/2)"] in rows(result.stdout)
    assert ["A", "1", "1"] in rows(result.stdout)
    assert ["B", "-", "1"] in rows(result.stdout)
    assert ["train", "anna", "anna", "2", "2", "100.0%", "(2/2)"] in rows(result.stdout)
    assert len(detector) == 3


def test_no_hands_looks_for_none(root, detector):
    result = RUNNER.invoke(app, ["check", str(root), "--no-hands"])
    assert result.exit_code == 0
    assert "Hands were not looked for." in result.stdout
    assert detector == []


def test_a_sample_limits_the_looking(root, detector):
    result = RUNNER.invoke(app, ["check", str(root), "--sample", "2", "--json"])
    hands = json.loads(result.stdout)["hands"]
    assert [(rate["signer"], rate["photos"]) for rate in hands] == [("ben", 1), ("anna", 1)]
    assert len(detector) == 2


def test_json_is_one_object_without_anything_else(root):
    result = RUNNER.invoke(app, ["check", str(root), "--no-hands", "--json"])
    assert result.exit_code == 0
    values = json.loads(result.stdout)
    assert (values["ok"], values["problems"], values["photos"]) == (True, [], 3)


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["tables", "json"])
def test_any_problem_gives_status_1_and_is_named(root, options):
    shutil.copy(root / "train/anna/A/0.png", root / "test/ben/A/0.png")
    (root / "train" / "anna" / "[red]Ä").mkdir()
    result = RUNNER.invoke(app, ["check", str(root), "--no-hands", *options])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    # JSON writes what is not ASCII as escapes, which every terminal can show.
    said = "\n".join(json.loads(result.stdout)["problems"]) if options else result.stdout
    assert "The folder 'train/anna/[red]Ä' is not a known class." in said
    assert "The same file is in more than one split (test, train)" in said


def test_names_with_brackets_are_shown_as_they_are(root):
    (root / "train" / "anna").rename(root / "train" / "[red] :hand:")
    text = (root / "photos.csv").read_text()
    (root / "photos.csv").write_text(text.replace("anna", "[red] :hand:"))
    result = RUNNER.invoke(app, ["check", str(root), "--no-hands"])
    assert result.exit_code == 0, result.output
    assert "[red] :hand:   [red] :hand:" in result.stdout


def test_many_duplicates_are_cut_short_in_the_table(root):
    content = (root / "train/anna/A/0.png").read_bytes()
    lines = []
    for number in range(25):
        for copy in range(2):
            photo_id = f"train/anna/A/{number}_{copy}.png"
            (root / photo_id).write_bytes(content + bytes([number]))
            lines.append(f"{photo_id},train,anna,anna,A")
    with (root / "photos.csv").open("a") as file:
        file.write("\n".join(lines) + "\n")
    result = RUNNER.invoke(app, ["check", str(root), "--no-hands"])
    assert "Repeated files: 25; photos nearly repeated in another split: 0" in result.stdout
    assert "… and 5 more; --json lists all" in result.stdout
    assert result.exit_code == 0


def test_a_folder_that_is_no_photo_set_is_an_error(tmp_path):
    result = RUNNER.invoke(app, ["check", str(tmp_path / "no")])
    assert result.exit_code == 1
    assert isinstance(result.exception, PhotoSetError)


def test_a_sample_of_none_is_refused(root):
    assert RUNNER.invoke(app, ["check", str(root), "--sample", "0"]).exit_code == 2


def test_download_says_where_the_photos_are(root, monkeypatch):
    asked = []

    def fake(folder):
        asked.append(folder)
        return root

    monkeypatch.setattr("asl_core.photos.download.download_kaggle_set", fake)
    result = RUNNER.invoke(app, ["download", "--to", "kaggle"])
    assert result.exit_code == 0
    assert [str(folder) for folder in asked] == ["kaggle"]
    assert f"{root} has 3 photos of 2 classes." in result.stdout
    assert f'photos check "{root}"' in result.stdout


def test_a_refused_download_is_an_error(monkeypatch):
    def fake(folder):
        raise PhotoSetError("Kaggle cannot be reached.")

    monkeypatch.setattr("asl_core.photos.download.download_kaggle_set", fake)
    result = RUNNER.invoke(app, ["download"])
    assert result.exit_code == 1
    assert str(result.exception) == "Kaggle cannot be reached."


@pytest.mark.parametrize("command", ["check", "download"])
def test_help_teaches_with_examples(command):
    result = RUNNER.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"python -m asl_core photos {command}" in result.stdout


def test_what_was_passed_over_is_told(root, detector):
    for number in range(12):
        (root / f"{number:02}.dng").write_bytes(b"x")
    result = RUNNER.invoke(app, ["check", str(root)])
    assert result.exit_code == 0
    assert "Not read, as they are no pictures in a class folder: 00.dng, 01.dng" in result.stdout
    assert "09.dng and 2 more; --json lists all." in result.stdout
    told = json.loads(RUNNER.invoke(app, ["check", str(root), "--json"]).stdout)
    assert len(told["passed_over"]) == 12
