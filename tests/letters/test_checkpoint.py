import json
import pickle
import shutil

import pytest
import torch
from safetensors.torch import save_file

from asl_core.alphabet import LETTERS
from asl_core.errors import ModelFileError
from asl_core.letters.checkpoint import Checkpoint, export_reference
from asl_core.letters.classifier import LetterClassifier
from asl_core.letters.model_file import Calibration
from asl_core.letters.preprocessing import Preprocessing


def edit(folder, change):
    path = folder / "model.json"
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def test_round_trip_keeps_everything(random_checkpoint, run_folder):
    loaded = Checkpoint.load(run_folder)
    assert loaded.name == "my-run"
    assert loaded.classes == random_checkpoint.classes == LETTERS[::-1]
    assert loaded.preprocessing == random_checkpoint.preprocessing
    assert loaded.calibration == random_checkpoint.calibration
    for saved, back in (
        (random_checkpoint.network, loaded.network),
        (random_checkpoint.landmark_network, loaded.landmark_network),
    ):
        weights = back.state_dict()
        for key, value in saved.state_dict().items():
            assert weights[key].dtype == value.dtype
            assert torch.allclose(weights[key], value, rtol=1e-3, atol=1e-6), key


def test_weights_are_float16_and_the_file_is_under_25_mb(run_folder):
    values = json.loads((run_folder / "model.json").read_text())
    assert values["schema_version"] == 1
    assert values["weights"]["dtype"] == "float16"
    assert values["weights"]["parameters"] == 11_452_506
    size = (run_folder / "weights.safetensors").stat().st_size
    assert 22.9e6 < size < 25e6


def test_a_run_without_landmark_network_loads(tmp_path, random_network):
    Checkpoint("x", LETTERS, Preprocessing(), random_network).save(tmp_path / "x")
    loaded = Checkpoint.load(tmp_path / "x")
    assert loaded.landmark_network is None
    assert loaded.calibration == Calibration()
    assert sorted(p.name for p in (tmp_path / "x").iterdir()) == [
        "model.json",
        "weights.safetensors",
    ]


@pytest.mark.parametrize("file", ["weights.safetensors", "landmarks.safetensors"])
@pytest.mark.parametrize("place", [20, -1], ids=["in the header", "in the last weight"])
def test_one_altered_byte_is_noticed(run_folder, file, place):
    content = bytearray((run_folder / file).read_bytes())
    content[place] ^= 1
    (run_folder / file).write_bytes(content)
    with pytest.raises(ModelFileError, match=f"my-run/{file} was altered"):
        Checkpoint.load(run_folder)


@pytest.mark.parametrize("file", ["model.json", "weights.safetensors", "landmarks.safetensors"])
def test_a_missing_file_is_named(run_folder, file):
    (run_folder / file).unlink()
    with pytest.raises(ModelFileError, match=f"my-run has no {file}"):
        Checkpoint.load(run_folder)


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ModelFileError, match=r"nowhere does not exist\."):
        Checkpoint.load(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"a": NaN}', "\udcff"])
