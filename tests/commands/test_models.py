import json
import shutil
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from asl_core import __version__
from asl_core.__main__ import app
from asl_core.alphabet import LETTERS
from asl_core.hands import landmarker_model
from asl_core.letters.model_file import model_digest
from asl_core.letters.motion.model import SHAPES, MotionModel
from asl_core.records.history import EpochRow, append_row
from asl_core.spelling.fluent.model import SHIPPED_FLUENT_MODEL


@pytest.fixture(scope="module")
def saved_run(tmp_path_factory):
    from asl_core.letters.checkpoint import Checkpoint
    from asl_core.letters.classifier import LetterClassifier
    from asl_core.letters.preprocessing import Preprocessing

    folder = tmp_path_factory.mktemp("saved")
    network = LetterClassifier(26).eval()
    Checkpoint("x", LETTERS, Preprocessing(32), network).save(folder)
    mapping = {str(index): name for index, name in enumerate(LETTERS)}
    (folder / "class_mapping.json").write_text(json.dumps(mapping))
    return folder


@pytest.fixture
def models(tmp_path, monkeypatch, saved_run):
    """A models folder with one run, `good`, and an empty runs folder."""
    folder = tmp_path / "models"
    shutil.copytree(saved_run, folder / "good")
    monkeypatch.setenv("ASL_MODELS", str(folder))
    monkeypatch.setenv("ASL_RUNS", str(tmp_path / "runs"))
    return folder


@pytest.fixture
def invoke():
    def run(*arguments):
        result = CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "200"})
        result.flat = " ".join(result.output.split())
        return result

    return run


def test_list_shows_size_and_that_nothing_is_measured(models, invoke):
    result = invoke("models", "list")
    assert result.exit_code == 0
    digest = model_digest(json.loads((models / "good" / "model.json").read_text()))
    told = f"good resnet18_head 26 11,452,506 21.9 MB not measured {__version__} {digest[:12]}"
    assert told in result.flat


def test_list_shows_each_measured_accuracy(models, invoke, small_report):
    small_report.save(models / "good" / "evaluations" / "photos-test" / "report.json")
    assert "33.3% of 3 (photos-test)" in invoke("models", "list").flat


def test_list_goes_on_over_broken_and_unfinished_runs(models, invoke):
    (models / "broken").mkdir()
    (models / "broken" / "model.json").write_text("{}")
    (models / "young").mkdir()
    append_row(models / "young" / "history.csv", EpochRow(1, 96, 1, 0.5, 1, 0.5, 0.001, 3))
    result = invoke("models", "list")
    assert result.exit_code == 0
    assert "broken broken broken/model.json is incomplete: 'architecture'." in result.flat
    assert "young not finished not measured" in result.flat
    assert "good resnet18_head" in result.flat


def test_list_without_runs_says_how_to_get_one(tmp_path, monkeypatch, invoke):
    monkeypatch.setenv("ASL_MODELS", str(tmp_path))
    monkeypatch.setenv("ASL_RUNS", str(tmp_path))
    assert "python -m asl_core train" in invoke("models", "list").flat


def test_verify_checks_the_landmarker_and_every_run(models, invoke):
    result = invoke("models", "verify")
    assert result.exit_code == 0, result.output
    first, second, third = result.stdout.splitlines()
    assert first.startswith("ok      hand_landmarker.task: ")
    assert second.startswith("ok      libraries for browsers: ")
    assert third == "ok      good: weights as expected, 26 classes"


def test_verify_of_one_run_leaves_the_others_alone(models, invoke):
    shutil.copytree(models / "good", models / "other")
    result = invoke("models", "verify", "other")
    assert result.stdout.splitlines() == ["ok      other: weights as expected, 26 classes"]


