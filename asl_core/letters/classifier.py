"""The networks that name a letter: a ResNet18 on the picture, a small one on the 21 points."""

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn
from torchvision.models import resnet18

from asl_core.errors import ModelFileError

HIDDEN_UNITS = 512

Network = TypeVar("Network", bound=nn.Module)


class PictureClassifier(nn.Module):
    """A network that names the letter of a picture in two steps.

    Input float32 `(B, 3, S, S)`, RGB, normalised; output logits float32 `(B, class_count)`.
    """

    def features_of(self, pictures: Tensor) -> Tensor:
        """Return what is known of each picture before a class is named, float32 `(B, F)`."""
        raise NotImplementedError

    def classify(self, features: Tensor) -> Tensor:
        """Return the logits `(B, class_count)` of such features."""
        raise NotImplementedError

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits `(B, class_count)` of normalised pictures `(B, 3, S, S)`."""
        return self.classify(self.features_of(pictures))


class LetterClassifier(PictureClassifier):
    """Torchvision ResNet18 with the head of the published reference recognizer.

    Input float32 `(B, 3, S, S)`, RGB, normalised; output logits float32 `(B, class_count)`. With
    26 classes it has 11,452,506 parameters. The names of its state dict (`model.conv1.weight` to
    `model.fc.4.bias`) are those of the reference checkpoint.
    """

    def __init__(self, class_count: int) -> None:
        super().__init__()
        self.model = resnet18(weights=None)
        self.model.fc = nn.Sequential(
            nn.Dropout(0.5),
            nn.Linear(self.model.fc.in_features, HIDDEN_UNITS),
            nn.ReLU(inplace=True),
            nn.Dropout(0.3),
            nn.Linear(HIDDEN_UNITS, class_count),
        )

    def features_of(self, pictures: Tensor) -> Tensor:
        """Return the averaged channels of the last stage, `(B, 512)`."""
        model = self.model
        maps = model.maxpool(model.relu(model.bn1(model.conv1(pictures))))
        maps = model.layer4(model.layer3(model.layer2(model.layer1(maps))))
        return torch.flatten(model.avgpool(maps), 1)

    def classify(self, features: Tensor) -> Tensor:
        """Return the logits `(B, class_count)` of features `(B, 512)`."""
        logits: Tensor = self.model.fc(features)
        return logits


class LandmarkClassifier(nn.Module):
    """A small network on the features of `letters/landmark_features.py`.

    Input float32 `(B, feature_count)`; output logits float32 `(B, class_count)`.
    """

    def __init__(self, feature_count: int, class_count: int, width: int = 384) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(feature_count, width),
            nn.BatchNorm1d(width),
            nn.ReLU(inplace=True),
            nn.Dropout(0.3),
            nn.Linear(width, width),
            nn.BatchNorm1d(width),
            nn.ReLU(inplace=True),
            nn.Dropout(0.3),
            nn.Linear(width, class_count),
        )

    def forward(self, measures: Tensor) -> Tensor:
        """Return the logits `(B, class_count)` of measures `(B, feature_count)`."""
        return self.classify(self.features_of(measures))

    def features_of(self, measures: Tensor) -> Tensor:
        """Return what the last layer reads the letter from, `(B, width)`."""
        features: Tensor = self.layers[:-1](measures)
        return features

    def classify(self, features: Tensor) -> Tensor:
        """Return the logits `(B, class_count)` of such features."""
        logits: Tensor = self.layers[-1](features)
        return logits


def without_weights(build: Callable[[], Network]) -> Network:
    """Build a network in eval mode whose weights must be loaded before it is used.

    Drawing random weights for a ResNet18 takes longer than loading it.
    """
    with torch.device("meta"):
        network = build()
    return network.to_empty(device="cpu").eval()


def parameter_count(network: nn.Module) -> int:
    """Count the trainable parameters of a network; running statistics are not parameters."""
    return sum(parameter.numel() for parameter in network.parameters())


def load_weights(network: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    """Copy `weights` into `network`, names and shapes checked.

    Raises:
        ModelFileError: a name is missing or too many, or a shape differs; `name` is the file's.
    """
    expected = network.state_dict()
    for key in expected:
        # Batch norm's counter is not used for inference; older checkpoints may lack it.
        if key not in weights and not key.endswith("num_batches_tracked"):
            raise ModelFileError(f"{name} lacks the weights {key!r}.")
    for key, value in weights.items():
        if key not in expected:
            raise ModelFileError(f"{name} holds unknown weights {key!r}.")
        if not isinstance(value, Tensor) or value.layout != torch.strided:
            raise ModelFileError(f"{name}: {key!r} is not a plain tensor.")
        if value.shape != expected[key].shape:
            raise ModelFileError(
                f"{name}: {key!r} has shape {tuple(value.shape)}, "
                f"expected {tuple(expected[key].shape)}."
            )
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise ModelFileError(f"{name}: {key!r} holds values that are not finite.")
    counters = {key: torch.zeros_like(expected[key]) for key in expected if key not in weights}
    network.load_state_dict({**counters, **weights})
