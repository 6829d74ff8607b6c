import json

import numpy as np
import pytest

from asl_core.errors import PhotoSetError, SettingsError
from asl_core.letters.motion.model import MotionModel
from asl_core.photos.motion_sequences import read_motion_sequences
from asl_core.training.motion.run import MotionTraining, StillHands, train_motion

pytestmark = pytest.mark.slow

SMALL = MotionTraining(streams=30, epochs=1, networks=2)


@pytest.fixture(scope="module")
def sequences(sequences_file):
    return read_motion_sequences(sequences_file, "train")


def test_a_run_leaves_a_model_and_how_it_was_made(tmp_path, sequences, signed_in_air):
    hands = StillHands(signed_in_air("I")[1][:5], ("I",) * 5, 2)
    told: list[str] = []
    model = train_motion(sequences, tmp_path / "motion", SMALL, hands, told.append)
    loaded = MotionModel.load(tmp_path / "motion")
    for name, weight in model.weights.items():
        np.testing.assert_array_equal(weight, loaded.weights[name])
    assert len(model.weights["output.bias"]) == 2
    assert len(told) == 4
    assert model.settings == loaded.settings
    assert (model.settings.ending_share, model.settings.j_decision) == (1.0, 0.4)
    record = json.loads((tmp_path / "motion" / "training.json").read_text())
    assert record["sequences"] == {"J": 2, "Z": 2, "other": 8}
    assert (record["photo_hands"], record["photo_signers"]) == (5, 2)
    assert record["training"] == {"streams": 30, "epochs": 1, "networks": 2, "seed": 0}
    assert record["left_out"] == []


def test_the_same_seed_gives_the_same_model(tmp_path, sequences):
    tiny = MotionTraining(streams=20, epochs=1)
    one, two = (train_motion(sequences, tmp_path / name, tiny) for name in "ab")
    for name, weight in one.weights.items():
        np.testing.assert_array_equal(weight, two.weights[name])


def test_without_a_stroke_there_is_nothing_to_learn(tmp_path, sequences):
    others = tuple(sequence for sequence in sequences if sequence.letter != "Z")
    with pytest.raises(PhotoSetError, match="no whole stroke of Z"):
        train_motion(others, tmp_path / "motion", SMALL)


@pytest.mark.parametrize("name, value", [("streams", 3), ("epochs", 0), ("networks", 99)])
def test_settings_out_of_range_are_refused(name, value):
    with pytest.raises(SettingsError, match=f"{name} is {value}"):
        MotionTraining(**{name: value})
