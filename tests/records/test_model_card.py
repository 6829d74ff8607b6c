"""The card and the README say what the files say."""

import shutil
from pathlib import Path

import pytest

from asl_core.errors import RunError
from asl_core.folders import MODELS_FOLDER
from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.json_file import read_json, write_json
from asl_core.records.model_card import (
    MODEL_CARD_FILE,
    epochs_told,
    figures_table,
    landmarks_told,
    model_card,
)
from asl_core.records.training_run import SHIPPED_RUN, TrainingRun

ROOT = Path(__file__).parents[2]
BINARY = ("*.safetensors", "*.onnx", "*.png")


@pytest.fixture(scope="module")
def shipped() -> TrainingRun:
    return TrainingRun(MODELS_FOLDER / SHIPPED_RUN)


def test_table_shows_what_was_measured(small_report: EvaluationReport) -> None:
    lines = figures_table(small_report).splitlines()
    assert lines[2] == "| 24 static letters, all photos | 3 | 33.3% | 33.3% |"
    assert lines[3] == "| J and Z as stills | 1 | 100.0% | 0.0% |"
    assert lines[4] == "| signer anna (static letters) | 3 | 33.3% | 33.3% |"


def test_shipped_card_is_the_one_that_its_files_give(shipped: TrainingRun) -> None:
    written = (shipped.folder / MODEL_CARD_FILE).read_text(encoding="utf-8")
    assert written == model_card(shipped), f"run: python -m asl_core models card {SHIPPED_RUN}"


def test_readme_shows_the_shipped_figures(shipped: TrainingRun) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert figures_table(shipped.evaluation("photos-test")) in readme


def test_shipped_model_reads_strangers(shipped: TrainingRun) -> None:
    """The bar of the first version: 91 % of the static letters of test signers."""
    report = shipped.evaluation("photos-test")
    assert report.split == "test"
    assert len(report.photos) == report.overall.photos
    assert report.static.accuracy >= 0.91


def test_a_card_tells_a_signer_that_was_learnt_from(
    tmp_path, small_report, robustness_report, scenes_report
) -> None:
    import dataclasses

    run = TrainingRun(tmp_path / "tutorial")
    write_json(
        run.folder / "model.json",
        {
            "architecture": "baseline_cnn",
            "classes": ["A", "B", "J"],
            "preprocessing": {"view": "whole", "input_size": 64, "crop_scale": 1.4}
            | {"mirrored_look": False},
            "calibration": {"temperature": 1.0, "landmark_share": 0.0, "rejection_threshold": 0.5},
            "weights": {"parameters": 686941, "dtype": "float16"},
            "landmark_weights": None,
        },
    )
    settings = {"preset": "tutorial", "epochs": 10, "stages": [[1, 64]], "photos_per_epoch": 0}
    write_json(
        run.folder / "config.json",
        {
            "division": "random-80-20",
            "photo_set": "own",
            "start": "scratch",
            "settings": settings,
            "photos": {"train": 80, "validation": 20},
            "signers": {"train": 1, "validation": 1},
        },
    )
    (run.folder / "history.csv").write_text("")
    for name in ("own", "photos"):
        report = dataclasses.replace(small_report, photo_set=name)
        report.save(run.folder / f"evaluations/{name}-test/report.json")
    card = model_card(run)
    assert "## Figures\n" in card
    assert "### own, split test, other pictures of the signer it was trained on" in card
    assert "### photos, split test\n" in card
    assert "the tutorial's CNN" in card
    assert "the whole picture, stretched to a square, 64 pixels" in card
    assert "80 photos of 1 signer, preset `tutorial`" in card
    assert "ImageNet" not in card
    assert "withstands" not in card
    robustness_report.save(run.folder / "evaluations/photos-test/robustness.json")
    scenes_report.save(run.folder / "evaluations/backgrounds-test/scenes.json")
    card = model_card(run)
    assert "What it withstands: 100 of the 200 photos of static letters" in card
    assert "| motion blur | 88.0% | 4.0% | **5.0 (0.1 to 9.7)** |" in card
    assert "### backgrounds, split test: nobody raises a hand" in card
    assert "| as photos | 200 | 1 | 2 (1.0%) | 1 (0.5%) |" in card
    assert "landmarks alone" not in card
    model = read_json(run.folder / "model.json")
    model["calibration"] |= {"landmark_temperature": 0.8, "landmarks_suffice": 0.94}
    write_json(run.folder / "model.json", model)
    assert "that the landmarks alone name with 0.94 (temperature 0.800)" in model_card(
        TrainingRun(run.folder)
    )


def test_a_landmark_network_that_was_trained_alone_is_told(tmp_path):
    write_json(tmp_path / "config.json", {})
    assert landmarks_told(TrainingRun(tmp_path)) == ""
    alone = {"photos": {"train": 31504}, "signers": {"train": 148}, "landmarks": "letters.npz"}
    write_json(tmp_path / "config.json", {"landmark_training": alone})
    assert landmarks_told(TrainingRun(tmp_path)) == (
        "; the landmark network anew on 31,504 photos of 148 signers and the hands of letters.npz"
    )


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"settings": {"epochs": {}}}, r"config\.json names no number of epochs, but \{\}"),
        ({"settings": 5}, r"config\.json names no number of epochs, but None"),
        ({}, r"config\.json names no number of epochs, but None"),
    ],
)
def test_settings_without_a_number_of_epochs_are_one_sentence(tmp_path, config, named):
    write_json(tmp_path / "config.json", config)
    with pytest.raises(RunError, match=named):
        epochs_told(TrainingRun(tmp_path))


@pytest.mark.parametrize("key", ["settings", "photos", "signers", "start"])
def test_a_card_of_broken_settings_is_refused_in_a_sentence(shipped, tmp_path, key):
    folder = tmp_path / "run"
    shutil.copytree(shipped.folder, folder, ignore=shutil.ignore_patterns(*BINARY))
    write_json(folder / "config.json", {**shipped.config, key: None} if key != "start" else {})
    with pytest.raises(RunError, match=r"run/config\.json"):
        model_card(TrainingRun(folder))
