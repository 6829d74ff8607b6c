"""Training on few made-up streams leaves a model, and goes on where it was interrupted."""

import json

import numpy as np
import pytest

from asl_core.errors import RunError, SettingsError
from asl_core.letters.classifier import LandmarkClassifier
from asl_core.letters.landmark_features import FEATURE_COUNT
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.spelling.fluent.model import FluentModel
from asl_core.training.fluent import learning, still_hands
from asl_core.training.fluent.learning import FluentTraining
from asl_core.training.fluent.material import lesson
from asl_core.training.fluent.network import shape_arrays
from asl_core.training.fluent.parts import Parts
from asl_core.training.fluent.poses import read_pose_book
from asl_core.training.fluent.run import FluentMaterial, train_fluent
from asl_core.training.motion.clips import gather_material

pytestmark = pytest.mark.slow

TINY = FluentTraining(steps=3, batch_size=4, uses=2, networks=2, shape_epochs=1)


@pytest.fixture(scope="module")
def material(letters_file, sequences_file):
    strokes = gather_material(read_motion_sequences(sequences_file, "train"))
    return FluentMaterial(read_pose_book(letters_file), strokes, ("HELLO", "JAZZ"))


def test_a_run_leaves_a_model_and_how_it_was_made(tmp_path, material):
    told: list[str] = []
    model = train_fluent(material, tmp_path / "fluent", TINY, tell=told.append)
    loaded = FluentModel.load(tmp_path / "fluent")
    assert len(model.stream["mean"]) == 2 and len(told) == 5
    for name, weight in model.stream.items():
        np.testing.assert_array_equal(weight, loaded.stream[name])
    record = json.loads((tmp_path / "fluent" / "training.json").read_text())
    assert (record["signers"], record["streams"]) == (2, 12)
    assert record["training"]["steps"] == 3 and record["parts"]["coarticulation"] is True


def test_what_was_done_is_not_done_again(tmp_path, material, monkeypatch):
    train_fluent(material, tmp_path, TINY)
    monkeypatch.setattr(learning, "_loss", None)
    monkeypatch.setattr(learning, "_keep", None)
    again = train_fluent(material, tmp_path, TINY)
    assert len(again.stream["mean"]) == 2


def test_the_seconds_of_all_parts_of_a_training_are_told(tmp_path, material):
    train_fluent(material, tmp_path, TINY)
    kept = [tmp_path / f"network-{number}.state" for number in (1, 2)]
    learned = sum(learning.learning_seconds(path) for path in kept)
    assert learned > 0
    train_fluent(material, tmp_path, TINY)
    assert json.loads((tmp_path / "training.json").read_text())["seconds"] >= round(learned, 1)
    assert learning.learning_seconds(tmp_path / "none.state") == 0


def test_a_training_takes_the_landmark_networks_of_another(tmp_path, material, monkeypatch):
    first = train_fluent(material, tmp_path / "all", TINY)
    monkeypatch.setattr(still_hands, "train_on_hands", None)
    parts = Parts().without("tilt")
    second = train_fluent(
        material, tmp_path / "tilt", TINY, parts=parts, shapes_folder=tmp_path / "all"
    )
    for name, weight in first.shape.items():
        np.testing.assert_array_equal(weight, second.shape[name])
    assert any((first.stream[name] != second.stream[name]).any() for name in first.stream)


def test_another_training_does_not_go_on_from_it(tmp_path, material):
    train_fluent(material, tmp_path, TINY)
    other = FluentTraining(steps=5, batch_size=4, uses=2, networks=2, shape_epochs=1)
    with pytest.raises(RunError, match="another training"):
        train_fluent(material, tmp_path, other)


def test_a_step_makes_the_loss_smaller(tmp_path, material):
    told: list[str] = []
    training = FluentTraining(steps=100, batch_size=4, uses=8, shape_epochs=1)
    train_fluent(material, tmp_path, training, tell=told.append)
    loss = float(told[-1].split("loss ")[1].split()[0])
    assert loss < np.log(27)


def test_ticks_of_a_lesson_show_the_letters_in_order(material):
    shape = shape_arrays(LandmarkClassifier(FEATURE_COUNT, 26).eval())
    stream = material.maker(np.random.default_rng(0)).spelled("JAZZ", 2.0, is_alone=True)
    found = lesson(stream, shape)
    changes = [c for i, c in enumerate(found.classes) if i == 0 or c != found.classes[i - 1]]
    shown = [int(c) for c in changes if c]
    assert shown == list(found.letters) == [10, 1, 26, 26]


@pytest.mark.parametrize("name, value", [("steps", 0), ("batch_size", 1), ("networks", 99)])
def test_settings_out_of_range_are_refused(name, value):
    with pytest.raises(SettingsError, match=f"{name} is {value}"):
        FluentTraining(**{name: value})
