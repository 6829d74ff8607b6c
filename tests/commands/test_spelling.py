"""`python -m asl_core spelling`: evaluate's answer, its reports and what it refuses."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app
from asl_core.drawing.drawn_letters import letter_landmarks
from asl_core.folders import MODELS_FOLDER
from asl_core.records.fluent_report import FluentReport

SHIPPED = MODELS_FOLDER / "fluent-spelling"


def invoke(*words):
    return CliRunner().invoke(app, ["spelling", *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two sequences of drawn hands, each letter for 0.3 s, 0.1 s between."""
    folder = tmp_path_factory.mktemp("sequences")
    for text in ("WHALE", "3 bees"):
        rows: list[tuple[str, np.ndarray | None]] = []
        for letter in (c for c in text.upper() if c.isalpha()):
            if rows and rows[-1][0] == letter:
                rows += [(letter, None)] * 4
            rows += [(letter, letter_landmarks(letter, 640, 480).points)] * 9
            rows += [(letter, None)]
        landmarks = np.array(
            [np.full((21, 3), np.nan) if hand is None else hand for _, hand in rows], np.float32
        )
        file = folder / f"drawn_{text.split()[-1].lower()}.npz"
        np.savez(file, landmarks=landmarks, text=text, aspect=4 / 3, fps=30.0, signer="drawn")
    return folder


@pytest.mark.slow
def test_the_answer_has_the_agreed_form(folder):
    result = invoke("evaluate", folder, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert set(answer) == {"cer", "words_right", "sequences"}
    bees, whale = answer["sequences"]
    assert set(whale) == {"file", "text", "read", "errors", "letters"}
    assert (whale["file"], whale["text"], whale["letters"]) == ("drawn_whale.npz", "WHALE", 5)
    assert bees["text"] == "BEES"
    errors = sum(row["errors"] for row in answer["sequences"])
    assert answer["cer"] == pytest.approx(errors / 9, abs=1e-4)
    assert whale["read"] == "WHALE"


@pytest.mark.slow
def test_for_people_it_tells_each_kind(folder):
    result = invoke("evaluate", folder, "--words")
    assert result.exit_code == 0
    assert "drawn_whale.npz: WHALE read as WHALE, 0 errors" in result.stdout
    assert "drawn: " in result.stdout and "Character error rate" in result.stdout


def test_a_kept_report_holds_no_path_of_this_machine(folder, tmp_path):
    model = tmp_path / "fluent"
    model.mkdir()
    for file in SHIPPED.iterdir():
        if file.is_file():
            (model / file.name).write_bytes(file.read_bytes())
    result = invoke("evaluate", folder, "--speed", 1.5, "--model", model, "--save", "drawn")
    assert result.exit_code == 0, result.output
    file = model / "evaluations" / "drawn.json"
    assert str(folder.parent) not in file.read_text()
    report = FluentReport.load(file)
    assert (report.times_as_fast, report.signers, report.is_made_up) == (1.5, 1, False)
    assert "1.5 times as fast" in (model / "MODEL_CARD.md").read_text()


@pytest.mark.parametrize(
    "words, says",
    [
        (("--speed", "0"), "--speed is 0.0"),
        (("--speed", "nan"), "--speed is nan"),
        (("--model", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(folder, words, says):
    result = invoke("evaluate", folder, *words)
    assert result.exit_code == 1
    assert says in result.stderr and "Traceback" not in result.output


def test_an_empty_folder_is_refused(tmp_path):
    result = invoke("evaluate", tmp_path)
    assert result.exit_code == 1 and "no landmark sequence" in result.stderr


@pytest.mark.slow
def test_training_on_few_streams_leaves_a_model(tmp_path, letters_file, sequences_file):
    out = tmp_path / "fluent"
    words = ("train", letters_file, sequences_file, "--out", out, "--steps", 2)
    result = invoke(*words, "--without", "idle")
    assert result.exit_code == 0, result.output
    assert {"fluent.json", "training.json", "stream.safetensors", "shape.safetensors"} <= {
        path.name for path in out.iterdir()
    }
    assert json.loads((out / "training.json").read_text())["parts"]["idle"] is False


def test_an_unknown_part_is_refused(letters_file, sequences_file):
    result = invoke("train", letters_file, sequences_file, "--without", "magic")
    assert result.exit_code == 1 and "'magic' is no part" in result.stderr
