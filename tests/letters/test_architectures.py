import numpy as np
import pytest
import torch

from asl_core.alphabet import KAGGLE_CLASSES
from asl_core.errors import ModelFileError
from asl_core.letters.architectures import BASELINE_CNN, RESNET18, BaselineCnn, architecture_of
from asl_core.letters.checkpoint import Checkpoint, export_reference
from asl_core.letters.classifier import parameter_count
from asl_core.letters.preprocessing import UNIT_MEAN, UNIT_STD, Preprocessing
from asl_core.letters.recognizer import HandView, LetterRecognizer
from asl_core.records.json_file import read_json, write_json

SHOWN = Preprocessing(input_size=64, mean=UNIT_MEAN, std=UNIT_STD, view="whole")


@pytest.fixture
def baseline() -> Checkpoint:
    torch.manual_seed(1)
    return Checkpoint("cnn", KAGGLE_CLASSES, SHOWN, BaselineCnn(29).eval())


def test_it_has_the_layers_of_the_tutorial() -> None:
    network = BaselineCnn(29)
    # (27 + 1) * 32 + (288 + 1) * 64 + (576 + 1) * 128 + (6 * 6 * 128 + 1) * 128 + 129 * 29
    assert parameter_count(network) == 896 + 18_496 + 73_856 + 589_952 + 3_741
    assert network(torch.zeros(2, 3, 64, 64)).shape == (2, 29)


def test_a_network_knows_its_architecture(random_network) -> None:
    assert architecture_of(BaselineCnn(3)) is BASELINE_CNN
    assert architecture_of(random_network) is RESNET18


def test_it_is_saved_and_loaded_by_its_name(baseline, tmp_path) -> None:
    baseline.save(tmp_path / "cnn")
    assert read_json(tmp_path / "cnn/model.json")["architecture"] == "baseline_cnn"
    loaded = Checkpoint.load(tmp_path / "cnn")
    assert loaded.architecture is BASELINE_CNN
    assert loaded.preprocessing == SHOWN
    assert sum(file.stat().st_size for file in (tmp_path / "cnn").iterdir()) < 2_000_000
    picture = np.full((64, 64, 3), 90, np.uint8)
    ours, theirs = (
        LetterRecognizer.of(c, "cpu").recognize([HandView(picture, None)])[0]
        for c in (baseline, loaded)
    )
    np.testing.assert_allclose(ours.probabilities, theirs.probabilities, atol=1e-3)
    assert ours.classes == KAGGLE_CLASSES


def test_it_sees_values_from_0_to_1(baseline) -> None:
    picture = np.full((1, 64, 64, 3), 51, np.uint8)
    shown = baseline.preprocessing.normalise(torch.from_numpy(picture))
    torch.testing.assert_close(shown, torch.full((1, 3, 64, 64), 0.2))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"architecture": "vgg16"}, "names the unknown architecture 'vgg16'", id="unknown"
        ),
        pytest.param({"architecture": ["x"]}, r"unknown architecture \['x'\]", id="no name"),
        pytest.param({"architecture": "resnet18_head"}, "lacks the weights", id="another"),
    ],
)
def test_another_architecture_in_the_file_is_noticed(baseline, tmp_path, changes, sentence) -> None:
    baseline.save(tmp_path / "cnn")
    file = tmp_path / "cnn/model.json"
    write_json(file, {**read_json(file), **changes})
    with pytest.raises(ModelFileError, match=sentence):
        Checkpoint.load(tmp_path / "cnn")


def test_another_input_size_is_refused(baseline, tmp_path) -> None:
    baseline.save(tmp_path / "cnn")
    file = tmp_path / "cnn/model.json"
    values = read_json(file)
    values["preprocessing"]["input_size"] = 96
    write_json(file, values)
    with pytest.raises(ModelFileError, match="an input_size of 96; baseline_cnn takes 64"):
        Checkpoint.load(tmp_path / "cnn")


def test_a_file_without_the_key_is_a_resnet(run_folder) -> None:
    values = read_json(run_folder / "model.json")
    del values["architecture"]
    write_json(run_folder / "model.json", values)
    assert Checkpoint.load(run_folder).architecture is RESNET18


def test_a_run_without_its_weights_says_so(run_folder) -> None:
    write_json(
        run_folder / "model.json", {**read_json(run_folder / "model.json"), "records_only": True}
    )
    with pytest.raises(ModelFileError, match="is here for its records alone"):
        Checkpoint.load(run_folder)


def test_the_reference_checkpoint_holds_no_other_network(baseline, tmp_path) -> None:
    with pytest.raises(ModelFileError, match="cnn has the architecture 'baseline_cnn'"):
        export_reference(baseline, tmp_path / "x.pth", 50.0)
