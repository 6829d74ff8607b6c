"""The image networks that a run may have; `model.json` says which one."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from asl_core.errors import ModelFileError
from asl_core.letters.baseline_cnn import INPUT_SIZE as BASELINE_SIZE
from asl_core.letters.baseline_cnn import BaselineCnn
from asl_core.letters.classifier import LetterClassifier


@dataclass(frozen=True)
class Architecture:
    """An image network: how it is built for a number of classes, and what tells it from others.

    `head` names the weights with a row for each class. `input_size` is the side in pixels of the
    only input it takes, None where any size will do.
    """

    name: str
    build: Callable[[int], nn.Module]
    head: str
    input_size: int | None = None


RESNET18 = Architecture("resnet18_head", LetterClassifier, "model.fc.4.weight")
BASELINE_CNN = Architecture("baseline_cnn", BaselineCnn, "head.weight", BASELINE_SIZE)

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
    """Tell which architecture a network has."""
    return BASELINE_CNN if isinstance(network, BaselineCnn) else RESNET18
