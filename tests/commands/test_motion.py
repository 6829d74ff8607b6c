import json

import pytest
from typer.testing import CliRunner

from asl_core.__main__ import app


@pytest.fixture(scope="module")
def trained(tmp_path_factory, sequences_file):
    folder = tmp_path_factory.mktemp("run") / "motion-jz"
    words = ["motion", "train", str(sequences_file), "--out", str(folder)]
    result = CliRunner().invoke(app, [*words, "--streams", "30", "--epochs", "1"])
    assert result.exit_code == 0, result.output
    return folder, result.output


@pytest.mark.slow
def test_training_leaves_model_report_and_card(trained):
    folder, output = trained
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "motion.json",
        "weights.safetensors",
        "training.json",
        "evaluation-validation.json",
        "MODEL_CARD.md",
    }
    assert "J recall" in output
    assert "signer ben, J" in (folder / "MODEL_CARD.md").read_text()


@pytest.mark.slow
def test_no_path_of_this_machine_is_kept(trained):
    folder, _ = trained
    for name in ("MODEL_CARD.md", "evaluation-validation.json", "training.json"):
        assert str(folder.parent) not in (folder / name).read_text()


@pytest.mark.slow
def test_evaluating_prints_json(trained, sequences_file):
    folder, _ = trained
    words = ["motion", "evaluate", str(folder), str(sequences_file), "--split", "test", "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0
    values = json.loads(result.stdout)
    assert values["split"] == "test"
    assert {row["signer"] for row in values["signers"]} == {"carl"}
    assert (folder / "evaluation-test.json").is_file()


@pytest.mark.slow
def test_leaving_signers_out_keeps_a_report(tmp_path, sequences_file):
    words = ["motion", "leave-out", str(sequences_file), "--without", "ben", "--out", str(tmp_path)]
    result = CliRunner().invoke(app, [*words, "--streams", "30", "--epochs", "1"])
    assert result.exit_code == 0, result.output
    assert "| ben (0) | J " in result.stdout
    values = json.loads((tmp_path / "left-out.json").read_text())
    (training,) = values["trainings"]
    assert training["signers"] == ["ben"]
    assert str(tmp_path.parent) not in values["command"]


@pytest.mark.slow
def test_a_note_is_kept_in_report_and_card(trained, sequences_file):
    folder, _ = trained
    words = ["motion", "evaluate", str(folder), str(sequences_file), "--split", "validation"]
    result = CliRunner().invoke(app, [*words, "--note", "Looked at twice."])
    assert result.exit_code == 0
    report = json.loads((folder / "evaluation-validation.json").read_text())
    assert report["note"] == "Looked at twice."
    assert "Looked at twice." in (folder / "MODEL_CARD.md").read_text()


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["train", "gone.npz"], "gone.npz holds no motion sequences"),
        (["train", "SEQUENCES", "--epochs", "0"], "epochs is 0"),
        (["leave-out", "SEQUENCES", "--without", "nobody"], "no signer 'nobody' to leave out"),
        (["evaluate", "nowhere", "SEQUENCES"], "nowhere has no motion.json"),
    ],
    ids=["no file", "no epoch", "no signer", "no model"],
)
def test_mistakes_are_one_sentence(words, sentence, sequences_file):
    given = [str(sequences_file) if word == "SEQUENCES" else word for word in words]
    result = CliRunner().invoke(app, ["motion", *given])
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output
