"""Where a ResNet18 starts from: ImageNet by torchvision, a file, an earlier run, or scratch."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import ResNet18_Weights

from asl_core.errors import ModelFileError
from asl_core.letters.architectures import architecture_of
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LetterClassifier

SCRATCH = "scratch"
IMAGENET = "imagenet"


def load_start(network: nn.Module, start: str, classes: tuple[str, ...]) -> str:
    """Put starting weights into `network`.

    `start` is "imagenet" (downloaded by torchvision), "scratch", or the path of a state dict with
    torchvision's names, complete or in part; with these the head stays random, and only a ResNet18
    can take them. The folder of a finished run of the same architecture gives its head too: the
    rows of `classes` by their names, whatever their places; a class it does not know stays random.
    Gives a sentence about what was loaded.

    Raises:
        ModelFileError: the download or the file fails, or holds weights of another network.
    """
    if start == SCRATCH:
        return "random weights"
    path = Path(start)
    if path.is_dir():
        return _fill_from_run(network, path, classes)
    if not isinstance(network, LetterClassifier):
        raise ModelFileError(
            f"{start} holds weights of a ResNet18; begin a {architecture_of(network).name} with "
            f"--start-from {SCRATCH}."
        )
    if start == IMAGENET:
        try:
            weights = ResNet18_Weights.IMAGENET1K_V1.get_state_dict(progress=False, check_hash=True)
        except Exception as error:  # urllib, SSL and hash errors share no base class
            raise ModelFileError(
                f"torchvision cannot download the ImageNet weights ({error}); name a local file "
                f"with --start-from FILE, or begin with --start-from {SCRATCH}."
            ) from None
        return _fill(network, dict(weights), "torchvision's ImageNet weights")
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the unpickler raises many types on foreign bytes
        raise ModelFileError(f"{path} cannot be loaded as weights: {error}") from None
    return _fill(network, weights, path.name)


def _fill_from_run(network: nn.Module, folder: Path, classes: tuple[str, ...]) -> str:
    checkpoint = Checkpoint.load(folder)
    if checkpoint.architecture is not architecture_of(network):
        raise ModelFileError(
            f"{folder.name} is a {checkpoint.architecture.name}, not a "
            f"{architecture_of(network).name}."
        )
    earlier, own = checkpoint.network.state_dict(), network.state_dict()
    shared = [name for name in classes if name in checkpoint.classes]
    rows = [classes.index(name) for name in shared]
    known = [checkpoint.classes.index(name) for name in shared]
    head = checkpoint.architecture.head
    for key in (head, head.removesuffix("weight") + "bias"):
        fitted = own[key].clone()
        fitted[rows] = earlier[key][known]
        earlier[key] = fitted
    network.load_state_dict(earlier)
    return f"the weights of the run {folder.name}, with {len(shared)} of {len(classes)} classes"


def _fill(network: LetterClassifier, weights: dict[str, Tensor], name: str) -> str:
    own = network.model.state_dict()
    usable = {
        key: value.float() if value.is_floating_point() else value
        for key, value in weights.items()
        if key in own and own[key].shape == value.shape and not key.startswith("fc.")
    }
    if not usable:
        raise ModelFileError(f"{name} holds no weights of a ResNet18.")
    network.model.load_state_dict(usable, strict=False)
    body = [key for key in own if not key.startswith("fc.")]
    return f"{len(usable)} of {len(body)} tensors from {name}"


def freeze_stages(network: nn.Module, stages: int) -> list[nn.Module]:
    """Stop the training of a ResNet18's stem and first stages; return the frozen modules."""
    if not stages:
        return []
    names = ["conv1", "bn1", *(f"layer{number}" for number in range(1, stages + 1))]
    body = network.get_submodule("model")
    frozen = [body.get_submodule(name) for name in names]
    for module in frozen:
        module.requires_grad_(False)
    return frozen
