"""Where a ResNet18 starts from: ImageNet by torchvision, a file, an earlier run, or scratch."""

from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import ResNet18_Weights

from asl_core.errors import ModelFileError
from asl_core.letters.checkpoint import Checkpoint
from asl_core.letters.classifier import LetterClassifier

SCRATCH = "scratch"
IMAGENET = "imagenet"


def load_start(network: LetterClassifier, start: str) -> str:
    """Put starting weights into the ResNet18 of `network`.

    `start` is "imagenet" (downloaded by torchvision), "scratch", or the path of a state dict with
    torchvision's names, complete or in part; with these the head stays random. The folder of a
    finished run gives its head too, if it has as many classes. Gives a sentence about what was
    loaded.

    Raises:
        ModelFileError: the download or the file fails.
    """
    if start == SCRATCH:
        return "random weights"
    if start == IMAGENET:
        try:
            weights = ResNet18_Weights.IMAGENET1K_V1.get_state_dict(progress=False, check_hash=True)
        except Exception as error:  # urllib, SSL and hash errors share no base class
            raise ModelFileError(
                f"torchvision cannot download the ImageNet weights ({error}); name a local file "
                f"with --start-from FILE, or begin with --start-from {SCRATCH}."
            ) from None
        return _fill(network, dict(weights), "torchvision's ImageNet weights")
    path = Path(start)
    if path.is_dir():
        earlier = Checkpoint.load(path).network.state_dict()
        own = network.state_dict()
        usable = {key: value for key, value in earlier.items() if own[key].shape == value.shape}
        network.load_state_dict(usable, strict=False)
        return f"{len(usable)} of {len(own)} tensors from the run {path.name}"
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the unpickler raises many types on foreign bytes
        raise ModelFileError(f"{path} cannot be loaded as weights: {error}") from None
    return _fill(network, weights, path.name)


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
    """Stop the training of a ResNet18's stem and first stages; give the frozen modules."""
    if not stages:
        return []
    names = ["conv1", "bn1", *(f"layer{number}" for number in range(1, stages + 1))]
    body = network.get_submodule("model")
    frozen = [body.get_submodule(name) for name in names]
    for module in frozen:
        module.requires_grad_(False)
    return frozen
