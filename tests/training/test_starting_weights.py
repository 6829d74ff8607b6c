from pathlib import Path

import pytest
import torch

from asl_core.errors import ModelFileError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LetterClassifier
from asl_core.letters.preprocessing import Preprocessing
from asl_core.training import starting_weights
from asl_core.training.starting_weights import load_start


def test_scratch_changes_nothing() -> None:
    network = LetterClassifier(3)
    before = network.model.conv1.weight.clone()
    assert load_start(network, "scratch") == "random weights"
    assert torch.equal(network.model.conv1.weight, before)


def test_a_partial_file_fills_what_it_holds_but_never_the_head(tmp_path: Path) -> None:
    source = LetterClassifier(3).model.state_dict()
    kept = {k: v.half() for k, v in source.items() if k.startswith(("conv1", "bn1", "layer1"))}
    kept["fc.weight"] = torch.ones(1000, 512)
    torch.save(kept, tmp_path / "part.pth")
    network = LetterClassifier(3)
    layer4 = network.model.layer4[0].conv1.weight.clone()
    said = load_start(network, str(tmp_path / "part.pth"))
    assert said.endswith("from part.pth")
    assert torch.equal(network.model.conv1.weight, source["conv1.weight"].half().float())
    assert torch.equal(network.model.layer4[0].conv1.weight, layer4)


def test_imagenet_is_asked_of_torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = LetterClassifier(3).model.state_dict()
    monkeypatch.setattr(
        starting_weights.ResNet18_Weights, "get_state_dict", lambda self, **_: weights
    )
    network = LetterClassifier(3)
    load_start(network, "imagenet")
    assert torch.equal(network.model.layer4[1].conv2.weight, weights["layer4.1.conv2.weight"])


def test_a_failed_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object, **_: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(starting_weights.ResNet18_Weights, "get_state_dict", fail)
    with pytest.raises(ModelFileError, match=r"no route to host.*--start-from FILE"):
        load_start(LetterClassifier(3), "imagenet")


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
        load_start(LetterClassifier(3), str(path))


def test_a_finished_run_gives_its_head_too(tmp_path: Path) -> None:
    source = LetterClassifier(3)
    preprocessing = Preprocessing(input_size=16, crop_scale=1.4)
    Checkpoint("earlier", ("A", "B", "C"), preprocessing, source).save(tmp_path / "earlier")
    same, other = LetterClassifier(3), LetterClassifier(4)
    head = other.state_dict()
    assert load_start(same, str(tmp_path / "earlier")).endswith("from the run earlier")
    load_start(other, str(tmp_path / "earlier"))
    for name, value in source.state_dict().items():
        kept = value.half().float() if value.is_floating_point() else value
        assert torch.equal(same.state_dict()[name], kept)
        if head[name].shape != value.shape:
            assert torch.equal(other.state_dict()[name], head[name])
