"""The image networks that a run may have; `model.json` says which one."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from asl_core.errors import ModelFileError
from asl_core.letters.classifier import LetterClassifier, PictureClassifier

BASELINE_CNN_SIZE = 64
"""Side in pixels of the pictures that the baseline CNN takes."""

HIDDEN_UNITS = 128

_CHANNELS = (3, 32, 64, 128)


class BaselineCnn(PictureClassifier):
    """Three times convolution 3x3, ReLU and pooling, then two dense layers.

    Input float32 `(B, 3, 64, 64)`, RGB in 0-1; output logits float32 `(B, class_count)`. The
    convolutions are unpadded, as Keras makes them by default, so the maps are 31, 14 and 6 pixels
    wide after each pooling. With 29 classes it has 686,941 parameters.
    """

    def __init__(self, class_count: int) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        side = BASELINE_CNN_SIZE
        for before, after in pairwise(_CHANNELS):
            blocks += [nn.Conv2d(before, after, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
            side = (side - 2) // 2
        self.features = nn.Sequential(*blocks)
        self.hidden = nn.Linear(_CHANNELS[-1] * side * side, HIDDEN_UNITS)
        self.head = nn.Linear(HIDDEN_UNITS, class_count)

    def features_of(self, pictures: Tensor) -> Tensor:
        """Return the hidden units, `(B, 128)`."""
        hidden: Tensor = self.hidden(self.features(pictures).flatten(1))
        return hidden.relu()

    def classify(self, features: Tensor) -> Tensor:
        """Return the logits `(B, class_count)` of hidden units."""
        logits: Tensor = self.head(features)
        return logits


@dataclass(frozen=True)
class Architecture:
    """An image network: its name in `model.json`, and how it is built for a number of classes.

    `head` names the weights with a row for each class. `input_size` is the side in pixels of the
    only input it takes, None where any size will do.
    """

    name: str
    build: Callable[[int], PictureClassifier]
    head: str
    input_size: int | None = None


RESNET18 = Architecture("resnet18_head", LetterClassifier, "model.fc.4.weight")
BASELINE_CNN = Architecture("baseline_cnn", BaselineCnn, "head.weight", BASELINE_CNN_SIZE)

ARCHITECTURES: dict[str, Architecture] = {a.name: a for a in (RESNET18, BASELINE_CNN)}


def architecture_named(name: object, where: str) -> Architecture:
    """Find an architecture by the name that the file `where` gives it.

    Raises:
        ModelFileError: there is none of that name.
    """
    if not isinstance(name, str) or name not in ARCHITECTURES:
        raise ModelFileError(f"{where} names the unknown architecture {name!r}.")
    return ARCHITECTURES[name]


def architecture_of(network: nn.Module) -> Architecture:
    """Return the architecture of a network."""
    return BASELINE_CNN if isinstance(network, BaselineCnn) else RESNET18
