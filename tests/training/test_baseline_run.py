"""The tutorial's way from a Kaggle tree to a run that reads whole pictures."""

from dataclasses import replace

import numpy as np
import pytest
from lightning_fabric import Fabric
from PIL import Image

from asl_core.frame_pipeline import FramePipeline
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.photos.photo_set import read_photo_set
from asl_core.records.json_file import read_json
from asl_core.records.training_run import TrainingRun
from asl_core.training.presets import TUTORIAL
from asl_core.training.run import TrainingPlan, train_run

pytestmark = pytest.mark.slow

SHADES = {"K": 0, "A": 120, "Y": 240}


class Watcher:
    def __init__(self):
        self.crops = []

    def on_crop(self, split, done, total):
        self.crops.append((split, done, total))

    def on_batch(self, *_):
        """Nobody watches."""

    def on_epoch(self, row):
        """Nobody watches."""


class NoDetector:
    def detect(self, frame, timestamp_ms=0):
        raise AssertionError("a hand was sought")

    def close(self):
        """Nothing to free."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of a few steps on three classes that differ in brightness."""
    root = tmp_path_factory.mktemp("tree")
    random = np.random.default_rng(1)
    for label, shade in SHADES.items():
        (root / "asl_alphabet_train" / label).mkdir(parents=True)
        for number in range(10):
            pixels = random.integers(shade, shade + 15, (30, 50, 3), np.uint8)
            Image.fromarray(pixels).save(root / "asl_alphabet_train" / label / f"{number}.png")
    settings, watcher = replace(TUTORIAL, epochs=16, batch_size=6), Watcher()
    folder = root / "runs" / "tiny"
    plan = TrainingPlan(read_photo_set(root), settings, folder, "scratch", root / "kept")
    train_run(plan, Fabric(accelerator="cpu"), watcher)
    assert watcher.crops[-1] == ("validation", 6, 6)
    assert len(watcher.crops) == 30, "each photo is prepared once"
    return TrainingRun(folder)


def test_the_run_tells_what_it_is(trained):
    assert trained.can_read
    assert trained.reads_whole_pictures
    assert trained.division == "random-80-20"
    assert len(trained.classes) == 29
    assert trained.model["architecture"] == "baseline_cnn"
    assert trained.config["photos"] == {"train": 24, "validation": 6}
    assert [row.input_size for row in trained.history] == [64] * 16
    assert {row.learning_rate for row in trained.history} == {1e-3}
    assert read_json(trained.folder / "class_mapping.json")["27"] == "nothing"


@pytest.mark.parametrize("label", SHADES)
def test_its_classes_are_those_of_the_folders(trained, label):
    recognizer = LetterRecognizer.load(trained.folder, device="cpu")
    frame = np.full((90, 160, 3), SHADES[label] + 7, np.uint8)
    reading = FramePipeline(NoDetector(), recognizer).read(frame)
    assert reading.prediction.best.label == label
    assert reading.is_whole_frame