def test_a_broken_json_is_one_sentence(run_folder, text):
    (run_folder / "model.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelFileError, match=r"my-run/model\.json (is not JSON|holds no JSON)"):
        Checkpoint.load(run_folder)


def put(*keys_and_value):
    *keys, last, value = keys_and_value

    def change(values):
        for key in keys:
            values = values[key]
        values[last] = value

    return change


BROKEN = {
    "newer schema": (put("schema_version", 2), r"has schema 2, expected 1"),
    "no schema": (lambda v: v.pop("schema_version"), "has schema None"),
    "other architecture": (put("architecture", "vit"), "unknown architecture 'vit'"),
    "no classes": (lambda v: v.pop("classes"), "is incomplete: 'classes'"),
    "no preprocessing": (lambda v: v.pop("preprocessing"), "is incomplete: 'preprocessing'"),
    "no calibration": (lambda v: v.pop("calibration"), "is incomplete: 'calibration'"),
    "no weights": (lambda v: v.pop("weights"), "is incomplete: 'weights'"),
    "empty weights": (put("weights", None), "names no weights with SHA-256"),
    "weights without digest": (
        lambda v: v["weights"].pop("sha256"),
        "names no weights with SHA-256",
    ),
    "one class": (put("classes", ["A"]), "two or more different class names"),
    "a class twice": (put("classes", [*LETTERS[:25], "A"]), "two or more different class names"),
    "classes are a text": (put("classes", "ABC"), "two or more different class names"),
    "classes are numbers": (put("classes", list(range(26))), "two or more different class names"),
    "29 classes for 26 outputs": (
        put("classes", [*LETTERS, "del", "nothing", "space"]),
        r"weights\.safetensors has 26 outputs for the 29 classes of model\.json",
    ),
    "temperature": (put("calibration", "temperature", 0), "temperature is 0"),
    "landmark share": (put("calibration", "landmark_share", 1.5), "landmark_share is 1.5"),
    "rejection": (put("calibration", "rejection_threshold", -1), "rejection_threshold is -1"),
    "calibration is text": (put("calibration", "temperature", "hot"), "is incomplete"),
    "unknown calibration": (put("calibration", "bias", 1), "is incomplete"),
    "input size": (put("preprocessing", "input_size", 7), "input_size is 7"),
    "a path upwards": (put("weights", "file", "../secret"), "outside of its folder: ../secret"),
    "an absolute path": (put("weights", "file", "/etc/passwd"), "outside of its folder"),
    "the folder above": (put("weights", "file", ".."), r"has no \.\."),
}


@pytest.mark.parametrize(("change", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_model_json_is_one_sentence(run_folder, change, sentence):
    edit(run_folder, change)
    with pytest.raises(ModelFileError, match=sentence) as caught:
        Checkpoint.load(run_folder)
    assert "\n" not in str(caught.value)


def test_weights_of_another_format_are_refused_even_with_their_digest(run_folder):
    import hashlib

    content = pickle.dumps({"model.conv1.weight": [1, 2, 3]})
    (run_folder / "weights.safetensors").write_bytes(content)
    edit(run_folder, put("weights", "sha256", hashlib.sha256(content).hexdigest()))
    with pytest.raises(ModelFileError, match="is not a safetensors file"):
        Checkpoint.load(run_folder)


def test_an_interrupted_save_leaves_no_model(tmp_path, random_checkpoint, monkeypatch):
    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr("asl_core.letters.checkpoint.write_json", fail)
    with pytest.raises(OSError, match="disk full"):
        random_checkpoint.save(tmp_path / "half")
    assert not (tmp_path / "half" / "model.json").exists()


def save_reference(path, weights, **more):
    torch.save({"model_state_dict": weights, "val_acc": 99.6, **more}, path)


def test_a_published_checkpoint_loads_as_it_is(tmp_path, random_network):
    path = tmp_path / "best_model.pth"
    weights = random_network.state_dict()
    save_reference(path, weights, epoch=17, optimizer_state_dict={"state": {}, "param_groups": []})
    loaded = Checkpoint.load(path)
    assert loaded.name == "best_model"
    assert loaded.classes == LETTERS
    assert loaded.preprocessing == Preprocessing(input_size=224)
    assert all(torch.equal(loaded.network.state_dict()[k], v) for k, v in weights.items())


def test_a_reference_checkpoint_of_29_named_classes_loads_in_its_own_order(tmp_path):
    names = ["space", *LETTERS[::-1], "nothing", "del"]
    path = tmp_path / "29.pth"
    save_reference(path, LetterClassifier(29).state_dict(), class_names=names)
    assert Checkpoint.load(path).classes == tuple(names)


def test_export_as_reference_and_back(tmp_path, random_checkpoint):
    path = tmp_path / "ours.pth"
    export_reference(random_checkpoint, path, 93.25)
    values = torch.load(path, weights_only=True)
    assert values["val_acc"] == 93.25
    assert list(values["model_state_dict"]) == list(random_checkpoint.network.state_dict())
    loaded = Checkpoint.load(path)
    assert loaded.classes == random_checkpoint.classes
    assert loaded.preprocessing == random_checkpoint.preprocessing
    for key, value in random_checkpoint.network.state_dict().items():
        assert torch.equal(loaded.network.state_dict()[key], value)
    assert list(tmp_path.iterdir()) == [path]


class Bomb:
    """Would create a file if it were unpickled."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (shutil.copy, (__file__, str(self.target)))


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("protocol", [2, 4], ids=["torch's zip", "a bare pickle"])
def test_a_pickled_class_is_refused_and_never_run(tmp_path, protocol):
    trace = tmp_path / "executed"
    path = tmp_path / "evil.pth"
    content = {"model_state_dict": {"model.fc.4.weight": Bomb(trace)}}
    if protocol == 2:
        torch.save(content, path)
    else:
        path.write_bytes(pickle.dumps(content, protocol))
    with pytest.raises(ModelFileError, match=r"evil\.pth is not a checkpoint of plain tensors"):
        Checkpoint.load(path)
    assert not trace.exists()


def test_the_bomb_of_that_test_does_go_off(tmp_path):
    trace = tmp_path / "executed"
    pickle.loads(pickle.dumps(Bomb(trace)))
    assert trace.exists()


NO_REFERENCE = {
    "a list": [1, 2, 3],
    "no state dict": {"val_acc": 99.0},
    "state dict is a list": {"model_state_dict": [1]},
    "another network": {"model_state_dict": {"fc.weight": torch.zeros(26, 512)}},
    "head is text": {"model_state_dict": {"model.fc.4.weight": "A" * 26}},
    "head is a number": {"model_state_dict": {"model.fc.4.weight": torch.tensor(1.0)}},
}


@pytest.mark.parametrize("content", NO_REFERENCE.values(), ids=NO_REFERENCE.keys())
def test_other_pth_files_are_refused(tmp_path, content):
    path = tmp_path / "other.pth"
    torch.save(content, path)
    with pytest.raises(ModelFileError, match=r"other\.pth holds no 'model_state_dict' with"):
        Checkpoint.load(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, content):
    path = tmp_path / "x.pth"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"x\.pth is not a checkpoint of plain tensors"):
        Checkpoint.load(path)


def test_a_safetensors_file_alone_is_no_checkpoint(tmp_path):
    save_file({"model.fc.4.weight": torch.zeros(26, 512)}, tmp_path / "w.safetensors")
    with pytest.raises(ModelFileError, match="holds no 'model_state_dict'"):
        Checkpoint.load(tmp_path / "w.safetensors")


def with_head(random_network, count):
    weights = dict(random_network.state_dict())
    weights["model.fc.4.weight"] = torch.zeros(count, 512)
    weights["model.fc.4.bias"] = torch.zeros(count)
    return weights


def test_another_class_count_without_names_is_refused(tmp_path, random_network):
    path = tmp_path / "30.pth"
    save_reference(path, with_head(random_network, 30))
    with pytest.raises(ModelFileError, match="has 30 outputs and names no classes"):
        Checkpoint.load(path)


def test_names_for_another_class_count_are_refused(tmp_path, random_network):
    path = tmp_path / "30.pth"
    save_reference(path, with_head(random_network, 30), class_names=list(LETTERS))
    with pytest.raises(ModelFileError, match="names 26 classes for 30 outputs"):
        Checkpoint.load(path)