def flip_last_byte(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


BROKEN = {
    "altered weights": (
        lambda run: flip_last_byte(run / "weights.safetensors"),
        "bad/weights.safetensors was altered",
    ),
    "missing weights": (
        lambda run: (run / "weights.safetensors").unlink(),
        "bad has no weights.safetensors",
    ),
    "another class order": (
        lambda run: (run / "class_mapping.json").write_text('{"0": "B", "1": "A"}'),
        "class_mapping.json has another class order than model.json",
    ),
    "broken json": (
        lambda run: (run / "model.json").write_text("{"),
        "bad/model.json is not JSON",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("damage", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_verify_names_what_is_broken_and_goes_on(models, invoke, damage, sentence):
    shutil.copytree(models / "good", models / "bad")
    damage(models / "bad")
    result = invoke("models", "verify", "bad", "good")
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first.startswith(f"FAILED  bad: {sentence}")
    assert second.startswith("ok      good: ")


def test_verify_notices_an_altered_landmarker(models, invoke, tmp_path, monkeypatch):
    altered = tmp_path / "hand_landmarker.task"
    altered.write_bytes(b"altered")
    real = landmarker_model.landmarker_path
    monkeypatch.setattr("asl_core.hands.detector.landmarker_path", lambda: real(altered))
    result = invoke("models", "verify")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "FAILED  hand_landmarker.task: hand_landmarker.task was altered"
    )


@pytest.fixture
def motion_model(models):
    weights = {name: np.zeros((2, *shape), np.float32) for name, shape in SHAPES.items()}
    MotionModel(weights).save(models / "waves")
    return models / "waves"


def test_verify_checks_motion_models_too(motion_model, invoke):
    result = invoke("models", "verify")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "ok      waves: weights as expected, 2 networks"
    assert invoke("models", "verify", "waves").stdout.startswith("ok      waves: ")


def test_verify_notices_an_altered_motion_model(motion_model, invoke):
    flip_last_byte(motion_model / "weights.safetensors")
    for words in ((), ("waves",), (motion_model,)):
        result = invoke("models", "verify", *words)
        assert result.exit_code == 1
        assert "FAILED  waves: waves/weights.safetensors was altered" in result.stdout


def test_verify_of_an_unknown_run_is_one_sentence(models, invoke):
    result = invoke("models", "verify", "nobody")
    assert result.exit_code == 1
    assert result.stderr == "There is no run 'nobody'; known runs are: good.\n"


def test_build_landmarker_compares_the_digest(invoke, monkeypatch):
    monkeypatch.setattr(
        landmarker_model, "build_landmarker", lambda: landmarker_model.LANDMARKER_SHA256
    )
    assert "Built" in invoke("models", "build-landmarker").output
    monkeypatch.setattr(landmarker_model, "build_landmarker", lambda: "0" * 64)
    result = invoke("models", "build-landmarker")
    assert result.exit_code == 1
    assert "was built with SHA-256 0000" in result.stderr


def fake_hub(monkeypatch, answer):
    def download(repo_id, filename):
        if isinstance(answer, Exception):
            raise answer
        return str(answer / repo_id.replace("/", "-") / filename)

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(hf_hub_download=download))


def test_download_loads_the_published_checkpoint(tmp_path, monkeypatch, invoke):
    import torch

    from asl_core.letters.classifier import LetterClassifier

    published = tmp_path / "owner-asl" / "best_model.pth"
    published.parent.mkdir()
    network = LetterClassifier(26)
    torch.save({"model_state_dict": network.state_dict(), "val_acc": 99.6}, published)
    fake_hub(monkeypatch, tmp_path)
    result = invoke("models", "download", "owner/asl")
    assert result.exit_code == 0
    assert f"{published} loads: 26 classes." in result.flat
    assert f'--run "{published}"' in result.flat


def test_download_refuses_what_is_no_checkpoint(tmp_path, monkeypatch, invoke):
    (tmp_path / "owner-asl").mkdir()
    (tmp_path / "owner-asl" / "other.pth").write_text("hello")
    fake_hub(monkeypatch, tmp_path)
    result = invoke("models", "download", "owner/asl", "--file", "other.pth")
    assert result.exit_code == 1
    assert result.stderr.startswith("other.pth is not a checkpoint of plain tensors")


def test_a_failed_download_is_one_sentence(monkeypatch, invoke):
    fake_hub(monkeypatch, ConnectionError("no route to host.\nRequest ID: 7"))
    result = invoke("models", "download", "owner/asl")
    assert result.exit_code == 1
    assert result.stderr == (
        "best_model.pth of 'owner/asl' cannot be downloaded from the Hugging Face Hub: "
        "no route to host.\n"
    )


@pytest.mark.slow
def test_export_as_reference_takes_the_accuracy_from_the_history(models, invoke, tmp_path):
    import torch

    from asl_core.letters.checkpoint import Checkpoint

    append_row(models / "good" / "history.csv", EpochRow(1, 32, 1, 0.5, 1, 0.5, 0.001, 3))
    append_row(models / "good" / "history.csv", EpochRow(2, 32, 1, 0.5, 1, 0.875, 0.001, 3))
    output = tmp_path / "best_model.pth"
    result = invoke("export", "good", "--format", "reference", "--output", output)
    assert result.exit_code == 0, result.output
    assert "26 classes" in result.flat
    values = torch.load(output, weights_only=True)
    assert values["val_acc"] == pytest.approx(87.5)
    assert Checkpoint.load(output).classes == LETTERS


def test_export_as_onnx_calls_the_exporter(models, invoke, tmp_path, monkeypatch):
    def export_onnx(checkpoint, path):
        path.write_text(checkpoint.name)

    monkeypatch.setattr("asl_core.letters.export.export_onnx", export_onnx)
    output = tmp_path / "good.onnx"
    assert invoke("export", "good", "--format", "onnx", "-o", output).exit_code == 0
    assert output.read_text() == "good"


BAD_EXPORTS = {
    "a folder": (lambda tmp: ["good", "--format", "onnx", "--output", tmp], "is a folder"),
    "a missing parent": (
        lambda tmp: ["good", "--format", "onnx", "--output", tmp / "no" / "x.onnx"],
        "/no does not exist.",
    ),
    "no history": (
        lambda tmp: ["good", "--format", "reference", "--output", tmp / "x.pth"],
        "good has no history.csv",
    ),
    "no run": (
        lambda tmp: ["nobody", "--format", "onnx", "--output", tmp / "x"],
        "There is no run 'nobody'",
    ),
}


@pytest.mark.parametrize(("arguments", "sentence"), BAD_EXPORTS.values(), ids=BAD_EXPORTS.keys())
def test_a_failed_export_is_one_sentence(models, invoke, tmp_path, arguments, sentence):
    result = invoke("export", *arguments(tmp_path))
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("file", ["stream.safetensors", "order.safetensors"])
def test_verify_checks_the_model_of_natural_spelling(tmp_path, invoke, file):
    model = tmp_path / "fluent"
    shutil.copytree(SHIPPED_FLUENT_MODEL, model)
    assert invoke("models", "verify", model).stdout.startswith("ok      fluent: ")
    flip_last_byte(model / file)
    result = invoke("models", "verify", model)
    assert result.exit_code == 1
    assert f"FAILED  fluent: fluent/{file} was altered" in result.stdout
