from pathlib import Path

import pytest
import torch
from torchvision.models import ResNet18_Weights

from asl_core.errors import ModelFileError
from asl_core.letters.architectures import BaselineCnn
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LetterClassifier
from asl_core.letters.preprocessing import Preprocessing
from asl_core.training.starting_weights import load_start

pytestmark = pytest.mark.slow

CLASSES = ("A", "B", "C")


def test_scratch_changes_nothing() -> None:
    network = LetterClassifier(3)
    before = network.model.conv1.weight.clone()
    assert load_start(network, "scratch", CLASSES) == "random weights"
    assert torch.equal(network.model.conv1.weight, before)


def test_a_partial_file_fills_what_it_holds_but_never_the_head(tmp_path: Path) -> None:
    source = LetterClassifier(3).model.state_dict()
    kept = {k: v.half() for k, v in source.items() if k.startswith(("conv1", "bn1", "layer1"))}
    kept["fc.weight"] = torch.ones(1000, 512)
    torch.save(kept, tmp_path / "part.pth")
    network = LetterClassifier(3)
    layer4 = network.model.layer4[0].conv1.weight.clone()
    said = load_start(network, str(tmp_path / "part.pth"), CLASSES)
    assert said.endswith("from part.pth")
    assert torch.equal(network.model.conv1.weight, source["conv1.weight"].half().float())
    assert torch.equal(network.model.layer4[0].conv1.weight, layer4)


def test_imagenet_is_asked_of_torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = LetterClassifier(3).model.state_dict()
    monkeypatch.setattr(ResNet18_Weights, "get_state_dict", lambda self, **_: weights)
    network = LetterClassifier(3)
    load_start(network, "imagenet", CLASSES)
    assert torch.equal(network.model.layer4[1].conv2.weight, weights["layer4.1.conv2.weight"])


def test_a_failed_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object, **_: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(ResNet18_Weights, "get_state_dict", fail)
    with pytest.raises(ModelFileError, match=r"no route to host.*--start-from FILE"):
        load_start(LetterClassifier(3), "imagenet", CLASSES)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"not weights", "cannot be loaded"), (None, "cannot be loaded"), ({"a": 1}, "no weights")],
    ids=["garbage", "missing", "other keys"],
)
def test_an_unusable_file_is_refused(tmp_path: Path, content: object, said: str) -> None:
    path = tmp_path / "start.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        torch.save({"other": torch.ones(1)}, path)
    with pytest.raises(ModelFileError, match=said):
        load_start(LetterClassifier(3), str(path), CLASSES)


def _earlier(folder: Path) -> LetterClassifier:
    network = LetterClassifier(3)
    preprocessing = Preprocessing(input_size=16, crop_scale=1.4)
    Checkpoint("earlier", CLASSES, preprocessing, network).save(folder)
    return network


def _kept(value: torch.Tensor) -> torch.Tensor:
    return value.half().float() if value.is_floating_point() else value


def test_a_finished_run_gives_its_head_too(tmp_path: Path) -> None:
    source, network = _earlier(tmp_path / "earlier"), LetterClassifier(3)
    load_start(network, str(tmp_path / "earlier"), CLASSES)
    for name, value in source.state_dict().items():
        assert torch.equal(network.state_dict()[name], _kept(value))


def test_a_head_is_filled_by_name_and_never_by_place(tmp_path: Path) -> None:
    source, network = _earlier(tmp_path / "earlier"), LetterClassifier(4)
    before = network.state_dict()["model.fc.4.weight"].clone()
    said = load_start(network, str(tmp_path / "earlier"), ("C", "del", "A", "B"))
    assert said == "the weights of the run earlier, with 3 of 4 classes"
    own, old = network.state_dict(), source.state_dict()
    for place, earlier in ((0, 2), (2, 0), (3, 1)):
        for part in ("weight", "bias"):
            row = own[f"model.fc.4.{part}"][place]
            assert torch.equal(row, _kept(old[f"model.fc.4.{part}"][earlier]))
    assert torch.equal(own["model.fc.4.weight"][1], before[1])
    assert torch.equal(own["model.conv1.weight"], _kept(old["model.conv1.weight"]))


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        pytest.param("imagenet", "imagenet holds weights of a ResNet18", id="imagenet"),
        pytest.param("earlier", "earlier is a resnet18_head, not a baseline_cnn", id="run"),
    ],
)
def test_a_baseline_takes_no_weights_of_a_resnet(tmp_path: Path, start: str, sentence: str) -> None:
    _earlier(tmp_path / "earlier")
    place = start if start == "imagenet" else str(tmp_path / start)
    with pytest.raises(ModelFileError, match=sentence):
        load_start(BaselineCnn(3), place, CLASSES)
