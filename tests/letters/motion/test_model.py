import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from asl_core.errors import ModelFileError
from asl_core.letters.motion.features import FEATURE_COUNT, MOMENT_COUNT, STEPS
from asl_core.letters.motion.model import CLASSES, SHAPES, MotionModel, MotionSettings


def random_model(networks=2, seed=0):
    random = np.random.default_rng(seed)
    weights = {
        name: random.normal(0, 0.1, (networks, *shape)).astype(np.float16).astype(np.float32)
        for name, shape in SHAPES.items()
    }
    weights["deviation"] = np.ones_like(weights["deviation"])
    return MotionModel(weights, MotionSettings(j_decision=0.61, window_seconds=(0.5, 1.25)))


@pytest.fixture
def folder(tmp_path):
    random_model().save(tmp_path / "motion")
    return tmp_path / "motion"


def edit(folder, **changes):
    path = folder / "motion.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def windows(count=3):
    random = np.random.default_rng(1)
    moments = random.normal(0, 100, (count, STEPS, MOMENT_COUNT)).astype(np.float32)
    return moments, np.array([0.6, 1.0, 1.6], np.float32)[:count]


def test_probabilities_sum_to_one_for_each_window():
    shares = random_model().probabilities(*windows())
    assert shares.shape == (3, len(CLASSES))
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)


def test_the_bias_of_the_last_layer_decides_without_weights():
    weights = {name: np.zeros((1, *shape), np.float32) for name, shape in SHAPES.items()}
    weights["deviation"] += 1
    weights["output.bias"][0] = np.log([0.1, 0.2, 0.4, 0.2, 0.1])
    shares = MotionModel(weights).probabilities(*windows(1))
    np.testing.assert_allclose(shares[0], [0.1, 0.2, 0.4, 0.2, 0.1], rtol=1e-5)


def test_the_same_answer_as_torch():
    torch = pytest.importorskip("torch")
    from asl_core.letters.motion.features import window_features
    from asl_core.training.motion.run import MotionNetwork, as_arrays

    torch.manual_seed(0)
    network = MotionNetwork().eval()
    plain = {"mean": np.zeros(FEATURE_COUNT), "deviation": np.ones(FEATURE_COUNT)}
    arrays = {
        name: value[None].astype(np.float32) for name, value in (plain | as_arrays(network)).items()
    }
    moments, seconds = windows()
    with torch.no_grad():
        logits = network(torch.from_numpy(window_features(moments, seconds)))
    expected = torch.softmax(logits, dim=1).numpy()
    found = MotionModel(arrays).probabilities(moments, seconds)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_saved_model_is_the_same(folder):
    loaded, model = MotionModel.load(folder), random_model()
    assert loaded.settings == model.settings
    np.testing.assert_array_equal(loaded.probabilities(*windows()), model.probabilities(*windows()))


def test_a_file_from_before_the_ending_rule_loads_with_the_rule_switched_off(folder):
    settings = json.loads((folder / "motion.json").read_text())["settings"]
    del settings["ending_share"], settings["least_done"]
    edit(folder, settings=settings)
    assert MotionModel.load(folder).settings.ending_share == 0


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"schema_version": 9}, "schema_version 9, expected 1"),
        ({"architecture": "lstm"}, "architecture 'lstm'"),
        ({"classes": ["J", "Z"]}, "classes"),
        ({"steps": 7}, "steps 7"),
        ({"settings": None}, "wrong settings"),
        ({"settings": {"z_decision": 1.5}}, "z_decision is 1.5"),
        ({"settings": {"window_seconds": [9.0]}}, "window_seconds is"),
        ({"settings": {"ending_share": -0.1}}, "ending_share is -0.1, allowed are 0 to 1"),
        ({"settings": {"least_done": 2.0}}, "least_done is 2.0, allowed are 0 to 1"),
        ({"settings": {"speed": 1}}, "speed is not known"),
        ({"weights": {"file": "weights.safetensors"}}, "SHA-256"),
        ({"weights": {"file": "../x", "sha256": ""}}, "outside of its folder"),
        ({"weights": {"file": "gone.safetensors", "sha256": ""}}, "has no gone.safetensors"),
    ],
)
def test_a_wrong_description_is_refused(folder, changes, sentence):
    edit(folder, **changes)
    with pytest.raises(ModelFileError, match=r"motion") as caught:
        MotionModel.load(folder)
    assert sentence in str(caught.value)


def test_altered_weights_are_refused(folder):
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="was altered"):
        MotionModel.load(folder)


def test_a_file_that_is_no_safetensors_is_refused(folder):
    content = b"not weights"
    (folder / "weights.safetensors").write_bytes(content)
    edit(
        folder,
        weights={
            "file": "weights.safetensors",
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    )
    with pytest.raises(ModelFileError, match="is not a safetensors file"):
        MotionModel.load(folder)


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("output.bias", np.zeros((2, 4)), "has shape (2, 4), expected (2, 5)"),
        ("output.bias", np.full((2, 5), np.nan), "not finite"),
        ("extra", np.zeros((2, 1)), "'extra'"),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path, name, value, sentence):
    model = random_model()
    wrong = replace(model, weights=model.weights | {name: value.astype(np.float32)})
    wrong.save(tmp_path / "motion")
    with pytest.raises(ModelFileError) as caught:
        MotionModel.load(tmp_path / "motion")
    assert sentence in str(caught.value)


def test_a_missing_folder_is_a_sentence(tmp_path):
    with pytest.raises(ModelFileError, match=r"nowhere has no motion\.json"):
        MotionModel.load(tmp_path / "nowhere")
